package form

import "tsunagi/bot/text"

// Fold makes words comparable outside of a form as they are inside: width, case, kana and spaces do not matter.
func Fold(s string) string { return fold(bare(s)) }

// Unusable says why free words outside of a form cannot be kept: broken characters, or too many. It is empty for what
// can.
func Unusable(s string) text.Line {
	if refusal := characters(s); len(refusal) > 0 {
		return refusal[0]
	}
	if _, refusal := checkText(s, maxLongText); len(refusal) > 0 {
		return refusal[0]
	}
	return text.Line{}
}
