package text

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// style is how a language writes dates and lists; it stands in format.yaml.
type style struct {
	separator string
	moments   map[string]sentence
	weekdays  []string
	months    []string
}

func (c *Catalogue) readStyle() style {
	s := style{
		separator: c.Say(Line{Key: "format.separator"}),
		moments:   map[string]sentence{},
		weekdays:  c.lists["format.weekdays"],
		months:    c.lists["format.months"],
	}
	for _, name := range []string{"date", "short", "time", "datetime"} {
		s.moments[name] = c.sentences["format."+name]
	}
	return s
}

// moment writes t in the location it carries. The zero time is a dash: no date is known.
func (s style) moment(b *strings.Builder, t time.Time, name string) {
	if t.IsZero() {
		b.WriteString("—")
		return
	}
	if name == "" {
		name = "date"
	}
	for _, p := range s.moments[name] {
		if p.name == "" {
			b.WriteString(p.words)
			continue
		}
		b.WriteString(s.part(t, p.name))
	}
}

func (s style) part(t time.Time, name string) string {
	switch name {
	case "year":
		return strconv.Itoa(t.Year())
	case "month":
		return strconv.Itoa(int(t.Month()))
	case "month_name":
		return at(s.months, int(t.Month())-1)
	case "day":
		return strconv.Itoa(t.Day())
	case "weekday":
		return at(s.weekdays, int(t.Weekday()))
	case "hour":
		return strconv.Itoa(t.Hour())
	case "minute":
		return fmt.Sprintf("%02d", t.Minute())
	}
	return "⟨" + name + "⟩"
}

func at(words []string, i int) string {
	if i >= len(words) {
		return "⟨" + strconv.Itoa(i) + "⟩"
	}
	return words[i]
}
