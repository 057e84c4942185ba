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
	if fault := characters(typed); !fault.Empty() {
		return Answer{}, []text.Line{fault}
	}
	clean, refusal := clean(field, typed, now)
	if len(refusal) > 0 {
		return Answer{}, refusal
	}
	a := Answer{Text: clean}
	if typed != clean {
		a.Typed = typed
	}
	return a, nil
}

func clean(field Field, typed string, now time.Time) (string, []text.Line) {
	switch field.Kind {
	case Number:
		return checkNumber(typed)
	case Money:
		return checkMoney(typed)
	case Date:
		return checkDate(typed, now)
	case Phone:
		return checkPhone(typed)
	case Email:
		return checkEmail(typed)
	case URL:
		return checkURL(typed)
	case CorporateNumber:
		return checkCorporateNumber(typed)
	case PostalCode:
		return checkPostalCode(typed)
	case Text:
		return checkText(oneLine(typed), limit(field))
	default:
		return checkText(manyLines(typed), limit(field))
	}
}

// wrong is the refusal of a kind: what is wrong, and an example of what is right.
func wrong(kind Kind) []text.Line { return because("form.wrong."+string(kind), kind) }

// because is a refusal with a reason of its own.
func because(key string, kind Kind) []text.Line {
	return []text.Line{text.Say(key), example(kind)}
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
