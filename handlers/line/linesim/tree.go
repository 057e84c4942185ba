package linesim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

type kind uint8

const (
	null kind = iota
	boolean
	number
	text
	list
	object
)

// node is one JSON value with its place in the body. Limits are checked on nodes rather than on Go structs, so that
// unknown properties are noticed and what people see is, byte for byte, what was sent.
type node struct {
	kind kind
	at   int
	raw  []byte
	text string // of a string, decoded
	keys []string
	kids []node // elements, or the values of keys
}

// badJSON says where a body stops being JSON.
type badJSON struct{ line, column int }

func (b *badJSON) message() string {
	return fmt.Sprintf("The request body could not be parsed as JSON (line: %d, column: %d)", b.line, b.column)
}

// parse reads one JSON value that fills the body.
func parse(body []byte) (*node, *badJSON) {
	if !json.Valid(body) || !utf8.Valid(body) {
		line, column := position(body, faultOffset(body))
		return nil, &badJSON{line, column}
	}
	r := &reader{in: body}
	n := r.value()
	return &n, nil
}

func faultOffset(body []byte) int {
	var syntax *json.SyntaxError
	var any json.RawMessage
	if errors.As(json.Unmarshal(body, &any), &syntax) {
		return int(syntax.Offset)
	}
	return len(body)
}

// position turns an offset into line and column, both counted from 1.
func position(body []byte, offset int) (line, column int) {
	head := body[:min(offset, len(body))]
	return 1 + bytes.Count(head, []byte{'\n'}), len(head) - bytes.LastIndexByte(head, '\n')
}

// reader walks JSON that is known to be valid.
type reader struct {
	in  []byte
	pos int
}

func (r *reader) space() {
	for r.pos < len(r.in) && (r.in[r.pos] == ' ' || r.in[r.pos] == '\n' || r.in[r.pos] == '\t' || r.in[r.pos] == '\r') {
		r.pos++
	}
}

func (r *reader) value() node {
	r.space()
	n := node{at: r.pos}
	switch r.in[r.pos] {
	case '{':
		r.object(&n)
	case '[':
		r.list(&n)
	case '"':
		n.kind, n.text = text, r.string()
	default:
		r.plain(&n)
	}
	n.raw = r.in[n.at:r.pos]
	return n
}

func (r *reader) object(n *node) {
	n.kind = object
	for r.pos++; !r.closed('}'); {
		n.keys = append(n.keys, r.string())
		r.space()
		r.pos++ // colon
		n.kids = append(n.kids, r.value())
	}
}

func (r *reader) list(n *node) {
	n.kind = list
	for r.pos++; !r.closed(']'); {
		n.kids = append(n.kids, r.value())
	}
}

// closed steps over space, a comma, or the end of an object or list.
func (r *reader) closed(end byte) bool {
	r.space()
	if r.in[r.pos] == ',' {
		r.pos++
		r.space()
	}
	if r.in[r.pos] != end {
		return false
	}
	r.pos++
	return true
}

func (r *reader) string() string {
	start, escaped := r.pos, false
	for r.pos++; r.in[r.pos] != '"'; r.pos++ {
		if r.in[r.pos] == '\\' {
			escaped = true
			r.pos++
		}
	}
	r.pos++
	if !escaped {
		return string(r.in[start+1 : r.pos-1])
	}
	var s string
	_ = json.Unmarshal(r.in[start:r.pos], &s) // valid already
	return s
}

func (r *reader) plain(n *node) {
	switch r.in[r.pos] {
	case 't', 'f':
		n.kind = boolean
	case 'n':
		n.kind = null
	default:
		n.kind = number
	}
	for r.pos < len(r.in) && !bytes.ContainsRune([]byte(",]} \n\t\r"), rune(r.in[r.pos])) {
		r.pos++
	}
}

// get finds a property; null counts as absent, as LINE's parser takes it. The last of several wins.
func (n *node) get(key string) *node {
	for i := len(n.keys) - 1; i >= 0; i-- {
		if n.keys[i] == key {
			if n.kids[i].kind == null {
				return nil
			}
			return &n.kids[i]
		}
	}
	return nil
}

// str is the text of a string property, empty when absent.
func (n *node) str(key string) string {
	if kid := n.get(key); kid != nil {
		return kid.text
	}
	return ""
}

// num is a number's value.
func (n *node) num() float64 {
	f, _ := strconv.ParseFloat(string(n.raw), 64)
	return f
}

// whole tells whether a number has no fraction.
func (n *node) whole() bool {
	_, err := strconv.ParseInt(string(n.raw), 10, 64)
	return err == nil
}

func (n *node) isTrue() bool { return n != nil && n.kind == boolean && n.raw[0] == 't' }
