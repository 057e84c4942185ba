package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// checker walks JSON that the app sent and collects Slack's complaints, each with the place it is about.
type checker struct {
	rules    *rules
	surface  string // message, modal, home
	messages []string

	blockIDs  map[string]bool
	inputs    int
	focused   int
	textRunes int
}

// check judges one value; at is its JSON pointer.
type check func(c *checker, at string, v any)

// shape is what an object may hold. Anything else in it is refused, as Slack does.
type shape struct {
	fields map[string]check
	need   []string
	also   func(c *checker, at string, o map[string]any) // what concerns several fields at once
}

func (c *checker) fail(at, format string, args ...any) {
	c.messages = append(c.messages, fmt.Sprintf("[ERROR] "+format, args...)+" [json-pointer:"+at+"]")
}

func sortedKeys(o map[string]any) []string { return slices.Sorted(maps.Keys(o)) }

// object checks v against the shape.
func (c *checker) object(at string, v any, want shape) {
	o, ok := v.(map[string]any)
	if !ok {
		c.fail(at, "must provide an object")
		return
	}
	for _, name := range want.need {
		if o[name] == nil {
			c.fail(at, "missing required field: %s", name)
		}
	}
	for _, name := range sortedKeys(o) {
		is := want.fields[name]
		switch {
		case name == "type":
		case is == nil:
			c.fail(at, "invalid additional property: %s", name)
		default:
			is(c, at+"/"+name, o[name])
		}
	}
	if want.also != nil {
		want.also(c, at, o)
	}
}

// oneOf checks v against the shape that its type names.
func (c *checker) oneOf(at string, v any, shapes map[string]shape) {
	o, ok := v.(map[string]any)
	if !ok {
		c.fail(at, "must provide an object")
		return
	}
	kind, _ := o["type"].(string)
	want, known := shapes[kind]
	if !known {
		c.fail(at+"/type", "unsupported type: %s", kind)
		return
	}
	c.object(at, v, want)
}

// text checks a string of least to most characters.
func text(least, most int) check {
	return func(c *checker, at string, v any) {
		s, ok := v.(string)
		if !ok {
			c.fail(at, "must provide a string")
			return
		}
		n := utf8.RuneCountInString(s)
		c.textRunes += n
		if n < least {
			c.fail(at, "must be more than %d characters", least-1)
		}
		if n > most {
			c.fail(at, "must be less than %d characters", most+1)
		}
	}
}

// ident is a string that does not count as text.
func ident(most int) check {
	inner := text(1, most)
	return func(c *checker, at string, v any) {
		before := c.textRunes
		inner(c, at, v)
		c.textRunes = before
	}
}

func boolean(c *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.fail(at, "must provide a boolean")
	}
}

// whole checks a whole number between low and high.
func whole(low, high float64) check {
	return func(c *checker, at string, v any) {
		n, ok := v.(float64)
		switch {
		case !ok || n != float64(int64(n)):
			c.fail(at, "must provide an integer")
		case n < low:
			c.fail(at, "must be greater than or equal to %v", int64(low))
		case n > high:
			c.fail(at, "must be less than or equal to %v", int64(high))
		}
	}
}

// list checks an array of least to most items.
func list(least, most int, item check) check {
	return func(c *checker, at string, v any) {
		items, ok := v.([]any)
		if !ok {
			c.fail(at, "must provide an array")
			return
		}
		if len(items) < least {
			c.fail(at, "no less than %d items allowed", least)
		}
		if len(items) > most {
			c.fail(at, "no more than %d items allowed", most)
		}
		for i, v := range items {
			item(c, fmt.Sprintf("%s/%d", at, i), v)
		}
	}
}

// word checks a string out of a few.
func word(allowed ...string) check {
	return func(c *checker, at string, v any) {
		if s, ok := v.(string); !ok || !slices.Contains(allowed, s) {
			c.fail(at, "value must be one of %s", strings.Join(allowed, ", "))
		}
	}
}

// pattern checks a string by a function.
func pattern(name string, ok func(string) bool) check {
	return func(c *checker, at string, v any) {
		if s, is := v.(string); !is || !ok(s) {
			c.fail(at, "must be a valid %s", name)
		}
	}
}

// anything lets a value pass.
func anything(*checker, string, any) {}

// webLink is an address that Slack would open.
func webLink(c *checker, at string, v any) {
	ident(maxURL)(c, at, v)
	if s, _ := v.(string); s != "" && !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") &&
		!strings.HasPrefix(s, "mailto:") && !strings.HasPrefix(s, "tel:") && !strings.HasPrefix(s, "slack://") {
		c.fail(at, "must be a valid URL")
	}
}

// checkMessageBlocks refuses blocks that a message may not have.
func (s *Sim) checkMessageBlocks(raw json.RawMessage) *refusal {
	var blocks any
	if json.Unmarshal(raw, &blocks) != nil {
		return refuse("invalid_blocks_format")
	}
	if _, ok := blocks.([]any); !ok {
		return refuse("invalid_blocks_format")
	}
	c := &checker{rules: &s.rules, surface: "message", blockIDs: map[string]bool{}}
	list(0, maxMessageBlocks, block)(c, "/blocks", blocks)
	if len(c.messages) > 0 {
		return refuse("invalid_blocks", c.messages...)
	}
	if c.textRunes > s.cfg.MaxBlocksText {
		return refuse("msg_blocks_too_long")
	}
	return nil
}
