package bot_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ownTime lists the tests in which time itself is the subject, with the reason. All others wait for an event, bounded by
// package testwait: a time that is "long enough" is not on a slow machine.
var ownTime = map[string]string{
	"bot/outbox/order_test.go":           "a clock that runs faster than the machine's is made of the machine's",
	"handlers/faults/crash_test.go":      "processes are killed at any time, and people think for a while",
	"handlers/faults/everypoint_test.go": "a point that does not come again is passed over, and nothing tells that it will not",
	"handlers/line/loading_test.go":      "the clock of a synctest bubble",
	"handlers/process_test.go":           "the clock of a synctest bubble",
}

// TestWaits finds what a test would wait for by the machine's clock.
func TestWaits(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, path := range testFiles(t) {
		src, err := os.ReadFile(filepath.Join("..", path))
		if err != nil {
			t.Fatal(err)
		}
		found, err := waits(path, src)
		if err != nil {
			t.Fatal(err)
		}
		seen[path] = len(found) > 0
		if _, allowed := ownTime[path]; allowed {
			continue
		}
		for _, one := range found {
			t.Errorf("%s: wait for an event, within the limit of package testwait", one)
		}
	}
	for path := range ownTime {
		if !seen[path] {
			t.Errorf("%s waits for no time any more: take it from the list", path)
		}
	}
}

func testFiles(t *testing.T) []string {
	t.Helper()
	var all []string
	err := fs.WalkDir(os.DirFS(".."), ".", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, "_test.go") {
			all = append(all, path)
		}
		return err
	})
	if err != nil || len(all) < 100 {
		t.Fatalf("found %d files with tests, %v", len(all), err)
	}
	return all
}

// timed are the functions that wait for a time, or make something that does.
var timed = []string{
	"time.Sleep", "time.After", "time.AfterFunc", "time.NewTimer", "time.Tick", "context.WithTimeout", "context.WithTimeoutCause",
	"context.WithDeadline", "context.WithDeadlineCause",
}

// waits lists the places of a file where a time is waited for: one of these calls, or a client with a time of its own.
func waits(path string, src []byte) ([]string, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, src, 0)
	if err != nil {
		return nil, err
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if name := selected(n.Fun); slices.Contains(timed, name) {
				found = append(found, fmt.Sprintf("%s: %s", files.Position(n.Pos()), name))
			}
		case *ast.CompositeLit:
			if selected(n.Type) == "http.Client" && sets(n, "Timeout", "testwait.Limit") {
				found = append(found, fmt.Sprintf("%s: http.Client with a Timeout", files.Position(n.Pos())))
			}
		}
		return true
	})
	return found, nil
}

// selected is package.Name of an expression, if it is one.
func selected(e ast.Expr) string {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	of, ok := s.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return of.Name + "." + s.Sel.Name
}

// sets tells whether a value sets the field to anything but what is allowed.
func sets(v *ast.CompositeLit, field, allowed string) bool {
	return slices.ContainsFunc(v.Elts, func(e ast.Expr) bool {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return false
		}
		key, ok := pair.Key.(*ast.Ident)
		return ok && key.Name == field && selected(pair.Value) != allowed
	})
}

func TestWaits_are_found(t *testing.T) {
	t.Parallel()
	const source = `package x
		func f() {
			time.Sleep(time.Second)
			select { case <-time.After(d): }
			ctx, cancel := context.WithTimeout(ctx, soon)
			c := http.Client{Timeout: 3 * time.Second}
			fine := http.Client{Timeout: testwait.Limit}
			alsoFine, cancel := context.WithCancel(ctx)
		}`
	found, err := waits("x_test.go", []byte(source))
	if err != nil || len(found) != 4 {
		t.Errorf("found %v, %v, want four", found, err)
	}
}
