package rights_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/rights"
)

var update = flag.Bool("update", false, "rewrite the generated part of docs/roles.md")

const (
	page  = "../../docs/roles.md"
	begin = "<!-- generated: go test ./bot/rights -run TestPage -update -->\n"
)

// The page shows the table as it is; with -update it is made so.
func TestPage(t *testing.T) {
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, got, found := strings.Cut(string(content), begin)
	if !found {
		t.Fatalf("%s has lost the mark before its generated part", page)
	}
	want := "\n" + rights.Page()
	if *update {
		got = want
		if err := os.WriteFile(page, []byte(before+begin+want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got != want {
		t.Errorf("%s is not what the table says; run with -update", page)
	}
}

// Every cell, written down a second time by how far each act goes.
func TestEveryCell(t *testing.T) {
	t.Parallel()
	reach := map[string]int{}
	for n, acts := range map[int]string{
		2: "proposal.take proposal.assign proposal.refer proposal.forward proposal.waive proposal.decline proposal.move " +
			"message.file message.choose delivery.release delivery.drop /desk_forward /desk_assign /desk_noreply /desk_state " +
			"/desk_search /desk_dead",
		3: "proposal.reply proposal.send proposal.details verdict",
		4: "/desk_home /desk_list /desk_show /desk_reply /desk_help /desk_version",
	} {
		for _, act := range strings.Fields(acts) {
			reach[strings.ReplaceAll(act, "_", " ")] = n
		}
	}
	if len(reach) != len(rights.Table()) {
		t.Errorf("%d acts are tried, the table has %d", len(reach), len(rights.Table()))
	}
	people := []rights.Who{
		rights.Of(bot.Actor{Manager: true}, false), rights.Of(bot.Actor{Desk: true}, false),
		rights.Of(bot.Actor{Departments: []bot.DepartmentID{"a"}}, true),
		rights.Of(bot.Actor{Departments: []bot.DepartmentID{"a"}}, false), rights.Of(bot.Actor{}, true),
	}
	if !slices.Equal(people, rights.Everybody()) {
		t.Fatalf("people are %v", people)
	}
	for act, n := range reach {
		for i, who := range people {
			if got := rights.May(who, act); got != (i < n) {
				t.Errorf("%s: %s = %v", act, who, got)
			}
		}
	}
	if rights.May(rights.Manager, "no such act") {
		t.Error("what is not in the table is allowed")
	}
}
