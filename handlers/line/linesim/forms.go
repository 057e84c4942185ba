package linesim

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The forms a text may have to keep, and the rules most properties share.

func words(w ...string) rule { return rule{kind: text, oneOf: w} }

func needs(r rule) rule {
	r.needed = true
	return r
}

func flag01() rule { return rule{kind: boolean} }

func nested(check func(v *visit, at *path, n *node)) rule { return rule{kind: object, check: check} }

func formed(valid func(string) bool) rule { return rule{kind: text, valid: valid} }

// media is the URL of an image, video or sound: https, at most 2,000 characters, percent-encoded.
func media() rule { return rule{kind: text, max: 2000, valid: isHTTPS} }

// between is a whole number within bounds.
func between(low, high float64) rule {
	return rule{kind: number, check: func(v *visit, at *path, n *node) {
		if !n.whole() || n.num() < low || n.num() > high {
			v.malformed(at)
		}
	}}
}

// degrees is a coordinate.
func degrees(bound float64) rule {
	return rule{kind: number, check: func(v *visit, at *path, n *node) {
		if n.num() < -bound || n.num() > bound {
			v.malformed(at)
		}
	}}
}

func isHTTPS(s string) bool {
	u, err := url.Parse(s)
	return err == nil && isEncoded(s) && u.Scheme == "https" && u.Host != ""
}

// isLink accepts what a URI action may open.
// https://developers.line.biz/en/reference/messaging-api/#uri-action
func isLink(s string) bool {
	u, err := url.Parse(s)
	if err != nil || !isEncoded(s) {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "line", "tel":
		return true
	}
	return false
}

// isEncoded tells whether a URL is percent-encoded.
// https://developers.line.biz/en/reference/messaging-api/#url-encoding
func isEncoded(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7F || strings.IndexByte(`"<>\^{|}`+"`", c) >= 0 {
			return false
		}
	}
	return true
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// isName accepts half-width letters, digits and the underscore.
func isName(s string) bool {
	for _, c := range []byte(s) {
		if c != '_' && !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
			return false
		}
	}
	return s != ""
}

// isColor accepts #RRGGBB and #RRGGBBAA.
func isColor(s string) bool {
	if len(s) != 7 && len(s) != 9 || s[0] != '#' {
		return false
	}
	for _, c := range []byte(s[1:]) {
		if !isHex(c) {
			return false
		}
	}
	return true
}

func isRGB(s string) bool { return len(s) == 7 && isColor(s) }

// hasUnit tells whether s is a number, not negative unless allowed, before the unit.
func hasUnit(s, unit string, negative bool) bool {
	head, ok := strings.CutSuffix(s, unit)
	if !ok || strings.HasPrefix(head, "+") {
		return false
	}
	f, err := strconv.ParseFloat(head, 64)
	return err == nil && (negative || f >= 0)
}

// isRatio accepts an aspect ratio such as 20:13 or 1.91:1.
// https://developers.line.biz/en/reference/messaging-api/#f-image
func isRatio(s string) bool {
	left, right, ok := strings.Cut(s, ":")
	w, err1 := strconv.ParseFloat(left, 64)
	h, err2 := strconv.ParseFloat(right, 64)
	return ok && err1 == nil && err2 == nil && w >= 1 && h >= 1 && w <= 100_000 && h <= 100_000 && h <= 3*w
}

// moment reads the initial, max and min of a datetime picker.
// https://developers.line.biz/en/reference/messaging-api/#date-and-time-format
func moment(mode, s string) (time.Time, bool) {
	layout := map[string]string{"date": "2006-01-02", "time": "15:04", "datetime": "2006-01-02T15:04"}[mode]
	t, err := time.Parse(layout, strings.Replace(s, "t", "T", 1))
	if err != nil || layout == "" || len(s) != len(layout) {
		return t, false
	}
	return t, mode == "time" || t.Year() >= 1900 && t.Year() <= 2100
}

// hasUnitOver tells whether a number reaches the bound.
func hasUnitOver(s string, bound float64) bool {
	f, err := strconv.ParseFloat(s, 64)
	return err == nil && f >= bound
}
