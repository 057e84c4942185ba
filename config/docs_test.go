package config_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"tsunagi/config"
)

// docs/settings.md holds two tables made from the code: the settings, and the keys of the profile. With -update this
// test writes them.
func TestDocs(t *testing.T) {
	t.Parallel()
	const file = "../docs/settings.md"
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc := made(t, string(content), "settings", settingsTable(t))
	doc = made(t, doc, "profile", profileTables(t))
	golden(t, file, doc)
}

// made puts a table between its two marks.
func made(t *testing.T, doc, mark, table string) string {
	t.Helper()
	begin, end := "<!-- made from the code: "+mark+" -->\n", "<!-- end: "+mark+" -->"
	before, rest, ok := strings.Cut(doc, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("no marks for %s", mark)
	}
	return before + begin + "\n" + table + "\n" + end + after
}

func settingsTable(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| name | default | needed by | meaning | example |\n| --- | --- | --- | --- | --- |\n")
	meanings := comments(t, "settings.go")
	s := reflect.TypeFor[config.Settings]()
	for i := range s.NumField() {
		f := s.Field(i)
		name := f.Tag.Get("env")
		want, example := config.RuleOf(name)
		if strings.HasPrefix(want, "one of") {
			example = strings.TrimPrefix(want, "one of ")
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", name, code(f.Tag.Get("envDefault")),
			strings.ReplaceAll(f.Tag.Get("need"), ",", ", "), meaning(t, meanings["Settings"][f.Name], f.Name, name), code(example))
	}
	return b.String()
}

func profileTables(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile("profiles/kishiwada.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var example any
	if err := yaml.Unmarshal(content, &example); err != nil {
		t.Fatal(err)
	}
	d := tables{t: t, comments: comments(t, "profile.go"), done: map[reflect.Type]bool{}}
	d.table("", reflect.TypeFor[config.Profile](), example)
	return strings.TrimRight(d.b.String(), "\n") + "\n"
}

// tables writes one table for each group of keys, from the outside in.
type tables struct {
	t        *testing.T
	comments map[string]map[string]string
	done     map[reflect.Type]bool
	b        strings.Builder
}

func (d *tables) table(path string, group reflect.Type, example any) {
	if d.done[group] {
		return
	}
	d.done[group] = true
	title := "The top level"
	if path != "" {
		title = "`" + path + "`"
	}
	fmt.Fprintf(&d.b, "#### %s\n\n| key | value | default | meaning | example |\n| --- | --- | --- | --- | --- |\n", title)
	for _, f := range keys(group) {
		d.row(f, group.Name(), find(example, f.Tag.Get("yaml")))
	}
	d.b.WriteString("\n")
	for _, f := range keys(group) {
		d.below(path, f, find(example, f.Tag.Get("yaml")))
	}
}

func (d *tables) row(f reflect.StructField, group string, example any) {
	name, preset := f.Tag.Get("yaml"), code(f.Tag.Get("default"))
	if f.Tag.Get("need") != "" {
		preset = "needed"
	}
	fmt.Fprintf(&d.b, "| `%s` | %s | %s | %s | %s |\n", name, escape(words(d.t, f)), preset,
		meaning(d.t, d.comments[group][f.Name], f.Name, name), code(short(example)))
}

// below goes on with the groups within, once for each kind of group.
func (d *tables) below(path string, f reflect.StructField, example any) {
	inner, mark := f.Type, ""
	if inner == reflect.TypeFor[config.Options]() {
		inner = reflect.TypeFor[[]config.Option]()
	}
	if inner.Kind() == reflect.Slice {
		inner, mark = inner.Elem(), "[]"
	}
	if inner.Kind() == reflect.Struct {
		d.table(strings.TrimPrefix(path+"."+f.Tag.Get("yaml")+mark, "."), inner, example)
	}
}

func keys(group reflect.Type) []reflect.StructField {
	var all []reflect.StructField
	for i := range group.NumField() {
		if group.Field(i).Tag.Get("yaml") != "" {
			all = append(all, group.Field(i))
		}
	}
	return all
}

// words says what a key must hold; where a table of its own follows, no more than that.
func words(t *testing.T, f reflect.StructField) string {
	t.Helper()
	switch {
	case f.Type == reflect.TypeFor[config.Options]():
		return "`topics`, or a list of 2 to 12, see below"
	case f.Type.Kind() == reflect.Struct:
		return "see below"
	case f.Type.Kind() == reflect.Map:
		return "ids of earlier fields, each with an answer"
	case f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct:
		all, _, _ := strings.Cut(config.WordsOf(f), ", each")
		return all + ", see below"
	}
	w := config.WordsOf(f)
	if w == "" {
		t.Errorf("the key %s has no words for its value", f.Name)
	}
	return w
}

// find looks for a key in the example, through lists until one entry has it.
func find(example any, key string) any {
	switch e := example.(type) {
	case map[string]any:
		return e[key]
	case []any:
		for _, one := range e {
			if got := find(one, key); got != nil {
				return got
			}
		}
	}
	return nil
}

// short is the example of a plain value; groups have their own tables.
func short(example any) string {
	switch e := example.(type) {
	case nil, []map[string]any:
		return ""
	case []any:
		return shortList(e)
	case map[string]any:
		if len(e) > 1 {
			return ""
		}
		for k, v := range e {
			if s := short(v); s != "" {
				return fmt.Sprintf("{%s: %s}", k, s)
			}
		}
		return ""
	}
	line, _, more := strings.Cut(fmt.Sprint(example), "\n")
	if r := []rune(line); len(r) > 40 {
		line, more = string(r[:40]), true
	}
	if more {
		line += "…"
	}
	return line
}

func shortList(list []any) string {
	var all []string
	for _, one := range list {
		if s := short(one); s != "" {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "[" + strings.Join(all, ", ") + "]"
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func escape(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "\n", " ").Replace(s)
}

// meaning makes a sentence of a comment: "Name is what people read" becomes "What people read".
func meaning(t *testing.T, comment, goName, name string) string {
	t.Helper()
	rest, ok := strings.CutPrefix(strings.Join(strings.Fields(comment), " "), goName+" ")
	if !ok {
		t.Errorf("the comment of %s does not begin with its name: %q", goName, comment)
	}
	for _, verb := range []string{"is ", "are ", "says ", "say "} {
		if what, ok := strings.CutPrefix(rest, verb); ok {
			return escape(strings.ToUpper(what[:1]) + what[1:])
		}
	}
	return escape("`" + name + "` " + rest)
}

// comments reads the comments of the fields of each struct in a file, so that they are written only once.
func comments(t *testing.T, file string) map[string]map[string]string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]string{}
	ast.Inspect(tree, func(n ast.Node) bool {
		spec, isType := n.(*ast.TypeSpec)
		if !isType {
			return true
		}
		if s, isStruct := spec.Type.(*ast.StructType); isStruct {
			all[spec.Name.Name] = map[string]string{}
			for _, f := range s.Fields.List {
				for _, name := range f.Names {
					all[spec.Name.Name][name.Name] = f.Doc.Text()
				}
			}
		}
		return true
	})
	return all
}
