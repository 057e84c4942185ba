package form

import (
	"time"

	"tsunagi/bot/text"
)

// Check cleans and judges a typed answer to a field that is answered in words; choices and files are not. It gives the
// answer, or what is wrong with it and how a right one looks. now is needed only for dates without a year, and may be
// zero.
//
// What it cleaned it accepts again and leaves as it is.
func Check(field Field, typed string, now time.Time) (Answer, []text.Line) {
	r, refusal := read(field, typed, now)
	if len(refusal) > 0 {
		return Answer{}, refusal
	}
	return r.answer(typed), nil
}

// answer is what was read as an answer.
func (r reading) answer(typed string) Answer {
	a := Answer{Text: r.text, About: r.about}
	if typed != r.text {
		a.Typed = typed
	}
	return a
}

// read reads a typed answer as its kind wants it.
func read(field Field, typed string, now time.Time) (reading, []text.Line) {
	if fault := characters(typed); !fault.Empty() {
		return reading{}, []text.Line{fault}
	}
	switch field.Kind {
	case Number:
		return checkNumber(field, typed)
	case Money:
		return checkMoney(field, typed)
	case Date:
		return checkDate(field, typed, now)
	case Phone:
		return checkPhone(field, typed)
	case Email:
		return checkEmail(field, typed)
	case URL:
		return checkURL(field, typed)
	case CorporateNumber:
		return checkCorporateNumber(field, typed)
	case PostalCode:
		return checkPostalCode(field, typed)
	case Text:
		return checkText(oneLine(typed), limit(field))
	default:
		return checkText(Readable(typed), limit(field))
	}
}

// wrong is the refusal of a kind: what is wrong, and an example of what is right.
func wrong(field Field) []text.Line { return because("form.wrong."+string(field.Kind), field) }

// because is a refusal with a reason of its own. Where an amount need not be known, it says so.
func because(key string, field Field) []text.Line {
	lines := []text.Line{text.Say(key), example(field.Kind)}
	if field.Kind == Money && field.Optional {
		lines = append(lines, text.Say("form.wrong.unknown_yet"))
	}
	return lines
}

// Example says how an answer to the field may look; it is empty where there is nothing to say, as for free texts.
func Example(field Field) text.Line {
	switch field.Kind {
	case Text, LongText, Choice, MultiChoice, YesNo:
		return text.Line{}
	case Files:
		return text.Say("form.example.files", "max", limit(field))
	}
	return example(field.Kind)
}

func example(kind Kind) text.Line { return text.Say("form.example." + string(kind)) }

// The limits where the profile sets none: characters of texts, number of files.
const (
	maxText     = 200
	maxLongText = 3000
	maxFiles    = 5
	maxOther    = 200
	maxURL      = 2000
)

// limit is how much a field takes: characters, or files.
func limit(field Field) int {
	switch {
	case field.Max > 0:
		return field.Max
	case field.Kind == Text:
		return maxText
	case field.Kind == LongText:
		return maxLongText
	case field.Kind == Files:
		return maxFiles
	case field.Kind == URL:
		return maxURL
	}
	return maxOther
}
