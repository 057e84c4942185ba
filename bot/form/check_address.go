package form

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"tsunagi/bot/text"
)

// checkEmail keeps the part before the @ as it is, also the forms that Japanese carriers once gave out and those in
// Japanese letters (RFC 6531), and lowers the rest.
func checkEmail(field Field, typed string) (reading, []text.Line) {
	s := unwrap(address(typed))
	s, _ = cutBefore(s, "mail-before")
	name, domain, ok := strings.Cut(s, "@")
	host, lawful := hostOf(domain)
	if !ok || !lawful || len(name) > 64 || len(s) > 254 || !isName(name) {
		return reading{}, wrong(field)
	}
	return reading{text: name + "@" + host}, nil
}

// address makes a typed address narrow: full width as half, dashes of all kinds as hyphens where no Japanese letter stands
// beside them, no spaces at its ends and around the @.
func address(typed string) string {
	s := norm.NFKC.String(seen(typed))
	before, after, ok := strings.Cut(s, "@")
	if ok {
		s = strings.TrimSpace(before) + "@" + strings.TrimSpace(after)
	}
	return strings.TrimSpace(dashed(s))
}

// isName tells what may stand before the @: what RFC 5322 allows unquoted, and dots where carriers put them; or letters of
// another script without any Latin ones among them, which are more likely words that ran into the address.
func isName(name string) bool {
	ascii := strings.ContainsFunc(name, isLatin)
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		if r > unicode.MaxASCII {
			return ascii || !unicode.In(r, unicode.L, unicode.M, unicode.Nd)
		}
		return !isAlnum(r) && !strings.ContainsRune(".!#$%&'*+/=?^_`{|}~-", r)
	})
}

func isLatin(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func isAlnum(r rune) bool { return r >= '0' && r <= '9' || isLatin(r) }

// hostOf gives a host as people write it, in small letters, and whether there may be one of that name: in Latin letters, or
// in others by the rules for internationalised names (IDNA 2008).
func hostOf(s string) (host string, ok bool) {
	wire := strings.ToLower(s)
	if strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) || strings.Contains(wire, "xn--") {
		var err error
		if wire, err = idna.Lookup.ToASCII(s); err != nil {
			return "", false
		}
	}
	if !isDomain(wire) || len(wire) > 253 {
		return "", false
	}
	if strings.HasPrefix(strings.ToLower(s), "xn--") || strings.Contains(strings.ToLower(s), ".xn--") {
		return wire, true
	}
	host, err := idna.Lookup.ToUnicode(wire)
	return host, err == nil && !mixed(host)
}

// mixed reports a last label of Latin and other letters, as in "example.jpです": there is none such, but words that follow.
func mixed(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	return strings.ContainsFunc(last, isLatin) && strings.ContainsFunc(last, func(r rune) bool { return r > unicode.MaxASCII })
}

// isDomain wants at least two labels of letters, digits and inner hyphens, the last beginning with a letter.
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	for _, l := range labels {
		bad := l == "" || len(l) > 63 || strings.HasPrefix(l, "-") || strings.HasSuffix(l, "-")
		if bad || strings.ContainsFunc(l, func(r rune) bool { return !isAlnum(r) && r != '-' }) {
			return false
		}
	}
	last := labels[len(labels)-1]
	return len(labels) > 1 && len(last) > 1 && isLatin(rune(last[0]))
}

// checkURL takes web addresses only, with or without https:// before them, and keeps them as they were typed.
func checkURL(field Field, typed string) (reading, []text.Line) {
	s := withScheme(strings.TrimFunc(Readable(typed), func(r rune) bool { return !visible(r) }))
	u, err := url.Parse(s)
	if err != nil || len(s) > maxURL || strings.ContainsFunc(s, unicode.IsSpace) || u.User != nil {
		return reading{}, wrong(field)
	}
	if _, ok := hostOf(u.Hostname()); u.Scheme != "http" && u.Scheme != "https" || !ok {
		return reading{}, wrong(field)
	}
	return reading{text: s}, nil
}

// withScheme puts https:// where none was typed, and makes narrow what was typed in full width; but for that, everything
// behind the host stays as it is.
func withScheme(s string) string {
	if wide := norm.NFKC.String(s); !strings.Contains(s, "://") && strings.Contains(wide, "://") {
		s = wide
	}
	head, tail, ok := strings.Cut(s, "://")
	if !ok || strings.ContainsAny(head, "/?#") {
		head, tail = "https", s
	}
	host, rest := tail, ""
	if i := strings.IndexAny(tail, "/?#"); i >= 0 {
		host, rest = tail[:i], tail[i:]
	}
	if rest == "" {
		host = unwrap(host)
	}
	return strings.ToLower(head) + "://" + dashed(norm.NFKC.String(host)) + rest
}
