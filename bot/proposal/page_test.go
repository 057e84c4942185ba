package proposal_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot/proposal"
)

var update = flag.Bool("update", false, "rewrite the generated part of docs/life-of-a-proposal.md")

const (
	page  = "../../docs/life-of-a-proposal.md"
	begin = "<!-- generated: go test ./bot/proposal -run TestPage -update -->\n"
	end   = "<!-- end of the generated part -->\n"
)

// The page shows the table as it is; with -update it is made so.
func TestPage(t *testing.T) {
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(content), begin)
	got, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has lost the marks around its generated part:\n%s%s", page, begin, end)
	}
	want := "\n" + proposal.Page(words(t)) + "\n"
	if *update {
		if err := os.WriteFile(page, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s is not what the table says; run with -update (-table +page):\n%s", page, diff)
	}
}

// Nobody reads a state or an event without words, neither in the tables nor in the prose around them.
func TestPageNamesEverything(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	prose, _, _ := strings.Cut(string(content), begin)
	say := words(t)
	for _, s := range proposal.States() {
		if say(s.Key()) == "" || !strings.Contains(prose, "`"+string(s)+"`") {
			t.Errorf("state %s lacks words, or the prose of %s never speaks of it", s, page)
		}
	}
	for _, e := range proposal.Events() {
		if say(e.Key()) == "" || !strings.Contains(prose, "`"+string(e)+"`") {
			t.Errorf("event %s lacks words, or the prose of %s never speaks of it", e, page)
		}
	}
}
