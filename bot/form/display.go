package form

import (
	"strings"

	"tsunagi/bot/text"
)

// Display says an answer as people read it: labels for choices, yen with separators, dates in words. An answer that is
// none, or was passed over, says so.
func Display(field Field, a Answer) text.Line {
	switch {
	case len(a.Files) > 0:
		return text.Say("form.value.list", "items", fileNames(a.Files))
	case len(a.Choices) > 0:
		return text.Say("form.value.list", "items", chosen(field, a.Choices))
	case a.Text == "":
		return text.Say("form.value.none")
	}
	if a.About {
		return text.Say("form.value.about", "value", displayText(field.Kind, a.Text))
	}
	return displayText(field.Kind, a.Text)
}

func displayText(kind Kind, s string) text.Line {
	switch kind {
	case Money:
		return text.Say("form.value.yen", "amount", text.Grouped(s))
	case Number:
		return text.Plain(text.Grouped(s))
	case Date:
		if t, ok := parseDate(s); ok {
			return text.Say("form.value.date", "date", t)
		}
	case Phone:
		return displayPhone(s)
	case PostalCode:
		return text.Say("form.value.postal_code", "code", s)
	}
	return text.Plain(s)
}

func displayPhone(clean string) text.Line {
	number, extension, ok := strings.Cut(clean, extensionMark)
	if !ok {
		return text.Plain(showPhone(number))
	}
	return text.Say("form.value.extension", "phone", showPhone(number), "extension", extension)
}

func fileNames(files []File) []string {
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Name
	}
	return names
}

// chosen gives the labels of choices; one the form no longer has shows by its id.
func chosen(field Field, ids []string) []text.Line {
	lines := make([]text.Line, len(ids))
	for i, id := range ids {
		lines[i] = text.Plain(id)
		for _, o := range options(field) {
			if o.ID == id {
				lines[i] = label(field, o)
			}
		}
	}
	return lines
}
