package text

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Say turns a line into words. It never fails: an unknown key or a missing argument shows as ⟨name⟩, where a person can
// report it.
//
// Arguments: text as it is (marks that turn the reading direction kept inside it), whole numbers with separators by
// thousands (a year is a text), time.Time as a date in its own location, a Line in its own words, lists joined.
func (c *Catalogue) Say(l Line) string {
	var b strings.Builder
	c.say(&b, l, 0)
	return b.String()
}

// SayAll turns several lines into words, one below the other.
func (c *Catalogue) SayAll(lines []Line) string {
	words := make([]string, len(lines))
	for i, l := range lines {
		words[i] = c.Say(l)
	}
	return strings.Join(words, "\n")
}

// deepest is how far lines may stand within lines; a line that holds itself must not hang the talk.
const deepest = 8

func (c *Catalogue) say(b *strings.Builder, l Line, depth int) {
	if l.Key == "" && !l.Empty() {
		c.argument(b, l.Words, "", depth)
		return
	}
	s, ok := c.sentences[l.Key]
	if !ok || depth > deepest {
		unknown(b, l.Key)
		return
	}
	c.render(b, s, l.Args, depth)
}

func unknown(b *strings.Builder, name string) { b.WriteString("⟨" + name + "⟩") }

func (c *Catalogue) render(b *strings.Builder, s sentence, args map[string]any, depth int) {
	for _, p := range s {
		value, ok := args[p.name]
		switch {
		case p.name == "":
			b.WriteString(p.words)
		case !ok:
			unknown(b, p.name)
		case len(p.forms) == 2:
			c.render(b, p.forms[form(value)], args, depth)
		default:
			c.argument(b, value, p.style, depth)
		}
	}
}

func form(value any) int {
	if n, ok := whole(value); ok && n == 1 {
		return 0
	}
	return 1
}

func (c *Catalogue) argument(b *strings.Builder, value any, style string, depth int) {
	switch v := value.(type) {
	case nil:
		b.WriteString("—")
	case string:
		b.WriteString(Isolate(v))
	case Line:
		c.say(b, v, depth+1)
	case []Line:
		c.list(b, len(v), func(i int) { c.say(b, v[i], depth+1) })
	case []string:
		c.list(b, len(v), func(i int) { b.WriteString(Isolate(v[i])) })
	case time.Time:
		c.style.moment(b, v, style)
	case fmt.Stringer:
		b.WriteString(Isolate(stringOf(v)))
	default:
		other(b, value)
	}
}

func other(b *strings.Builder, value any) {
	if n, ok := whole(value); ok {
		b.WriteString(Grouped(strconv.FormatInt(n, 10)))
		return
	}
	b.WriteString(Isolate(fmt.Sprint(value)))
}

// stringOf is fmt's way with a Stringer: a nil behind it does not bring the talk down.
func stringOf(v fmt.Stringer) string { return fmt.Sprint(v) }

func (c *Catalogue) list(b *strings.Builder, n int, item func(int)) {
	for i := range n {
		if i > 0 {
			b.WriteString(c.style.separator)
		}
		item(i)
	}
}

// whole reads any signed whole number, also of a named type.
func whole(value any) (int64, bool) {
	v := reflect.ValueOf(value)
	if v.IsValid() && v.CanInt() {
		return v.Int(), true
	}
	return 0, false
}

// Grouped puts a separator between each three digits before the point: 1200000 becomes 1,200,000.
func Grouped(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	digits, fraction, hasFraction := strings.Cut(digits, ".")
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	if hasFraction {
		digits += "." + fraction
	}
	return sign + digits
}
