package concierge_test

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/concierge"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// pdf is what a small PDF begins with.
const pdf = "%PDF-1.7 だんじり"

// line is LINE's side of the files people send: by message id what is there. One that is not there is gone.
type line struct {
	mu    sync.Mutex
	files map[string]string
	kinds map[string]string // content type; empty: application/pdf
	later map[string]bool   // not ready yet
	asked []string
}

func newLine() *line {
	return &line{files: map[string]string{}, kinds: map[string]string{}, later: map[string]bool{}}
}

func (l *line) Fetch(_ context.Context, message string) (io.ReadCloser, string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, message)
	if l.later[message] {
		return nil, "", bot.Refuse(bot.Later, "error.later")
	}
	content, ok := l.files[message]
	if !ok {
		return nil, "", bot.Refuse(bot.NotFound, "error.not_found")
	}
	kind := l.kinds[message]
	if kind == "" {
		kind = "application/pdf"
	}
	return io.NopCloser(strings.NewReader(content)), kind, nil
}

// file sends a file and gives its message id.
func (k *talk) file(name string) string {
	k.t.Helper()
	k.do(concierge.Event{Kind: concierge.SentFile, File: concierge.Attachment{Name: name, Size: 100, Kind: "file"}})
	return k.sent
}

// fetched sends a file that LINE has, and fetches it.
func (k *talk) fetched(name string) string {
	k.t.Helper()
	m := k.file(name)
	k.line.files[m] = pdf
	k.collect()
	return m
}

func (k *talk) collect() {
	k.t.Helper()
	k.c.CollectNow(k.t.Context(), k.line)
}

// submitted makes a proposal and gives it.
func (k *talk) submitted(title string) bot.Proposal {
	k.t.Helper()
	k.propose(title)
	k.say("送信")
	k.reads("受付番号")
	mine := k.mine()
	return mine[0]
}

// mine are the person's proposals, newest first.
func (k *talk) mine() []bot.Proposal {
	k.t.Helper()
	talk, err := k.db.TalkOf(k.t.Context(), k.user)
	if err != nil {
		k.t.Fatal(err)
	}
	found, err := k.db.ProposalsOf(k.t.Context(), talk.ID, false, 100)
	if err != nil {
		k.t.Fatal(err)
	}
	return found
}

// change does something in the ledger, as the city's side would.
func (k *talk) change(do func(*store.Tx, *ledger.Ledger) error) {
	k.t.Helper()
	err := k.db.InTx(k.t.Context(), func(tx *store.Tx) error { return do(tx, k.ledger) })
	if err != nil {
		k.t.Fatal(err)
	}
}

// staff is somebody at the desk.
func staff() bot.Actor { return bot.Actor{ID: "U0SATO", Desk: true} }

// refer asks departments about a proposal.
func (k *talk) refer(p bot.ProposalID, departments ...bot.DepartmentID) {
	k.t.Helper()
	k.change(func(tx *store.Tx, l *ledger.Ledger) error {
		_, _, err := l.Refer(k.t.Context(), tx, ledger.Referral{Event: k.event(), Proposal: p, By: staff(), Departments: departments})
		return err
	})
}

// move takes a step of the desk.
func (k *talk) move(p bot.ProposalID, on proposal.Event, why string) {
	k.t.Helper()
	k.change(func(tx *store.Tx, l *ledger.Ledger) error {
		if ledger.WantsWords(on) {
			m, err := l.Write(k.t.Context(), tx, ledger.Reply{Proposal: p, By: staff(), Body: "お受けできません。", Ends: on, Reason: why})
			if err == nil {
				_, err = l.Send(k.t.Context(), tx, k.event(), staff(), m.ID, m.ID)
			}
			return err
		}
		_, err := l.Move(k.t.Context(), tx, ledger.Change{Event: k.event(), Proposal: p, On: on, By: staff(), Why: why})
		return err
	})
}

func (k *talk) event() string {
	k.n++
	return fmt.Sprintf("event-%d", k.n)
}

// put are the deliveries of a kind put so far, to a department (empty: the desk) or, for LINE's kinds, to the person.
func (k *talk) put(kind string, d bot.DepartmentID) []store.Delivery {
	k.mu.Lock()
	defer k.mu.Unlock()
	var out []store.Delivery
	for _, one := range k.posted {
		if one.Kind == kind && one.Args["department"] == string(d) {
			out = append(out, one)
		}
	}
	return out
}

// forget begins counting deliveries anew.
func (k *talk) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.posted = nil
}

// try is a person's turn that may fail; it gives the fault.
func (k *talk) try(e concierge.Event) error {
	k.prepare(&e)
	return k.c.Handle(context.Background(), e)
}

// answered tells whether the last event was answered.
func (k *talk) answered() bool { return len(k.last.Blocks) > 0 }

// propose is the menu's button.
func propose() msg.Press { return msg.Do("menu.propose") }

// back goes back until the question stands.
func (k *talk) back(question string) {
	k.t.Helper()
	for range 20 {
		if k.sees(question) {
			return
		}
		k.say("もどる")
	}
	k.t.Fatalf("never came back to %q", question)
}

// execute runs SQL beside the store.
func (k *talk) execute(sql string) {
	k.t.Helper()
	conn, err := pgx.Connect(k.t.Context(), k.url)
	if err != nil {
		k.t.Fatal(err)
	}
	defer conn.Close(k.t.Context())
	if _, err := conn.Exec(k.t.Context(), sql); err != nil {
		k.t.Fatal(err)
	}
}

func formatID(n int64) string { return strconv.FormatInt(n, 10) }

// count asks the database for a number.
func (k *talk) count(sql string, args ...any) (n int) {
	k.t.Helper()
	conn, err := pgx.Connect(k.t.Context(), k.url)
	if err != nil {
		k.t.Fatal(err)
	}
	defer conn.Close(k.t.Context())
	if err := conn.QueryRow(k.t.Context(), sql, args...).Scan(&n); err != nil {
		k.t.Fatal(err)
	}
	return n
}
