package msg

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Press is what a button means, and what it belongs to: Do names the action ("answer", "proposal.take"), Args carry
// ids and revisions, never content. It is LINE's postback data and Slack's action_id (Do) with value (Encode).
type Press struct {
	Do   string
	Args map[string]string
}

// Do makes a Press; args are pairs of name and value: Do("answer", "draft", "12", "field", "topic").
func Do(do string, args ...string) Press {
	p := Press{Do: do}
	if len(args) > 0 {
		p.Args = make(map[string]string, len(args)/2)
	}
	for i := 0; i+1 < len(args); i += 2 {
		p.Args[args[i]] = args[i+1]
	}
	return p
}

// Encode writes the press as one string; ParsePress reads it back. LINE allows 300 characters. A card has dozens of
// them, so it is written here as url.Values would, without making one.
func (p Press) Encode() string {
	var b strings.Builder
	b.Grow(64)
	for i, name := range p.names() {
		value := p.Args[name]
		if name == "do" {
			value = p.Do
		}
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(name))
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(value))
	}
	return b.String()
}

// names are those of the arguments and "do", in order, so that the same press is the same string.
func (p Press) names() []string {
	names := append(make([]string, 0, 8), "do")
	for name := range p.Args {
		if name != "do" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// ParsePress reads what Encode wrote; anything else gives an empty Press and false.
func ParsePress(s string) (Press, bool) {
	v, err := url.ParseQuery(s)
	if err != nil || v.Get("do") == "" {
		return Press{}, false
	}
	p := Press{Do: v.Get("do"), Args: make(map[string]string, len(v)-1)}
	for k := range v {
		if k != "do" {
			p.Args[k] = v.Get(k)
		}
	}
	return p, true
}

// Int reads an id or a revision among the arguments; absent or malformed is 0.
func (p Press) Int(name string) int64 {
	n, _ := strconv.ParseInt(p.Args[name], 10, 64)
	return n
}
