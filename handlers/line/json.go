package line

import "unicode/utf8"

// LINE's messages are written by hand, not by reflection, which took a tenth of all our processor time. What they have
// are strings, lists and objects; an empty string is left out, so that LINE's default holds.

// property adds a string to the object that out ends with.
func property(out []byte, name, value string) []byte {
	if value == "" {
		return out
	}
	return quote(key(out, name), value)
}

// object adds an object, or whatever else write appends, to the object that out ends with.
func object(out []byte, name string, write func([]byte) []byte) []byte {
	return write(key(out, name))
}

// list adds a list to the object that out ends with.
func list[T any](out []byte, name string, all []T, write func(T, []byte) []byte) []byte {
	out = append(key(out, name), '[')
	for i, one := range all {
		if i > 0 {
			out = append(out, ',')
		}
		out = write(one, out)
	}
	return append(out, ']')
}

func key(out []byte, name string) []byte {
	if out[len(out)-1] != '{' {
		out = append(out, ',')
	}
	return append(append(append(out, '"'), name...), `":`...)
}

// quote writes a string. What is no UTF-8 becomes the replacement character. https://www.rfc-editor.org/rfc/rfc8259#section-7
func quote(out []byte, s string) []byte {
	out = append(out, '"')
	from := 0
	for i := 0; i < len(s); {
		size := 1
		escaped := ""
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError && size == 1 {
				escaped = "\ufffd"
			}
		case c < ' ' || c == '"' || c == '\\':
			escaped = escapes[c]
		}
		if escaped != "" {
			out = append(append(out, s[from:i]...), escaped...)
			from = i + size
		}
		i += size
	}
	return append(append(out, s[from:]...), '"')
}

// escapes are those of the characters that a JSON string must not hold.
var escapes = func() (e ['\\' + 1]string) {
	const digits = "0123456789abcdef"
	for c := range byte(' ') {
		e[c] = `\u00` + string([]byte{digits[c>>4], digits[c&15]})
	}
	e['\n'], e['\r'], e['\t'], e['"'], e['\\'] = `\n`, `\r`, `\t`, `\"`, `\\`
	return e
}()
