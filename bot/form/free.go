package form

import "tsunagi/bot/text"

// Fold makes words comparable outside of a form as they are inside: width, case, kana, spaces and a full stop do not
// matter.
func Fold(s string) string { return bare(fold(s)) }

// Unusable says why free words outside of a form cannot be kept: none, broken characters, or too many. It is empty for
// what can.
func Unusable(s string) text.Line {
	if fault := characters(s); !fault.Empty() {
		return fault
	}
	if _, refusal := checkText(s, maxLongText); len(refusal) > 0 {
		return refusal[0]
	}
	return text.Line{}
}
