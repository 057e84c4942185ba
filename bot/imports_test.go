package bot_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// table is who may import whom within Tsunagi, as docs/rooms.md says it: downwards only. A room may also import rooms
// that stand within itself.
func table() map[string][]string {
	pure := []string{"bot", "bot/text", "bot/msg", "bot/form", "bot/proposal", "bot/calendar"}
	below := func(more ...string) []string { return append(more, pure...) }
	flow := below("bot/card", "bot/ledger", "bot/outbox", "store", "store/session")
	return map[string][]string{
		"bot": pure, "bot/text": nil, "bot/msg": {"bot/text"}, "bot/form": {"bot/text", "bot/msg"},
		"bot/proposal": {"bot/calendar", "bot/text"}, "bot/calendar": nil,
		"config": pure, "config/profiles": nil,
		"store": pure, "store/session": nil, "store/embedded": nil, "store/storetest": {"store", "store/embedded"},
		"bot/ledger": below("store"), "bot/outbox": below("store"), "bot/card": below("bot/ledger", "store"),
		"bot/concierge": flow, "bot/coordinator": flow, "bot/desk": flow, "bot/watch": flow,
		"handlers":              {"bot/outbox"},
		"handlers/line":         append(flow[:len(flow):len(flow)], "bot/concierge", "config"),
		"handlers/slack":        append(flow[:len(flow):len(flow)], "bot/coordinator", "bot/desk", "config"),
		"handlers/line/linesim": nil, "handlers/slack/slacksim": nil,
		"handlers/playground": append(flow[:len(flow):len(flow)], "config", "store/embedded", "handlers/line/linesim", "handlers/slack/slacksim"),
		"handlers/bench":      append(flow[:len(flow):len(flow)], "store/embedded", "handlers/slack/slacksim"),
	}
}

// outside is what pure rooms and simulators may import beyond the standard library: data about language and calendars,
// and a websocket.
func outside() map[string][]string {
	return map[string][]string{
		"bot": nil, "bot/text": {"github.com/goccy/go-yaml"}, "bot/msg": nil, "bot/proposal": nil,
		"bot/form":                {"golang.org/x/text", "github.com/nyaruka/phonenumbers", "github.com/rivo/uniseg"},
		"bot/calendar":            {"github.com/rickar/cal/v2"},
		"handlers/line/linesim":   nil,
		"handlers/slack/slacksim": {"github.com/gorilla/websocket"},
	}
}

type goPackage struct {
	ImportPath string
	Imports    []string
	Standard   bool
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, "tsunagi/")
		allowed, known := table()[top(room)]
		if room == "tsunagi" {
			continue // main joins the parts and may import all of them
		}
		if !known {
			t.Errorf("room %s is not in the import table", room)
		}
		for _, i := range p.Imports {
			within, ours := strings.CutPrefix(i, "tsunagi/")
			if ours && top(within) != top(room) && !slices.Contains(allowed, top(within)) {
				t.Errorf("%s imports %s, which the table does not allow", room, within)
			}
		}
		judgeOutside(t, room, p.Imports)
	}
}

func judgeOutside(t *testing.T, room string, imports []string) {
	t.Helper()
	allowed, judged := outside()[room]
	if !judged {
		return
	}
	for _, i := range imports {
		first, _, _ := strings.Cut(i, "/")
		ours := strings.HasPrefix(i, "tsunagi/")
		known := slices.ContainsFunc(allowed, func(a string) bool { return i == a || strings.HasPrefix(i, a+"/") })
		if !ours && strings.Contains(first, ".") && !known {
			t.Errorf("%s must not import %s", room, i)
		}
		if strings.HasPrefix(room, "bot") && slices.Contains([]string{"context", "net/http", "os", "database/sql"}, i) {
			t.Errorf("pure room %s must not import %s", room, i)
		}
	}
}

// top is the room of the table that a package stands in: the longest entry that it is or is within.
func top(room string) string {
	for r := room; r != ""; r = r[:max(strings.LastIndex(r, "/"), 0)] {
		if _, ok := table()[r]; ok {
			return r
		}
	}
	return room
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
