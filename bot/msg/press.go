package msg

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Press is what a button means, and what it belongs to: Do names the action ("answer", "proposal.take"), Args carry
// ids and revisions, never content. It is LINE's postback data and Slack's action_id (Do) with value (Encode).
type Press struct {
	Do   string
	Args Args
}

// Args are in the order of their names, each name once, so that equal presses are equal.
type Args []Arg

// Arg is one of them.
type Arg struct{ Name, Value string }

// Do makes a Press; args are pairs of name and value: Do("answer", "draft", "12", "field", "topic").
func Do(do string, args ...string) Press {
	p := Press{Do: do}
	if len(args) > 0 {
		p.Args = make(Args, 0, len(args)/2)
	}
	for i := 0; i+1 < len(args); i += 2 {
		p.Args = p.Args.with(args[i], args[i+1])
	}
	return p
}

// With is the press with one more argument, or another value for it.
func (p Press) With(name, value string) Press {
	p.Args = slices.Clone(p.Args).with(name, value)
	return p
}

// Shown is the press of a screen shown at that moment, which tells it from any other.
func (p Press) Shown(at time.Time) Press { return p.With("at", strconv.FormatInt(at.UnixMilli(), 10)) }

// ShownAt is when the screen of a press was shown; zero if it does not say.
func (p Press) ShownAt() time.Time {
	if n := p.Int("at"); n != 0 {
		return time.UnixMilli(n)
	}
	return time.Time{}
}

// Of reports whether a press is of the screen shown at that moment.
func (p Press) Of(shown time.Time) bool { return !shown.IsZero() && p.Int("at") == shown.UnixMilli() }

func (a Args) with(name, value string) Args {
	at, there := a.find(name)
	if there {
		a[at].Value = value
		return a
	}
	return slices.Insert(a, at, Arg{name, value})
}

func (a Args) find(name string) (at int, there bool) {
	return slices.BinarySearchFunc(a, name, func(one Arg, name string) int { return strings.Compare(one.Name, name) })
}

// Get reads an argument; empty if it is absent.
func (a Args) Get(name string) string {
	if at, there := a.find(name); there {
		return a[at].Value
	}
	return ""
}

// Encode writes the press as one string; ParsePress reads it back. LINE allows 300 characters. A card has dozens of
// them, so it is written here as url.Values would, without making one.
func (p Press) Encode() string {
	var b strings.Builder
	b.Grow(64)
	at, _ := p.Args.find("do")
	for _, one := range p.Args[:at] {
		pair(&b, one.Name, one.Value)
	}
	pair(&b, "do", p.Do)
	for _, one := range p.Args[at:] {
		pair(&b, one.Name, one.Value)
	}
	return b.String()
}

func pair(b *strings.Builder, name, value string) {
	if b.Len() > 0 {
		b.WriteByte('&')
	}
	b.WriteString(url.QueryEscape(name))
	b.WriteByte('=')
	b.WriteString(url.QueryEscape(value))
}

// ParsePress reads what Encode wrote; anything else gives an empty Press and false.
func ParsePress(s string) (Press, bool) {
	v, err := url.ParseQuery(s)
	if err != nil || v.Get("do") == "" {
		return Press{}, false
	}
	p := Press{Do: v.Get("do")}
	for name := range v {
		if name != "do" {
			p.Args = p.Args.with(name, v.Get(name))
		}
	}
	return p, true
}

// Int reads an id or a revision among the arguments; absent or malformed is 0.
func (p Press) Int(name string) int64 {
	n, _ := strconv.ParseInt(p.Args.Get(name), 10, 64)
	return n
}
