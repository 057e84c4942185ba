package form

import (
	"time"

	"tsunagi/bot/text"
)

// Fold makes words comparable outside of a form as they are inside: width, case, kana, spaces and a full stop do not
// matter.
func Fold(s string) string { return bare(fold(s)) }

// Unusable says why free words outside of a form cannot be kept: none, broken characters, or too many. It is empty for
// what can; they are kept as Readable gives them.
func Unusable(s string) text.Line {
	if fault := characters(s); !fault.Empty() {
		return fault
	}
	if _, refusal := checkText(Readable(s), maxLongText); len(refusal) > 0 {
		return refusal[0]
	}
	return text.Line{}
}

// Day reads a day as people write one, outside of a form as inside: 2026-12-01, 12/1, 1 Dec 2026. It gives
// 2026-12-01; ok is false for what is no day. Without a year it is the next such day from now.
func Day(typed string, now time.Time) (day string, ok bool) {
	r, refusal := checkDate(Field{Kind: Date}, typed, now)
	return r.text, len(refusal) == 0
}
