package msg

import (
	"net/url"
	"strconv"
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

// Encode writes the press as one string; ParsePress reads it back. LINE allows 300 characters.
func (p Press) Encode() string {
	v := url.Values{"do": {p.Do}}
	for k, a := range p.Args {
		v.Set(k, a)
	}
	return v.Encode()
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
