package text_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// usage is what the Go sources of the module say, tests left out.
type usage struct {
	literals map[string]bool   // every string that stands anywhere
	prefixes map[string]string // "state." of "state."+…, and where it stands
	consts   map[string]string // values of string constants, by name
	calls    []call
}

// call is one place where words are asked for with the key in plain sight.
type call struct {
	at, key string
	names   map[string]bool // of arguments; nil if they cannot be told
}

func TestKeys_that_are_asked_for_are_there(t *testing.T) {
	t.Parallel()
	c, u := load(t, "ja"), readModule(t)
	for _, call := range u.calls {
		if !c.Has(call.key) {
			t.Errorf("%s: %s is in no catalogue", call.at, call.key)
		}
		if call.names == nil {
			continue
		}
		for _, name := range c.Args(call.key) {
			if !call.names[name] {
				t.Errorf("%s: %s needs {%s}", call.at, call.key, name)
			}
		}
	}
}

// pending lists beginnings of keys that wait for the code that will use them.
func pending() []string { return []string{"error."} }

func TestKeys_that_are_there_are_used(t *testing.T) {
	t.Parallel()
	c, u := load(t, "ja"), readModule(t)
	for _, key := range c.Keys() {
		if !u.literals[key] && !u.begins(key) && !beginsWithAny(key, pending()) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

// begins reports whether the code puts keys together that begin like this one.
func (u usage) begins(key string) bool {
	for prefix := range u.prefixes {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

func beginsWithAny(key string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// readModule parses all Go files but tests. A file that does not parse is read as far as it does.
func readModule(t *testing.T) usage {
	t.Helper()
	u := usage{literals: map[string]bool{}, prefixes: map[string]string{}, consts: map[string]string{}}
	root, positions := filepath.Join("..", ".."), token.NewFileSet()
	var files []*ast.File
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // a file came or went meanwhile
		case d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != root):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		if file, _ := parser.ParseFile(positions, path, nil, parser.SkipObjectResolution); file != nil {
			files = append(files, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		u.readConsts(file)
	}
	for _, file := range files {
		u.readFile(positions, file)
	}
	if len(u.calls) == 0 {
		t.Fatal("no lines found: is this the module's root?")
	}
	return u
}

func (u *usage) readConsts(file *ast.File) {
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			values, ok := spec.(*ast.ValueSpec)
			if !ok {
				continue
			}
			for i, v := range values.Values {
				if s, ok := literal(v); ok && i < len(values.Names) {
					u.consts[file.Name.Name+"."+values.Names[i].Name] = s
				}
			}
		}
	}
}

func (u *usage) readFile(positions *token.FileSet, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if s, ok := literal(n); ok {
				u.literals[s] = true
			}
		case *ast.BinaryExpr:
			if s, ok := literal(n.X); ok && n.Op == token.ADD && isPrefix(s) {
				u.prefixes[s] = positions.Position(n.Pos()).String()
			}
		case *ast.CallExpr:
			u.readCall(positions.Position(n.Pos()).String(), file.Name.Name, n)
		}
		return true
	})
}

func isPrefix(s string) bool { return strings.HasSuffix(s, ".") && isKey(s+"x") }

func isKey(s string) bool { return regexp.MustCompile(`^[a-z_]+(\.[a-z0-9_]+)+$`).MatchString(s) }

// readCall looks at whatever says or refuses something by key: text.Say, bot.Refuse, and the say of a flow.
func (u *usage) readCall(at, pkg string, n *ast.CallExpr) {
	first, ok := keyAt(n.Fun)
	if !ok || len(n.Args) <= first {
		return
	}
	key, ok := u.key(pkg, n.Args[first])
	if !ok || !isKey(key) {
		return
	}
	u.calls = append(u.calls, call{at: at, key: key, names: argNames(n, first+1)})
}

func (u *usage) key(pkg string, e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.Ident:
		s, ok := u.consts[pkg+"."+e.Name]
		return s, ok
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			s, ok := u.consts[x.Name+"."+e.Sel.Name]
			return s, ok
		}
	}
	return literal(e)
}

// keyAt tells which argument of a function is the key.
func keyAt(fun ast.Expr) (int, bool) {
	name := ""
	switch f := fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	switch name {
	case "Say", "say", "Words":
		return 0, true
	case "Refuse", "refuse":
		return 1, true
	}
	return 0, false
}

// argNames reads the names of the arguments; nil if they are handed on from elsewhere.
func argNames(n *ast.CallExpr, from int) map[string]bool {
	if n.Ellipsis.IsValid() {
		return nil
	}
	names := map[string]bool{}
	for i := from; i < len(n.Args); i += 2 {
		name, ok := literal(n.Args[i])
		if !ok {
			return nil
		}
		names[name] = true
	}
	return names
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}
