package desk_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/desk"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// office is a desk of Kishiwada with a real database, and whoever types a command there.
type office struct {
	t      *testing.T
	d      *desk.Desk
	url    string // of the database
	db     *store.DB
	ledger *ledger.Ledger
	desk   *bot.Desk
	now    time.Time
	n      int
}

// The people in these tests. U0SATO and U0MORI are at the desk, U0CHIEF is a manager who is not in its channel.
func sato() bot.Actor    { return bot.Actor{ID: "U0SATO", Name: "佐藤", Desk: true} }
func mori() bot.Actor    { return bot.Actor{ID: "U0MORI", Name: "森", Desk: true} }
func chief() bot.Actor   { return bot.Actor{ID: "U0CHIEF", Name: "課長", Manager: true} }
func welfare() bot.Actor { return of("U0FUKUSHI", "welfare") }
func health() bot.Actor  { return of("U0KENKO", "health") }
func outsider() bot.Actor {
	return bot.Actor{ID: "U0GUEST", Name: "来客"}
}

func of(user string, ds ...bot.DepartmentID) bot.Actor {
	return bot.Actor{ID: user, Name: user, Departments: ds}
}

// staff is the directory of these tests.
type staff struct{}

func everybody() []bot.Actor {
	return []bot.Actor{sato(), mori(), chief(), welfare(), health(), outsider()}
}

func (staff) Name(_ context.Context, user string) string {
	for _, a := range everybody() {
		if a.ID == user {
			return a.Name
		}
	}
	return user
}

func (staff) Actor(_ context.Context, user, _ string) (bot.Actor, error) {
	for _, a := range everybody() {
		if a.ID == user {
			return a, nil
		}
	}
	return bot.Actor{ID: user}, nil
}

// kishiwada is the desk of these tests, read once: to read a profile takes as long as many a test.
var kishiwada = sync.OnceValues(func() (config.Profile, error) { return config.LoadProfile("kishiwada", os.ReadFile) })

// catalogues are read once each.
var catalogues = map[string]func() (*text.Catalogue, error){"ja": readOnce("ja"), "en": readOnce("en")}

func readOnce(lang string) func() (*text.Catalogue, error) {
	return sync.OnceValues(func() (*text.Catalogue, error) { return text.Load(lang) })
}

func newOffice(t *testing.T, lang string) *office {
	t.Helper()
	o := &office{t: t, url: storetest.URL(t), now: time.Date(2026, 11, 20, 10, 0, 0, 0, time.FixedZone("JST", 9*3600))}
	o.db = storetest.Open(t, o.url, store.Options{Now: func() time.Time { return o.now }, NewID: uuid.New})
	profile, err := kishiwada()
	if err != nil {
		t.Fatal(err)
	}
	about := profile.Desk()
	o.desk, o.ledger = &about, ledger.New(&about)
	words, err := catalogues[lang]()
	if err != nil {
		t.Fatal(err)
	}
	o.d = desk.New(desk.Parts{DB: o.db, Ledger: o.ledger, Desk: o.desk, Words: words, People: staff{}, Version: "1.2.3"})
	return o
}

// submit makes a proposal the way an organization does.
func (o *office) submit(title string, topics ...bot.TopicID) bot.Proposal {
	o.t.Helper()
	o.n++
	var p bot.Proposal
	err := o.db.InTx(o.t.Context(), func(tx *store.Tx) error {
		talk, _, err := tx.Hear(o.t.Context(), fmt.Sprintf("event-%d", o.n), fmt.Sprintf("U%032x", 0xabc0+o.n%3))
		if err != nil {
			return err
		}
		p, err = o.ledger.Submit(o.t.Context(), tx, ledger.Submission{
			Event: "e", Kind: bot.KindProposal, Contact: talk.Contact, Organization: "岸和田だんじり食品", ContactName: "佐藤 花子", Title: title, Topics: topics,
			Particulars: []store.Particular{{Field: "idea", Label: "提案の内容", Shown: "配食のときに声をかけます。", Protected: true}},
		})
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return p
}

// say types a command and reads the answer.
func (o *office) say(by bot.Actor, line string) msg.Message {
	o.t.Helper()
	o.n++
	return o.call(desk.Call{ID: fmt.Sprintf("call-%d", o.n), Actor: by, Line: line})
}

func (o *office) call(c desk.Call) msg.Message {
	o.t.Helper()
	m, err := o.d.Run(o.t.Context(), c)
	if err != nil {
		o.t.Fatalf("%q: %v", c.Line, err)
	}
	return m
}

// press presses the first button whose label holds the words, which stands for a command.
func (o *office) press(by bot.Actor, m msg.Message, label string) msg.Message {
	o.t.Helper()
	b, ok := button(m, label)
	if !ok || b.Press.Do != "desk.run" {
		o.t.Fatalf("no command button %q in:\n%s", label, show(m))
	}
	o.n++
	return o.call(desk.Call{ID: fmt.Sprintf("call-%d", o.n), Actor: by, Line: b.Press.Args.Get("line"), After: b.Press.Args.Get("after"),
		Sure: b.Press.Args.Get("sure") != ""})
}

func (o *office) proposal(p bot.Proposal) bot.Proposal {
	o.t.Helper()
	now, err := o.db.Proposal(o.t.Context(), p.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return now
}

func buttons(m msg.Message) []msg.Button {
	var out []msg.Button
	for _, b := range m.Blocks {
		if card, ok := b.(msg.Card); ok {
			out = append(out, card.Buttons...)
			for _, one := range card.Buttons {
				out = append(out, one.Menu...)
			}
		}
	}
	return append(out, m.Choices...)
}

func button(m msg.Message, label string) (msg.Button, bool) {
	for _, b := range buttons(m) {
		if strings.Contains(b.Label, label) {
			return b, true
		}
	}
	return msg.Button{}, false
}

func titles(m msg.Message) []string {
	var out []string
	for _, b := range m.Blocks {
		if card, ok := b.(msg.Card); ok {
			out = append(out, card.Title)
		}
	}
	return out
}

func show(m msg.Message) string {
	var b strings.Builder
	for _, block := range m.Blocks {
		fmt.Fprintf(&b, "%+v\n", block)
	}
	for _, c := range m.Choices {
		fmt.Fprintf(&b, "[%s] ", c.Label)
	}
	return b.String()
}

// has fails unless all words stand in the answer.
func has(t *testing.T, m msg.Message, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(show(m), w) {
			t.Errorf("want %q in:\n%s", w, show(m))
		}
	}
}

// hasNot fails if any of the words stands in the answer.
func hasNot(t *testing.T, m msg.Message, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(show(m), w) {
			t.Errorf("want no %q in:\n%s", w, show(m))
		}
	}
}

// verdict is a yes of a department.
func verdict(p bot.Proposal, by bot.Actor) ledger.Verdict {
	return ledger.Verdict{Event: "verdict", Proposal: p.ID, Department: by.Departments[0], By: by, Verdict: bot.VerdictJoin}
}
