package config_test

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/form"
	"tsunagi/config"
)

func TestEmbedded(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"itabashi", "kishiwada", "osaka"}, config.Embedded()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// load reads an embedded profile.
func load(t *testing.T, name string) bot.Desk {
	t.Helper()
	p, err := config.LoadProfile(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p.Desk()
}

func TestEmbeddedProfilesAreWhole(t *testing.T) {
	t.Parallel()
	for _, name := range config.Embedded() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := load(t, name)
			between(t, "fields", len(d.Proposal.Fields), 9, 14)
			between(t, "fields of a consultation", len(d.Consultation.Fields), 3, 4)
			between(t, "departments", len(d.Departments), 8, 14)
			if d.Location.String() != "Asia/Tokyo" || d.Calendar.FiscalYear(calendar.Date{Year: 2027, Month: time.March, Day: 31}) != 2026 {
				t.Errorf("place %s, calendar %+v", d.Location, d.Calendar)
			}
			newYear := calendar.Date{Year: 2026, Month: time.December, Day: 29}
			if d.Calendar.IsWorkingDay(newYear) {
				t.Error("open on 29 December")
			}
			if got := d.Receipt.Number(2026, 1); !strings.HasSuffix(got, "2026-0001") {
				t.Errorf("receipt number %s", got)
			}
			for _, dep := range d.Departments {
				if dep.Duties == "" || len(dep.Topics) == 0 {
					t.Errorf("department %s has no duties or no topics", dep.ID)
				}
			}
			for _, topic := range d.Topics {
				if !slices.ContainsFunc(d.Departments, func(x bot.Department) bool { return slices.Contains(x.Topics, topic.ID) }) {
					t.Errorf("no department stands for the topic %s", topic.ID)
				}
			}
		})
	}
}

func between(t *testing.T, what string, got, low, high int) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%d %s, want %d to %d", got, what, low, high)
	}
}

// Every sentence ends as a polite one does, and every hint gives an example.
func TestEmbeddedProfilesArePolite(t *testing.T) {
	t.Parallel()
	polite := regexp.MustCompile(`(ください|です|ます|ません|ですか|ますか)。$`)
	for _, name := range config.Embedded() {
		d := load(t, name)
		for _, f := range slices.Concat(d.Proposal.Fields, d.Consultation.Fields) {
			if !polite.MatchString(f.Ask) {
				t.Errorf("%s: %s asks %q", name, f.ID, f.Ask)
			}
			if f.Hint == "" || !strings.Contains(f.Hint, "例") && !polite.MatchString(f.Hint) {
				t.Errorf("%s: %s hints %q", name, f.ID, f.Hint)
			}
			if f.Label == "" || uniseg.GraphemeClusterCount(f.Label) > 20 {
				t.Errorf("%s: %s is labelled %q", name, f.ID, f.Label)
			}
			for _, o := range f.Options {
				if uniseg.GraphemeClusterCount(o.Label) > 18 { // room for the mark of what has been picked
					t.Errorf("%s: %s offers %q", name, f.ID, o.Label)
				}
			}
		}
		for _, r := range d.Rules {
			for line := range strings.SplitSeq(strings.TrimSpace(r.Say), "\n") {
				if !polite.MatchString(line) {
					t.Errorf("%s: the rule on %s says %q", name, r.Field, line)
				}
			}
		}
	}
}

// What each seed says about who may propose what.
func TestEmbeddedRules(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"osaka":     nil,
		"kishiwada": {"proposer individual decline", "purpose sales decline", "purpose donation ask", "cost some contract"},
		"itabashi":  {"proposer individual decline", "purpose sales decline", "cost some contract"},
	} {
		var got []string
		for _, r := range load(t, name).Rules {
			got = append(got, fmt.Sprintf("%s %s %s", r.Field, r.Choice, r.Do))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestProfileDesk(t *testing.T) {
	t.Parallel()
	d := load(t, "kishiwada")
	if d.Name != "岸和田市公民戦略連携デスク" || d.Channel != "C0DESK" || d.Approval != "none" || d.Language != "ja" {
		t.Errorf("desk %+v", d)
	}
	if diff := cmp.Diff(bot.Deadlines{Triage: 2, Verdict: 5, Reply: 10, DraftExpires: 30}, d.Deadlines); diff != "" {
		t.Errorf("deadlines (-want +got):\n%s", diff)
	}
	ids := make([]string, 0, len(d.Proposal.Fields))
	for _, f := range d.Proposal.Fields {
		ids = append(ids, f.ID)
	}
	want := []string{"proposer", "purpose", "organization", "title", "topic", "aim", "idea", "cost", "cost_detail", "prefecture",
		"contact_name", "contact_mail", "documents"}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	topic, _ := d.Proposal.Field("topic")
	if len(topic.Options) != len(d.Topics) || topic.Options[0] != (form.Option{ID: "welfare", Label: "福祉・見守り"}) {
		t.Errorf("topics offered: %v", topic.Options)
	}
	detail, _ := d.Proposal.Field("cost_detail")
	if detail.Kind != form.Money || detail.When["cost"] != "some" {
		t.Errorf("cost_detail %+v", detail)
	}
}

// The version tells a draft whether its form is still the same: it changes with any word, and with nothing else.
func TestFormVersion(t *testing.T) {
	t.Parallel()
	read := func(change func(string) string) bot.Desk {
		p, err := config.ParseProfile("desk.yaml", []byte(change(minimal(t))))
		if err != nil {
			t.Fatal(err)
		}
		return p.Desk()
	}
	same := func(s string) string { return s }
	before, again := read(same), read(same)
	asked := read(func(s string) string { return strings.Replace(s, "Which organization?", "Who are you?", 1) })
	moved := read(func(s string) string { return strings.Replace(s, "C0DESK", "C0OTHER", 1) })
	if v := before.Proposal.Version; v == "" || v != again.Proposal.Version || v != moved.Proposal.Version {
		t.Errorf("version %q, read again %q, with another channel %q", v, again.Proposal.Version, moved.Proposal.Version)
	}
	if before.Proposal.Version == asked.Proposal.Version || before.Consultation.Version != asked.Consultation.Version {
		t.Error("the version must follow the words of its own form")
	}
}

func TestProfileDefaults(t *testing.T) {
	t.Parallel()
	p, err := config.ParseProfile("desk.yaml", []byte(minimal(t)))
	if err != nil {
		t.Fatal(err)
	}
	want := config.About{Name: "Desk of Minato", Municipality: "Minato", Language: "ja", Timezone: "Asia/Tokyo",
		FiscalYearStarts: 4, ReceiptStep: 100, Receipt: "M{fy}-{seq}",
		Hours:   config.Hours{Days: []string{"mon", "tue", "wed", "thu", "fri"}, From: "09:00", To: "17:30"},
		Contact: config.Contact{Phone: "000-000-0000"}}
	if diff := cmp.Diff(want, p.About); diff != "" {
		t.Errorf("desk (-want +got):\n%s", diff)
	}
	accept := config.Eligibility{Individuals: "accept", Sales: "accept", Donation: "accept", CostToCity: "accept"}
	if diff := cmp.Diff(accept, p.Eligibility); diff != "" {
		t.Errorf("eligibility (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(config.Deadlines{Triage: 2, Verdict: 5, Reply: 10, DraftExpires: 30}, p.Deadlines); diff != "" {
		t.Errorf("deadlines (-want +got):\n%s", diff)
	}
	if p.Intake.Replies != "full" || p.Intake.ReplyApproval != "none" || p.Desk().Rules != nil {
		t.Errorf("intake %+v, rules %v", p.Intake, p.Desk().Rules)
	}
}

func TestBurst(t *testing.T) {
	t.Parallel()
	of := func(talk string) (time.Duration, error) {
		text := strings.Replace(minimal(t), "\nintake:\n", "\nintake:\n"+talk, 1)
		p, err := config.ParseProfile("desk.yaml", []byte(text))
		if err != nil {
			return 0, err
		}
		return p.Desk().Burst, nil
	}
	for talk, want := range map[string]time.Duration{
		"": 4 * time.Second, "  talk: {burst: 0s}\n": 0, "  talk: {burst: 1m}\n": time.Minute, "  talk: {burst: 1500ms}\n": 1500 * time.Millisecond,
	} {
		if got, err := of(talk); err != nil || got != want {
			t.Errorf("%q: got %s, %v, want %s", talk, got, err, want)
		}
	}
	for _, wrong := range []string{"-1s", "61s", "4", "soon"} {
		if _, err := of("  talk: {burst: " + wrong + "}\n"); err == nil || !strings.Contains(err.Error(), "intake.talk.burst") {
			t.Errorf("%s: got %v", wrong, err)
		}
	}
}

func TestEligibilityByYesAndNo(t *testing.T) {
	t.Parallel()
	text := strings.Replace(minimal(t), "  consultation:\n", "    - {id: cost, kind: yes_no, ask: Any cost?}\n  consultation:\n", 1) +
		"eligibility: {cost_to_city: decline, texts: {cost_to_city: Sorry.}}\n"
	p, err := config.ParseProfile("desk.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []bot.Rule{{Field: "cost", Choice: form.Yes, Do: bot.Decline, Say: "Sorry."}}
	if diff := cmp.Diff(want, p.Desk().Rules); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func minimal(t *testing.T) string {
	t.Helper()
	content, err := fs.ReadFile(testdata(), "profiles/minimal.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestLoadProfile(t *testing.T) {
	t.Parallel()
	read := func(path string) ([]byte, error) {
		if path != "minimal" {
			return nil, fs.ErrNotExist
		}
		return []byte(minimal(t)), nil
	}
	p, err := config.LoadProfile("minimal", read)
	if err != nil || p.About.Name != "Desk of Minato" {
		t.Errorf("by path: %q, %v", p.About.Name, err)
	}
	_, err = config.LoadProfile("kishiwda", read)
	want := `DESK_PROFILE: no profile can be read at "kishiwda" (file does not exist), expected the path of desk.yaml, or one of itabashi, kishiwada, osaka (did you mean "kishiwada"?)`
	var faults config.Faults
	if !errors.As(err, &faults) || err.Error() != want {
		t.Errorf("a wrong name: got %v, want %s", err, want)
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"name", "municipality", "receipt", "id"}
	for word, want := range map[string]string{
		"nmae": "name", "Municipality": "municipality", "municipalty": "municipality", "recipt": "receipt", "ids": "id",
		"mayor": "", "": "", "nme": "name",
	} {
		if got := config.Nearest(word, names); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}
