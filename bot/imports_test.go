package bot_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// room is one line of the table in docs/rooms.md.
type room struct {
	imports []string
	outside []string // nil: not restricted
}

// rooms reads the table that people read, so that there is no second one.
func rooms(t *testing.T) map[string]room {
	t.Helper()
	page, err := os.ReadFile("../docs/rooms.md")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]room{}
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(line, "|")
		if len(cells) != 6 || !strings.HasPrefix(strings.TrimSpace(cells[1]), "`") {
			continue
		}
		r := room{imports: words(cells[3])}
		if outside := strings.TrimSpace(cells[4]); outside != "any" {
			r.outside = words(outside)
		}
		all[words(cells[1])[0]] = r
	}
	return all
}

// words are the names in a cell, with the three that stand for several spelled out.
func words(cell string) []string {
	pure := []string{"bot", "bot/text", "bot/msg", "bot/form", "bot/proposal", "bot/calendar"}
	below := append([]string{"store"}, pure...)
	stand := map[string][]string{
		"pure": pure, "below": below, "none": {},
		"flow": append([]string{"bot/card", "bot/ledger", "bot/outbox", "store/session"}, below...),
	}
	out := []string{}
	for _, w := range strings.Fields(cell) {
		if several, ok := stand[w]; ok {
			out = append(out, several...)
			continue
		}
		out = append(out, strings.Trim(w, "`"))
	}
	return out
}

type goPackage struct {
	ImportPath string
	Imports    []string
	Standard   bool
}

func TestImports(t *testing.T) {
	t.Parallel()
	all := rooms(t)
	if len(all) < 20 {
		t.Fatalf("docs/rooms.md has %d rooms; is the table still there?", len(all))
	}
	for _, p := range packages(t) {
		name, ours := strings.CutPrefix(p.ImportPath, "tsunagi/")
		if !ours {
			continue // main joins the parts and may import all of them
		}
		r, known := all[top(all, name)]
		if !known {
			t.Errorf("room %s is not in docs/rooms.md", name)
		}
		for _, i := range p.Imports {
			within, ours := strings.CutPrefix(i, "tsunagi/")
			if ours && top(all, within) != top(all, name) && !slices.Contains(r.imports, top(all, within)) {
				t.Errorf("%s imports %s, which docs/rooms.md does not allow", name, within)
			}
		}
		judgeOutside(t, name, r, p.Imports)
	}
}

// judgeOutside holds a restricted room against what it may import from outside; a pure one also keeps away from clock
// and world.
func judgeOutside(t *testing.T, name string, r room, imports []string) {
	t.Helper()
	if r.outside == nil {
		return
	}
	for _, i := range imports {
		first, _, _ := strings.Cut(i, "/")
		known := slices.ContainsFunc(r.outside, func(a string) bool { return i == a || strings.HasPrefix(i, a+"/") })
		if strings.Contains(first, ".") && !known {
			t.Errorf("%s must not import %s", name, i)
		}
		if strings.HasPrefix(name, "bot") && slices.Contains([]string{"context", "net/http", "os", "database/sql"}, i) {
			t.Errorf("pure room %s must not import %s", name, i)
		}
	}
}

// top is the room of the table that a package stands in: the longest entry that it is or is within.
func top(all map[string]room, name string) string {
	for r := name; r != ""; r = r[:max(strings.LastIndex(r, "/"), 0)] {
		if _, ok := all[r]; ok {
			return r
		}
	}
	return name
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,Standard", "tsunagi/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// TestDependencies: each direct dependency has its sentence in docs/dependencies.md.
func TestDependencies(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{if not (or .Indirect .Main)}}{{.Path}}{{end}}", "all").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	direct := strings.Fields(string(out))
	if len(direct) < 10 {
		t.Fatalf("go list names %d direct dependencies", len(direct))
	}
	for _, path := range direct {
		if !strings.Contains(string(page), "| "+path+" |") {
			t.Errorf("%s has no line in docs/dependencies.md", path)
		}
	}
}
