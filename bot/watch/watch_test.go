package watch_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/ledger"
	"tsunagi/bot/watch"
	"tsunagi/config"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// post is a desk of Kishiwada with a real database and a clock that stands still.
type post struct {
	t    *testing.T
	url  string
	db   *store.DB
	desk *bot.Desk
	w    *watch.Watch
	log  *bytes.Buffer
	logs slog.Handler

	mu   sync.Mutex
	now  time.Time
	seen map[string]int
	gone map[string]bot.Absence // who is not at the desk any more
	asks []string               // for whom the watch has asked

	unfit  map[string]bot.ChannelFault // "unknown": Slack does not tell
	looked []string                    // the channels it was asked for
}

// kishiwada is the desk of these tests, read once: to read a profile takes as long as many a test.
var kishiwada = sync.OnceValues(func() (config.Profile, error) { return config.LoadProfile("kishiwada", os.ReadFile) })

func newPost(t *testing.T) *post {
	t.Helper()
	profile, err := kishiwada()
	if err != nil {
		t.Fatal(err)
	}
	desk := profile.Desk()
	p := &post{
		t: t, url: storetest.URL(t), desk: &desk, seen: map[string]int{}, gone: map[string]bot.Absence{}, log: &bytes.Buffer{},
		now: time.Date(2026, 11, 20, 10, 0, 0, 0, desk.Location), // a Friday
	}
	p.logs = slog.NewTextHandler(p.log, nil)
	p.db, p.w = p.replica()
	return p
}

// replica is one more process over the same database.
func (p *post) replica() (*store.DB, *watch.Watch) {
	p.t.Helper()
	db := storetest.Open(p.t, p.url, store.Options{Now: p.clock, NewID: uuid.New})
	return db, watch.New(watch.Parts{
		DB: db, Ledger: ledger.New(p.desk), Desk: p.desk, People: p, Channels: p, Log: slog.New(p.logs), Observe: p.observe, Due: p.observe,
	})
}

func (p *post) clock() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

func (p *post) observe(outcome string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[outcome]++
}

// at sets the clock to a moment in Kishiwada and sweeps.
func (p *post) at(moment string) {
	p.t.Helper()
	now, err := time.ParseInLocation("2006-01-02 15:04", moment, p.desk.Location)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	p.now = now
	p.mu.Unlock()
	p.w.Sweep(p.t.Context())
}

// tx changes something as one event would.
func (p *post) tx(do func(*store.Tx) error) {
	p.t.Helper()
	if err := p.db.InTx(p.t.Context(), do); err != nil {
		p.t.Fatal(err)
	}
}

// begins lets a person begin a draft and give an answer and a file.
func (p *post) begins(user string) (d bot.DraftID) {
	p.t.Helper()
	p.tx(func(tx *store.Tx) error {
		talk, _, err := tx.Hear(p.t.Context(), "begin-"+user, user)
		if err != nil {
			return err
		}
		if d, err = tx.OpenDraft(p.t.Context(), talk.ID, p.desk.Proposal, p.desk.DraftReminder(tx.Now)); err != nil {
			return err
		}
		talk.Draft, talk.State = d, []byte(`{}`)
		tx.SaveTalk(talk)
		f, err := tx.AddFile(p.t.Context(), store.File{
			Contact: talk.ID, Draft: d, LineMessage: "m-" + user, Name: "a.pdf", State: store.FileStored,
		})
		if err != nil {
			return err
		}
		if err := tx.StoreChunks(p.t.Context(), f, slices.Values([][]byte{[]byte("%PDF-")})); err != nil {
			return err
		}
		return tx.SaveAnswer(d, "organization", form.Answer{Text: "岸和田だんじり食品"}, 1, store.Source{Message: "m1"})
	})
	return d
}

// answers lets the author of a draft go on with it.
func (p *post) answers(d bot.DraftID) {
	p.t.Helper()
	p.tx(func(tx *store.Tx) error {
		return tx.SaveAnswer(d, "title", form.Answer{Text: "見守り"}, 2, store.Source{Message: "m2"})
	})
}

func (p *post) state(d bot.DraftID) store.DraftState {
	p.t.Helper()
	draft, err := p.db.Draft(p.t.Context(), d)
	if err != nil {
		p.t.Fatal(err)
	}
	return draft.State
}

func (p *post) count(sql string, args ...any) (n int) {
	p.t.Helper()
	conn, err := pgx.Connect(p.t.Context(), p.url)
	if err != nil {
		p.t.Fatal(err)
	}
	defer conn.Close(p.t.Context())
	if err := conn.QueryRow(p.t.Context(), sql, args...).Scan(&n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

func (p *post) reminders() int {
	p.t.Helper()
	return p.count(`SELECT count(*) FROM deliveries WHERE kind = 'reminder' AND matters`)
}

// wants compares how many reminders there are, and what has become of the draft.
func (p *post) wants(d bot.DraftID, reminders int, s store.DraftState) {
	p.t.Helper()
	if got, state := p.reminders(), p.state(d); got != reminders || state != s {
		p.t.Errorf("%s: %d reminders and the draft is %s, want %d and %s", p.clock(), got, state, reminders, s)
	}
}

// A draft of 20 November is kept for 30 days, to 20 December. 13 December is a Sunday.
func TestLeftAlone(t *testing.T) {
	t.Parallel()
	t.Run("is reminded of once, within office hours, and erased a week later", func(t *testing.T) {
		t.Parallel()
		p := newPost(t)
		d := p.begins("U1")
		for _, moment := range []string{"2026-11-20 10:01", "2026-12-12 12:00", "2026-12-13 12:00", "2026-12-14 08:59"} {
			p.at(moment)
			p.wants(d, 0, store.DraftOpen)
		}
		for _, moment := range []string{"2026-12-14 09:00", "2026-12-14 09:01", "2026-12-17 10:00", "2026-12-21 23:59"} {
			p.at(moment)
			p.wants(d, 1, store.DraftOpen)
		}
		talk, err := p.db.TalkOf(t.Context(), "U1")
		if err != nil {
			t.Fatal(err)
		}
		p.at("2026-12-22 00:00")
		p.wants(d, 1, store.DraftExpired)
		after, err := p.db.TalkOf(t.Context(), "U1")
		if err != nil || after.Draft != 0 || after.Revision == talk.Revision {
			t.Errorf("the talk is %+v, %v, want it without the draft, moved on", after, err)
		}
		for table, sql := range map[string]string{
			"answers": `SELECT count(*) FROM answers`, "chunks": `SELECT count(*) FROM chunks`, "names": `SELECT count(*) FROM files WHERE name <> ''`,
		} {
			if n := p.count(sql); n != 0 {
				t.Errorf("%d %s are left", n, table)
			}
		}
		if p.seen["reminded"] != 1 || p.seen["expired"] != 1 || strings.Contains(p.log.String(), "だんじり") {
			t.Errorf("counted %v, logged %s", p.seen, p.log)
		}
	})
	t.Run("is not, if its author goes on, until it is left alone again", func(t *testing.T) {
		t.Parallel()
		p := newPost(t)
		d := p.begins("U1")
		p.at("2026-12-10 10:00")
		p.answers(d)
		p.at("2026-12-14 10:00")
		p.wants(d, 0, store.DraftOpen)
		p.at("2027-01-04 10:00") // the first working day after 2 January
		p.wants(d, 1, store.DraftOpen)
		p.tx(func(tx *store.Tx) error { tx.SetDraft(d, store.DraftPaused, "1"); return nil })
		p.at("2027-01-20 10:00")
		p.wants(d, 1, store.DraftPaused)
		p.at("2027-01-27 10:00")
		p.wants(d, 2, store.DraftPaused)
		p.at("2027-02-03 23:00")
		p.wants(d, 2, store.DraftPaused)
		p.at("2027-02-04 00:00")
		p.wants(d, 2, store.DraftExpired)
	})
	t.Run("is told of before it goes, though nobody watched for months", func(t *testing.T) {
		t.Parallel()
		p := newPost(t)
		d := p.begins("U1")
		p.at("2027-03-01 23:00")
		p.wants(d, 0, store.DraftOpen)
		p.at("2027-03-02 09:00")
		p.wants(d, 1, store.DraftOpen)
		p.at("2027-03-09 23:59")
		p.wants(d, 1, store.DraftOpen)
		p.at("2027-03-10 00:00")
		p.wants(d, 1, store.DraftExpired)
	})
	t.Run("goes without a push to whoever has blocked us", func(t *testing.T) {
		t.Parallel()
		p := newPost(t)
		d := p.begins("U1")
		p.tx(func(tx *store.Tx) error {
			talk, _, err := tx.Hear(t.Context(), "block", "U1")
			talk.Blocked = true
			tx.SaveTalk(talk)
			return err
		})
		p.at("2026-12-14 09:00")
		p.at("2026-12-20 23:59")
		p.wants(d, 0, store.DraftOpen)
		p.at("2026-12-21 00:00")
		p.wants(d, 0, store.DraftExpired)
	})
	t.Run("is nobody's business once it was submitted", func(t *testing.T) {
		t.Parallel()
		p := newPost(t)
		d := p.begins("U1")
		p.tx(func(tx *store.Tx) error { tx.SetDraft(d, store.DraftSubmitted, "1"); return nil })
		p.at("2026-12-14 09:00")
		p.at("2027-03-01 09:00")
		p.wants(d, 0, store.DraftSubmitted)
	})
}

// Replicas that sweep at the same moment remind each person once.
func TestSweep_on_several_replicas(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	const people = 30
	for i := range people {
		p.begins(fmt.Sprintf("U%d", i))
	}
	p.mu.Lock()
	p.now = p.now.AddDate(0, 0, 24)
	p.mu.Unlock()
	var all sync.WaitGroup
	for range 3 {
		_, w := p.replica()
		all.Go(func() { w.Sweep(t.Context()); w.Sweep(t.Context()) })
	}
	all.Wait()
	p.w.Sweep(t.Context())
	if got := p.reminders(); got != people {
		t.Errorf("%d reminders, want %d", got, people)
	}
}

// A draft whose author is being heard at this moment is left to the next sweep, and does not hold up the others.
func TestSweep_waits_for_nobody(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	first, second := p.begins("U1"), p.begins("U2")
	p.tx(func(tx *store.Tx) error {
		_, _, err := tx.Hear(t.Context(), "writes", "U1")
		if err == nil {
			p.at("2026-12-14 10:00")
		}
		return err
	})
	if n := p.count(`SELECT count(*) FROM drafts WHERE reminded_at IS NOT NULL AND id = $1`, second); n != 1 || p.reminders() != 1 {
		t.Errorf("%d reminders, want the one of the second", p.reminders())
	}
	p.at("2026-12-14 10:01")
	if n := p.count(`SELECT count(*) FROM drafts WHERE reminded_at IS NOT NULL AND id = $1`, first); n != 1 {
		t.Error("the first is never reminded")
	}
}

// Run sweeps at the start and at each tick.
func TestRun(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	d := p.begins("U1")
	tick := make(chan time.Time)
	var run sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	defer run.Wait()
	defer stop()
	run.Go(func() { p.w.Run(ctx, tick) })
	tick <- time.Time{}
	p.mu.Lock()
	p.now = p.now.AddDate(0, 0, 24)
	p.mu.Unlock()
	tick <- time.Time{}
	tick <- time.Time{} // taken once the sweep before has ended
	p.wants(d, 1, store.DraftOpen)
}
