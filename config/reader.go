package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// reader fills a Profile from the tree of a YAML file, key by key as its struct tags say, and remembers where each
// thing stood. It never stops at a fault.
type reader struct {
	file   string
	places map[string]place // by path; a key of when also by its path and "#"
	faults Faults
}

// fault reports what is wrong with what stands at a path.
func (r *reader) fault(path string, f Fault) {
	if f.Key == "" {
		f.Key = strings.TrimSuffix(path, "#")
	}
	r.faultAt(r.places[path], f)
}

func (r *reader) faultAt(at place, f Fault) {
	f.File, f.Line, f.Column = r.file, at.line, at.column
	r.faults = append(r.faults, f)
}

// good reports whether something was read at the path and was as it must be.
func (r *reader) good(path string) bool { return r.places[path].good }

// given reports whether something stands at the path at all.
func (r *reader) given(path string) bool { return r.places[path] != place{} }

// value reads a node into v and remembers its place.
func (r *reader) value(n ast.Node, v reflect.Value, path, is string) {
	at := startOf(n)
	r.places[path] = at
	at.good = r.fill(n, v, path, is)
	r.places[path] = at
}

func (r *reader) fill(n ast.Node, v reflect.Value, path, is string) bool {
	if o, ok := v.Addr().Interface().(*Options); ok {
		return r.options(n, o, path)
	}
	switch v.Kind() {
	case reflect.Struct:
		return r.group(n, v, path)
	case reflect.Slice:
		return r.list(n, v, path, is)
	case reflect.Map:
		return r.choices(n, v, path, is)
	case reflect.Int:
		return r.number(n, v, path, is)
	case reflect.Bool:
		return r.flag(n, v, path)
	}
	return r.text(n, v, path, is)
}

// group reads the keys of a struct: unknown and double ones are faults, so are missing ones that are needed; the others
// get their presets.
func (r *reader) group(n ast.Node, v reflect.Value, path string) bool {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		r.fault(path, Fault{Wrong: "found " + describe(n), Want: "a group of the keys " + strings.Join(names(v.Type()), ", ")})
		return false
	}
	for _, pair := range m.Values {
		r.key(pair, v, path)
	}
	for i := range v.NumField() {
		r.absent(v.Type().Field(i), v.Field(i), path)
	}
	return true
}

// key reads one key of a group, and refuses one that is not known or stands there for the second time.
func (r *reader) key(pair *ast.MappingValueNode, v reflect.Value, path string) {
	name := pair.Key.GetToken().Value
	key, at := join(path, name), startOf(pair.Key)
	field, target, known := fieldOf(v, name)
	switch {
	case !known:
		r.faultAt(at, Fault{Key: key, Wrong: "this key is not known", Want: "one of " + strings.Join(names(v.Type()), ", "),
			Nearest: nearest(name, names(v.Type()))})
	case r.given(key):
		r.faultAt(at, Fault{Key: key, Want: "it once",
			Wrong: fmt.Sprintf("this key is here for the second time, after line %d", r.places[key].line)})
	default:
		r.value(pair.Value, target, key, field.Tag.Get("is"))
		r.length(target, key, field.Tag)
	}
}

// absent sets the preset of a key that was left out, or says that it may not be.
func (r *reader) absent(f reflect.StructField, v reflect.Value, path string) {
	name := f.Tag.Get("yaml")
	if name == "" || r.given(join(path, name)) {
		return
	}
	if f.Tag.Get("need") != "" {
		r.fault(path, Fault{Key: join(path, name), Wrong: "is missing", Want: wordsOf(f)})
		return
	}
	preset(v, f.Tag.Get("default"))
}

// preset fills in what holds for a key that was left out; a group gets the presets of its keys.
func preset(v reflect.Value, words string) {
	switch {
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			preset(v.Field(i), v.Type().Field(i).Tag.Get("default"))
		}
	case words == "":
	case v.Kind() == reflect.String:
		v.SetString(words)
	case v.Kind() == reflect.Int:
		n, _ := strconv.Atoi(words)
		v.SetInt(int64(n))
	case v.Kind() == reflect.Slice:
		v.Set(reflect.ValueOf(strings.Fields(words)))
	}
}

func (r *reader) list(n ast.Node, v reflect.Value, path, is string) bool {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		r.fault(path, Fault{Wrong: "found " + describe(n), Want: "a list"})
		return false
	}
	v.Set(reflect.MakeSlice(v.Type(), len(s.Values), len(s.Values)))
	for i, one := range s.Values {
		r.value(one, v.Index(i), fmt.Sprintf("%s[%d]", path, i), is)
	}
	return true
}

// length judges how many entries a list has.
func (r *reader) length(v reflect.Value, path string, tag reflect.StructTag) {
	least, _ := strconv.Atoi(tag.Get("least"))
	most, _ := strconv.Atoi(tag.Get("most"))
	if v.Kind() != reflect.Slice || !r.good(path) || v.Len() >= least && v.Len() <= most {
		return
	}
	r.fault(path, Fault{Wrong: fmt.Sprintf("found a list of %d", v.Len()), Want: fmt.Sprintf("a list of %d to %d", least, most)})
	at := r.places[path]
	r.places[path] = place{at.line, at.column, false}
}

// options reads the word topics, or a list of id and label.
func (r *reader) options(n ast.Node, o *Options, path string) bool {
	if s, ok := textOf(n); ok && s == "topics" {
		o.Topics = true
		return true
	}
	if _, ok := n.(*ast.SequenceNode); !ok {
		r.fault(path, Fault{Wrong: "found " + describe(n), Want: "the word topics, or a list of 2 to 12 with id and label"})
		return false
	}
	r.list(n, reflect.ValueOf(&o.List).Elem(), path, "")
	if len(o.List) < 2 || len(o.List) > mostOptions {
		r.fault(path, Fault{Wrong: fmt.Sprintf("found a list of %d", len(o.List)), Want: fmt.Sprintf("a list of 2 to %d", mostOptions)})
		return false
	}
	return true
}

// mostOptions keeps a list short enough for one screen: LINE has 13 quick replies, of which some are for going back and
// the like. What does not fit beside them comes in pages, as a long list of topics does.
// https://developers.line.biz/en/reference/messaging-api/#quick-reply
const mostOptions = 12

// choices reads when: which earlier fields must have which answer.
func (r *reader) choices(n ast.Node, v reflect.Value, path, is string) bool {
	m, ok := n.(*ast.MappingNode)
	if !ok || len(m.Values) == 0 {
		r.fault(path, Fault{Wrong: "found " + describe(n), Want: "an earlier field and its answer, like {cost: some}"})
		return false
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, pair := range m.Values {
		name, one := pair.Key.GetToken().Value, reflect.New(v.Type().Elem()).Elem()
		r.value(pair.Value, one, join(path, name), is)
		at := startOf(pair.Key)
		r.places[join(path, name)+"#"] = place{at.line, at.column, true}
		v.SetMapIndex(reflect.ValueOf(name), one)
	}
	return true
}

func (r *reader) number(n ast.Node, v reflect.Value, path, is string) bool {
	var low, high int
	_, _ = fmt.Sscanf(is, "number %d %d", &low, &high) // the tag is ours
	i, isNumber := n.(*ast.IntegerNode)
	got := -1
	if isNumber {
		got, _ = strconv.Atoi(i.Token.Value)
	}
	if got < low || got > high {
		r.fault(path, Fault{Wrong: "found " + describe(n), Want: fmt.Sprintf("a whole number from %d to %d", low, high)})
		return false
	}
	v.SetInt(int64(got))
	return true
}

func (r *reader) flag(n ast.Node, v reflect.Value, path string) bool {
	b, ok := n.(*ast.BoolNode)
	if !ok {
		r.fault(path, Fault{Wrong: "found " + describe(n), Want: "true or false"})
		return false
	}
	v.SetBool(b.Value)
	return true
}

func (r *reader) text(n ast.Node, v reflect.Value, path, is string) bool {
	want := valueOf(is)
	s, isText := textOf(n)
	if !isText || !want.ok(s) {
		r.fault(path, Fault{Wrong: "found " + describe(n) + inQuotes(n), Want: want.words, Nearest: nearest(s, want.names)})
		return false
	}
	v.SetString(s)
	return true
}

// inQuotes tells what to do about a text that YAML takes for something else.
func inQuotes(n ast.Node) string {
	switch n.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return " (text of this kind stands in quotation marks)"
	}
	return ""
}
