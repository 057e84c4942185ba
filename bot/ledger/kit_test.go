package ledger_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
	"tsunagi/config"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// book is a ledger of Kishiwada over a real database, and what it has put to be delivered.
type book struct {
	t    *testing.T
	l    *ledger.Ledger
	db   *store.DB
	desk *bot.Desk

	mu   sync.Mutex
	now  time.Time
	put  []store.Delivery
	n    int
	user string
	url  string
}

func sato() bot.Actor  { return bot.Actor{ID: "U0SATO", Desk: true} }
func mori() bot.Actor  { return bot.Actor{ID: "U0MORI", Desk: true} }
func chief() bot.Actor { return bot.Actor{ID: "U0CHIEF", Manager: true} }
func welfare() bot.Actor {
	return bot.Actor{ID: "U0FUKUSHI", Departments: []bot.DepartmentID{"welfare"}}
}
func health() bot.Actor { return bot.Actor{ID: "U0KENKO", Departments: []bot.DepartmentID{"health"}} }

// kishiwada is the desk of these tests, read once: to read a profile takes as long as many a test.
var kishiwada = sync.OnceValues(func() (config.Profile, error) { return config.LoadProfile("kishiwada", os.ReadFile) })

func newBook(t *testing.T) *book {
	t.Helper()
	b := &book{t: t, now: time.Date(2026, 11, 20, 10, 0, 0, 0, time.FixedZone("JST", 9*3600)), user: "U0123456789abcdef0123456789abcdef"}
	b.url = storetest.URL(t)
	b.db = storetest.Open(t, b.url, store.Options{Now: b.clock, NewID: uuid.New})
	b.db.OnPosted(func(ds []store.Delivery) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.put = append(b.put, ds...)
	})
	profile, err := kishiwada()
	if err != nil {
		t.Fatal(err)
	}
	desk := profile.Desk()
	b.desk, b.l = &desk, ledger.New(&desk)
	return b
}

func (b *book) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *book) later(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

// event is a fresh event id.
func (b *book) event() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n++
	return "event-" + strconv.Itoa(b.n)
}

// do runs one change; what it put to be delivered is kept for told.
func (b *book) do(change func(*store.Tx) error) error {
	b.mu.Lock()
	b.put = nil
	b.mu.Unlock()
	return b.db.InTx(b.t.Context(), change)
}

// must is a change that has to go well.
func (b *book) must(change func(*store.Tx) error) {
	b.t.Helper()
	if err := b.do(change); err != nil {
		b.t.Fatal(err)
	}
}

// submit makes a proposal with a protected idea, a private mail address and two files, one of them protected.
func (b *book) submit() bot.Proposal {
	b.t.Helper()
	var p bot.Proposal
	b.must(func(tx *store.Tx) (err error) {
		talk, _, err := tx.Hear(b.t.Context(), b.event(), b.user)
		if err != nil {
			return err
		}
		draft, err := tx.OpenDraft(b.t.Context(), talk.ID, b.desk.Proposal, tx.Now)
		if err != nil {
			return err
		}
		open, err := b.file(tx, talk.ID, draft, "open.pdf")
		if err != nil {
			return err
		}
		secret, err := b.file(tx, talk.ID, draft, "secret.pdf")
		if err != nil {
			return err
		}
		p, err = b.l.Submit(b.t.Context(), tx, ledger.Submission{
			Event: b.event(), Kind: bot.KindProposal, Contact: talk.Contact, Draft: draft, Organization: "だんじり食品", ContactName: "佐藤 花子",
			Title: "見守り", Topics: []bot.TopicID{"welfare"},
			Particulars: []store.Particular{
				{Field: "idea", Label: "内容", Shown: "ひみつ", Protected: true},
				{Field: "flyer", Label: "ちらし", Answer: form.Answer{Files: []form.File{{ID: int64(open)}}}},
				{Field: "documents", Label: "資料", Answer: form.Answer{Files: []form.File{{ID: int64(secret)}}}, Private: true},
				{Field: "contact_name", Label: "担当者", Shown: "佐藤 花子", Private: true},
			},
		})
		return err
	})
	return p
}

func (b *book) file(tx *store.Tx, c bot.ContactID, d bot.DraftID, name string) (bot.FileID, error) {
	id, err := tx.AddFile(b.t.Context(), store.File{Contact: c, Draft: d, LineMessage: b.event(), Name: name, State: store.FileWanted})
	if err != nil {
		return 0, err
	}
	return id, tx.StoreFile(b.t.Context(), id, "application/pdf", []byte("pdf"))
}

func (b *book) refer(p bot.Proposal, again bool, ds ...bot.DepartmentID) error {
	return b.do(func(tx *store.Tx) error {
		_, _, err := b.l.Refer(b.t.Context(), tx, ledger.Referral{Event: b.event(), Proposal: p.ID, By: sato(), Departments: ds, Again: again})
		return err
	})
}

func (b *book) answer(p bot.Proposal, by bot.Actor, v ledger.Verdict) error {
	v.Event, v.Proposal, v.By = b.event(), p.ID, by
	return b.do(func(tx *store.Tx) error {
		_, err := b.l.Answer(b.t.Context(), tx, v)
		return err
	})
}

func (b *book) move(p bot.Proposal, by bot.Actor, c ledger.Change) error {
	c.Event, c.Proposal, c.By = b.event(), p.ID, by
	return b.do(func(tx *store.Tx) error {
		_, err := b.l.Move(b.t.Context(), tx, c)
		return err
	})
}

func (b *book) write(p bot.Proposal, by bot.Actor, reason string) store.Message {
	b.t.Helper()
	var m store.Message
	b.must(func(tx *store.Tx) (err error) {
		r := ledger.Reply{Proposal: p.ID, By: by, Body: "ありがとうございます", Reason: reason}
		if reason != "" {
			r.Ends = proposal.Declined
		}
		m, err = b.l.Write(b.t.Context(), tx, r)
		return err
	})
	return m
}

func (b *book) send(by bot.Actor, m, seen bot.MessageID) error {
	return b.do(func(tx *store.Tx) error {
		_, err := b.l.Send(b.t.Context(), tx, b.event(), by, m, seen)
		return err
	})
}

// hear lets the organization write a message about the proposal.
func (b *book) hear(p bot.Proposal) bot.MessageID {
	b.t.Helper()
	var id bot.MessageID
	b.must(func(tx *store.Tx) error {
		talk, _, err := tx.Hear(b.t.Context(), b.event(), b.user)
		if err != nil {
			return err
		}
		id, err = tx.AddMessage(b.t.Context(), store.Message{
			Proposal: p.ID, Contact: talk.ID, Kind: store.MessageText, Body: "よろしく", Author: b.user, LineMessage: b.event(),
		})
		if err != nil {
			return err
		}
		_, err = b.l.Written(b.t.Context(), tx, b.event(), bot.Actor{ID: b.user, Contact: talk.ID}, p.ID, id)
		return err
	})
	return id
}

// told is what the last change put, as "where kind", in order within each place.
func (b *book) told() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for _, d := range b.put {
		out = append(out, fmt.Sprintf("%s %s", d.Lane.Chat(), d.Kind))
	}
	slices.SortStableFunc(out, func(x, y string) int { return slices.Compare(place(x), place(y)) })
	return out
}

func place(s string) []string {
	for i, c := range s {
		if c == ' ' {
			return []string{s[:i]}
		}
	}
	return nil
}

func (b *book) wantTold(want ...string) {
	b.t.Helper()
	for i, w := range want {
		if len(w) > 4 && w[:4] == "LINE" {
			want[i] = b.user + w[4:]
		}
	}
	if diff := cmp.Diff(want, b.told()); diff != "" {
		b.t.Errorf("deliveries (-want +got):\n%s", diff)
	}
}

// state checks where the proposal stands, and that its history explains it.
func (b *book) state(p bot.Proposal, want proposal.State) bot.Proposal {
	b.t.Helper()
	now, err := b.db.Proposal(b.t.Context(), p.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	at, err := proposal.Explain(b.history(p))
	if err != nil || at.State != now.State || at.Before != now.Before {
		b.t.Errorf("history explains %+v (%v), but the proposal is %s from %q", at, err, now.State, now.Before)
	}
	if now.State != want {
		b.t.Errorf("state is %s, want %s", now.State, want)
	}
	if proposal.Open(now.State) && (now.NextDate.IsZero() || now.NextDate.Year() < 2000) {
		b.t.Errorf("an open proposal has no next date")
	}
	if proposal.Open(now.State) && now.State != proposal.Received && now.Owner == "" {
		b.t.Errorf("an open proposal in %s has no owner", now.State)
	}
	return now
}

func (b *book) history(p bot.Proposal) []proposal.Change {
	b.t.Helper()
	entries, err := b.db.History(b.t.Context(), p.ID, 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	var out []proposal.Change
	for _, e := range entries {
		out = append(out, proposal.Change{On: e.Event, From: e.From, To: e.To})
	}
	return out
}

// kind checks the kind of an error.
func (b *book) kind(err error, want bot.ErrorKind) {
	b.t.Helper()
	if got := bot.KindOf(err); got != want {
		b.t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

func day(t time.Time) string { return t.Format(time.DateOnly) }
