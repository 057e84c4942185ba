package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/rivo/uniseg"

	"tsunagi/bot/calendar"
	"tsunagi/bot/form"
)

// value is what a scalar of the profile must be: in words, as a judgement, and, where there are few, the right ones.
type value struct {
	words string
	ok    func(string) bool
	names []string
}

// valueOf reads the tag is of a key: the kind of value and its arguments.
func valueOf(is string) value {
	kind, args, _ := strings.Cut(is, " ")
	switch kind {
	case "line":
		n, _ := strconv.Atoi(args)
		return value{fmt.Sprintf("one line of 1 to %d characters", n), func(s string) bool { return fits(s, n) && oneLine(s) }, nil}
	case "text":
		n, _ := strconv.Atoi(args)
		return value{fmt.Sprintf("text of 1 to %d characters", n), func(s string) bool { return fits(s, n) }, nil}
	case "one":
		return oneOf(strings.Fields(args))
	case "kind":
		return oneOf(kinds())
	}
	return valueOfForm(kind)
}

// valueOfForm has the values that are known by their form.
func valueOfForm(kind string) value {
	switch kind {
	case "id":
		return value{"an id of 1 to 32 letters a-z, digits and _, beginning with a letter", matches(`^[a-z][a-z0-9_]{0,31}$`), nil}
	case "channel":
		return value{"the id of a Slack channel, like C0123ABCD", matches(`^[CG][A-Z0-9]+$`), nil}
	case "user":
		return value{"the id of a Slack user, like U0123ABCD", matches(`^[UW][A-Z0-9]+$`), nil}
	case "clock":
		return value{"a time of day like \"09:00\"", parses(calendar.ParseTimeOfDay), nil}
	case "burst":
		return value{"a time of 0s to 60s, like 4s", burst, nil}
	case "days":
		return value{"a day or a span like 12-29..01-03, with years for once only", parses(calendar.ParseRange), nil}
	case "timezone":
		return value{"a time zone like Asia/Tokyo", timezone, []string{"Asia/Tokyo"}}
	case "receipt":
		return value{"a pattern of letters, digits and - with {fy} and {seq} or {seq:4}, like K{fy}-{seq:4}", receipt, nil}
	case "phone":
		return value{"a telephone number like 06-0000-0000", matches(`^\+?[0-9][0-9()-]{5,20}$`), nil}
	case "url":
		return value{"a web address like https://www.example.jp/", func(s string) bool { return urlWrong(s) == "" }, nil}
	}
	return value{}
}

func oneOf(names []string) value {
	return value{"one of " + strings.Join(names, ", "), func(s string) bool { return slices.Contains(names, s) }, names}
}

func matches(pattern string) func(string) bool { return regexp.MustCompile(pattern).MatchString }

func parses[T any](parse func(string) (T, error)) func(string) bool {
	return func(s string) bool { _, err := parse(s); return err == nil }
}

// fits counts characters as people do, in grapheme clusters; LINE counts the labels of buttons so.
// https://developers.line.biz/en/docs/messaging-api/text-character-count/
func fits(s string, most int) bool {
	n := uniseg.GraphemeClusterCount(s)
	return strings.TrimSpace(s) != "" && n <= most && !strings.ContainsFunc(s, invisible)
}

func invisible(r rune) bool { return unicode.IsControl(r) && r != '\n' }

func oneLine(s string) bool { return !strings.Contains(s, "\n") }

// timezone refuses Local, which is another zone on every machine.
func timezone(s string) bool {
	_, err := zone(s)
	return err == nil && s != "" && s != "Local"
}

// burst takes whole seconds and parts of one; more than a minute would join what somebody has thought about.
func burst(s string) bool {
	d, err := time.ParseDuration(s)
	return err == nil && d >= 0 && d <= time.Minute
}

// receipt needs {fy} too, since the running number begins anew each fiscal year and no two proposals share a number.
func receipt(s string) bool {
	return matches(`^[A-Za-z0-9-]*\{fy\}[A-Za-z0-9-]*\{seq(:[1-9])?\}[A-Za-z0-9-]*$`)(s) && len(s) <= 24
}

func kinds() []string {
	var names []string
	for _, k := range form.Kinds() {
		names = append(names, string(k))
	}
	return names
}
