package linesim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// shape is what LINE expects of one JSON object: which properties, which of them needed, and what they may hold.
type shape struct {
	rules  map[string]rule
	needed []string
	then   func(v *visit, at *path, n *node) // what concerns several properties
}

// rule is what LINE expects of one value.
type rule struct {
	kind   kind
	needed bool

	unit   unit // text
	filled bool // may not be empty
	oneOf  []string
	valid  func(string) bool // form of a text, checked when nothing else is wrong

	min, max int // length of a text, elements of a list; max 0 is unbounded

	check func(v *visit, at *path, n *node) // of an object or a number
	each  func(v *visit, at *path, n *node) // of every element
}

func newShape(rules map[string]rule, then func(v *visit, at *path, n *node)) *shape {
	s := &shape{rules: rules, then: then}
	for key, r := range rules {
		if r.needed {
			s.needed = append(s.needed, key)
		}
	}
	slices.Sort(s.needed) // errors come in the same order every time
	return s
}

// style is how faults of one part of a message are worded and where they point: LINE checks plain properties, templates
// and Flex containers in three different places.
type style uint8

const (
	plain    style = iota // "messages[0].text"
	template              // "template/actions/0/uri"
	flex                  // "/body/contents/0/text", from the container on
)

// path is where a value stands, from the innermost name outwards.
type path struct {
	up    *path
	key   string
	index int // used when key is empty
}

func (p *path) at(key string) *path { return &path{up: p, key: key} }

func (p *path) nth(i int) *path { return &path{up: p, index: i} }

// String is the place as LINE writes it for plain properties: messages[0].text.
func (p *path) String() string { return p.render(plain) }

func (p *path) render(st style) string {
	var steps []*path
	for q := p; q != nil; q = q.up {
		steps = append(steps, q)
	}
	slices.Reverse(steps)
	var b strings.Builder
	if st == flex {
		b.WriteByte('/')
	}
	for i, q := range steps {
		b.WriteString(q.step(st, i == 0))
	}
	return b.String()
}

func (p *path) step(st style, first bool) string {
	switch {
	case st == plain && p.key == "":
		return "[" + strconv.Itoa(p.index) + "]"
	case first:
		return p.key
	case st == plain:
		return "." + p.key
	case p.key == "":
		return "/" + strconv.Itoa(p.index)
	}
	return "/" + p.key
}

// fault is one entry of an error's details.
type fault struct {
	Message  string `json:"message,omitempty"`
	Property string `json:"property,omitempty"`
}

// visit is one check of one value: it collects what is wrong.
type visit struct {
	rules  *rulebook
	style  style
	faults []fault
	odd    *oddProperty
	group  bool // the message goes to a group
	multi  bool // or to many people

	animated int // Flex images that move, in one message
}

// oddProperty is a plain property that LINE does not know or whose value is of the wrong kind.
type oddProperty struct {
	name string
	at   int
}

func (v *visit) fault(at *path, message string) {
	v.faults = append(v.faults, fault{message, at.render(v.style)})
}

// object checks n against s.
func (v *visit) object(at *path, n *node, s *shape) {
	if n.kind != object {
		v.wrongKind(at, n)
		return
	}
	for i, key := range n.keys {
		if r, ok := s.rules[key]; !ok {
			v.unknown(at.at(key), key, &n.kids[i])
		} else if n.kids[i].kind != null {
			v.value(at.at(key), &n.kids[i], &r)
		}
	}
	for _, key := range s.needed {
		if n.get(key) == nil {
			v.missing(at.at(key))
		}
	}
	if s.then != nil {
		s.then(v, at, n)
	}
}

func (v *visit) unknown(at *path, key string, n *node) {
	if v.style != plain {
		v.fault(at, "unknown field")
	} else if v.odd == nil {
		v.odd = &oddProperty{at.String(), n.at}
	}
}

func (v *visit) wrongKind(at *path, n *node) {
	if v.style != plain {
		v.fault(at, "invalid property")
	} else if v.odd == nil {
		v.odd = &oddProperty{at.String(), n.at}
	}
}

func (v *visit) missing(at *path) {
	if v.style == plain {
		v.fault(at, "May not be empty")
		return
	}
	v.fault(at, "must be specified")
}

// value checks n against r.
func (v *visit) value(at *path, n *node, r *rule) {
	if n.kind != r.kind {
		v.wrongKind(at, n)
		return
	}
	switch n.kind {
	case text:
		v.text(at, n, r)
	case list:
		v.list(at, n, r)
	}
	if r.check != nil {
		r.check(v, at, n)
	}
}

func (v *visit) text(at *path, n *node, r *rule) {
	switch {
	case n.text == "" && (r.filled || r.needed && r.valid != nil):
		v.missing(at)
	case r.max > 0 && count(n.text, r.unit) > r.max:
		v.tooLong(at, r)
	case r.oneOf != nil && !slices.Contains(r.oneOf, n.text):
		v.notOneOf(at, r.oneOf)
	case r.valid != nil && n.text != "" && !r.valid(n.text):
		v.malformed(at)
	}
}

func (v *visit) list(at *path, n *node, r *rule) {
	if len(n.kids) < r.min || r.max > 0 && len(n.kids) > r.max {
		v.wrongSize(at, r)
	}
	if r.each == nil {
		return
	}
	for i := range n.kids {
		r.each(v, at.nth(i), &n.kids[i])
	}
}

func (v *visit) tooLong(at *path, r *rule) {
	if v.style == plain {
		v.fault(at, fmt.Sprintf("Length must be between %d and %d", r.min, r.max))
		return
	}
	v.wrongSize(at, r)
}

func (v *visit) wrongSize(at *path, r *rule) {
	word := "size"
	if v.style == plain {
		word = "Size"
	}
	v.fault(at, fmt.Sprintf("%s must be between %d and %d", word, r.min, r.max))
}

func (v *visit) notOneOf(at *path, words []string) {
	if v.style == plain {
		v.fault(at, "Must be one of the following values: ["+strings.Join(words, ", ")+"]")
		return
	}
	v.fault(at, "invalid property")
}

func (v *visit) malformed(at *path) {
	if v.style == plain {
		v.fault(at, "The value is invalid")
		return
	}
	v.fault(at, "invalid property")
}
