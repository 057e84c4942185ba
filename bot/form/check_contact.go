package form

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"tsunagi/bot/text"
)

// checkPhone cleans to +81724239999, with ;ext=12 for an extension (RFC 3966). Numbers without a country are Japanese.
func checkPhone(typed string) (string, []text.Line) {
	s := withExtension(narrow(typed))
	if !dialable(s) {
		return "", wrong(Phone)
	}
	n, err := phonenumbers.Parse(s, "JP")
	if err != nil || !phonenumbers.IsValidNumber(n) && !looksJapanese(n) {
		return "", wrong(Phone)
	}
	clean := phonenumbers.Format(n, phonenumbers.E164)
	if n.GetExtension() != "" {
		clean += extensionMark + n.GetExtension()
	}
	return clean, nil
}

// extensionMark stands before the extension in a cleaned number.
const extensionMark = ";ext="

// withExtension writes an extension in Japanese, in parentheses or not, the way the library reads it.
func withExtension(s string) string {
	number, extension, ok := strings.Cut(s, markExtension)
	if !ok {
		return s
	}
	return strings.TrimSuffix(number, "(") + extensionMark + strings.TrimPrefix(strings.TrimSuffix(extension, ")"), ":")
}

// dialable keeps out words: the library would dial letters.
func dialable(s string) bool {
	return !strings.ContainsFunc(strings.Replace(s, extensionMark, "", 1), func(r rune) bool {
		return !(r >= '0' && r <= '9') && !strings.ContainsRune("+-().", r)
	})
}

// looksJapanese takes a number of the right length whose range the library does not know: new ranges are opened before
// it learns of them.
func looksJapanese(n *phonenumbers.PhoneNumber) bool {
	digits := len(phonenumbers.GetNationalSignificantNumber(n))
	return n.GetCountryCode() == 81 && (digits == 9 || digits == 10)
}

// showPhone writes a cleaned number as people in Japan do: 072-423-9999.
func showPhone(clean string) string {
	n, err := phonenumbers.Parse(clean, "JP")
	if err != nil {
		return clean
	}
	if n.GetCountryCode() == 81 {
		return phonenumbers.Format(n, phonenumbers.NATIONAL)
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}

// checkEmail keeps the part before the @ as it is, also the forms that Japanese carriers once gave out, and lowers the
// rest.
func checkEmail(typed string) (string, []text.Line) {
	s := strings.TrimPrefix(narrow(typed), "mailto:")
	name, domain, ok := strings.Cut(s, "@")
	if !ok || name == "" || len(name) > 64 || len(s) > 254 || strings.ContainsFunc(name, notInName) || !isDomain(domain) {
		return "", wrong(Email)
	}
	return name + "@" + strings.ToLower(domain), nil
}

// notInName tells what RFC 5322 does not allow in an unquoted name, but for dots, which carriers put anywhere.
func notInName(r rune) bool {
	return !isAlnum(r) && !strings.ContainsRune(".!#$%&'*+/=?^_`{|}~-", r)
}

func isAlnum(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
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
	return len(labels) > 1 && len(last) > 1 && unicode.IsLetter(rune(last[0]))
}

// checkURL takes web addresses only, with or without https:// before them.
func checkURL(typed string) (string, []text.Line) {
	s := strings.TrimSpace(typed)
	if head, tail, ok := strings.Cut(s, "://"); ok && !strings.ContainsAny(head, "/?#") {
		s = strings.ToLower(head) + "://" + tail
	} else {
		s = "https://" + narrowHost(s)
	}
	u, err := url.Parse(s)
	if err != nil || len(s) > maxURL || strings.ContainsFunc(s, unicode.IsSpace) {
		return "", wrong(URL)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.User != nil || !isDomain(u.Hostname()) {
		return "", wrong(URL)
	}
	return s, nil
}

// narrowHost makes the host plain ASCII where it was typed in full width; the rest may be Japanese.
func narrowHost(s string) string {
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		return narrow(s[:i]) + s[i:]
	}
	return narrow(s)
}
