package msg_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot/msg"
)

// Every press that the code makes has its row, and every row its press.
func TestDeeds_are_all_presses(t *testing.T) {
	t.Parallel()
	made, listed := map[string]bool{}, map[string]bool{}
	for _, call := range calls(t) {
		made[call] = true
	}
	for _, d := range msg.Deeds() {
		listed[d.Do] = true
	}
	for _, menu := range []string{"menu.propose", "menu.consult", "menu.withdraw", "menu.help"} {
		made[menu] = true // whose Do is an argument
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(made)), slices.Sorted(maps.Keys(listed))); diff != "" {
		t.Errorf("presses (-made +listed):\n%s", diff)
	}
}

// Nothing that cannot be undone counts from a screen that is over.
func TestDeeds_that_are_final_are_fresh(t *testing.T) {
	t.Parallel()
	seen := map[[3]string]bool{}
	for _, d := range msg.Deeds() {
		if d.Undo == "" && !d.Fresh {
			t.Errorf("%+v cannot be undone, and counts from any screen", d)
		}
		key := [3]string{d.On, d.Do, d.Part}
		if seen[key] {
			t.Errorf("%v is listed twice", key)
		}
		seen[key] = true
	}
}

// calls are the Do's of all presses made in plain sight, tests left out.
func calls(t *testing.T) (out []string) {
	t.Helper()
	root, positions := filepath.Join("..", ".."), token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // a file came or went meanwhile
		case d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != root):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(positions, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			if called, ok := call.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == "Do" {
				if from, ok := called.X.(*ast.Ident); ok && from.Name == "msg" {
					if literal, ok := call.Args[0].(*ast.BasicLit); ok {
						do, _ := strconv.Unquote(literal.Value)
						out = append(out, do)
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
