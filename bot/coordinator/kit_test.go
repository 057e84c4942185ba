package coordinator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/coordinator"
	"tsunagi/bot/form"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// hall is a city hall: a coordinator over a real database, and what stands in each channel because of what it put.
type hall struct {
	t      *testing.T
	c      *coordinator.Coordinator
	db     *store.DB
	ledger *ledger.Ledger
	desk   *bot.Desk
	now    time.Time
	n      int
	people staff
	queue  []store.Delivery
	posts  []*post
	line   []string // kinds of what went to LINE
	fail   error    // what becomes of deliveries
}

// post is a message in a channel.
type post struct {
	channel, ts, thread string
	message             msg.Message
	file                string
}

func sato() bot.Actor     { return bot.Actor{ID: "U0SATO", Name: "佐藤", Desk: true} }
func mori() bot.Actor     { return bot.Actor{ID: "U0MORI", Name: "森", Desk: true} }
func chief() bot.Actor    { return bot.Actor{ID: "U0CHIEF", Name: "課長", Manager: true} }
func welfare() bot.Actor  { return of("U0FUKUSHI", "福祉の田中", "welfare") }
func health() bot.Actor   { return of("U0KENKO", "健康の山田", "health") }
func outsider() bot.Actor { return bot.Actor{ID: "U0GUEST", Name: "来客"} }

func of(user, name string, ds ...bot.DepartmentID) bot.Actor {
	return bot.Actor{ID: user, Name: name, Departments: ds}
}

// staff knows everybody, and who of them has gone.
type staff struct{ gone map[string]bot.Absence }

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

func (s staff) Absent(_ context.Context, user string) (bot.Absence, error) {
	why := s.gone[user]
	if why == "unknown" {
		return bot.Present, bot.Refuse(bot.Later, "error.later")
	}
	return why, nil
}

// kishiwada is the desk of these tests, read once: to read a profile takes as long as many a test.
var kishiwada = sync.OnceValues(func() (config.Profile, error) { return config.LoadProfile("kishiwada", os.ReadFile) })

// japanese is the catalogue, read once.
var japanese = sync.OnceValues(func() (*text.Catalogue, error) { return text.Load("ja") })

func newHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{t: t, now: time.Date(2026, 11, 20, 10, 0, 0, 0, time.FixedZone("JST", 9*3600))}
	h.db = storetest.Open(t, storetest.URL(t), store.Options{Now: func() time.Time { return h.now }, NewID: uuid.New})
	h.db.OnPosted(func(ds []store.Delivery) { h.queue = append(h.queue, ds...) })
	profile, err := kishiwada()
	if err != nil {
		t.Fatal(err)
	}
	desk := profile.Desk()
	h.desk, h.ledger = &desk, ledger.New(&desk)
	words, err := japanese()
	if err != nil {
		t.Fatal(err)
	}
	h.people = staff{gone: map[string]bot.Absence{}}
	h.c = coordinator.New(h.db, h.ledger, h.desk, words, h.people)
	return h
}

const contact = "U0123456789abcdef0123456789abcdef"

// submit makes a proposal with a protected idea, a private mail address and a private file.
func (h *hall) submit() bot.Proposal {
	h.t.Helper()
	var p bot.Proposal
	h.tx(func(tx *store.Tx) error {
		talk, _, err := tx.Hear(h.t.Context(), h.id(), contact)
		if err != nil {
			return err
		}
		draft, err := tx.OpenDraft(h.t.Context(), talk.ID, h.desk.Proposal, tx.Now)
		if err != nil {
			return err
		}
		file, err := tx.AddFile(h.t.Context(), store.File{Contact: talk.ID, Draft: draft, LineMessage: h.id(), Name: "企画書.pdf", State: store.FileWanted})
		if err != nil {
			return err
		}
		if err := tx.StoreFile(h.t.Context(), file, "application/pdf", []byte("pdf")); err != nil {
			return err
		}
		p, err = h.ledger.Submit(h.t.Context(), tx, ledger.Submission{
			Event: h.id(), Kind: bot.KindProposal, Contact: talk.Contact, Draft: draft,
			Organization: "だんじり食品", ContactName: "佐藤 花子", Title: "だんじり弁当", Topics: []bot.TopicID{"welfare"},
			Particulars: []store.Particular{
				{Field: "purpose", Label: "ご用件", Shown: "寄附の申し出", Answer: form.Answer{Choices: []string{"donation"}}},
				{Field: "idea", Label: "提案の内容", Shown: "ひみつの弁当", Protected: true},
				{Field: "cost", Label: "市の費用負担", Shown: "なし"},
				{Field: "contact_name", Label: "ご担当者", Shown: "佐藤 花子", Private: true},
				{Field: "contact_mail", Label: "メールアドレス", Shown: "hanako@example.jp", Private: true},
				{Field: "documents", Label: "資料", Shown: "企画書.pdf", Private: true, Answer: form.Answer{Files: []form.File{{ID: int64(file)}}}},
			},
		})
		return err
	})
	return p
}

// hear lets the organization write about a proposal.
func (h *hall) hear(p bot.Proposal, words string) store.Message {
	h.t.Helper()
	m := store.Message{Proposal: p.ID, Kind: store.MessageText, Body: words, Author: contact, LineMessage: h.id()}
	h.tx(func(tx *store.Tx) error {
		talk, _, err := tx.Hear(h.t.Context(), h.id(), contact)
		if err != nil {
			return err
		}
		m.Contact = talk.ID
		if m.ID, err = tx.AddMessage(h.t.Context(), m); err != nil {
			return err
		}
		_, err = h.ledger.Written(h.t.Context(), tx, h.id(), bot.Actor{ID: contact, Contact: talk.ID}, p.ID, m.ID)
		return err
	})
	return m
}

// withdraws takes a proposal back for its organization.
func (h *hall) withdraws(p bot.Proposal) {
	h.t.Helper()
	h.tx(func(tx *store.Tx) error {
		_, err := h.ledger.Withdraw(h.t.Context(), tx, h.id(), bot.Contact{ID: p.Contact, LineUser: contact}, p.ID)
		return err
	})
}

func (h *hall) id() string {
	h.n++
	return fmt.Sprintf("id-%d", h.n)
}

func (h *hall) tx(do func(*store.Tx) error) {
	h.t.Helper()
	if err := h.db.InTx(h.t.Context(), do); err != nil {
		h.t.Fatal(err)
	}
	h.deliver()
}

// deliver does what the outbox does, one delivery after the other.
func (h *hall) deliver() {
	h.t.Helper()
	for len(h.queue) > 0 {
		d := h.queue[0]
		h.queue = h.queue[1:]
		if d.Lane.Platform() == bot.LINE {
			h.line = append(h.line, d.Kind)
			continue
		}
		h.deliverOne(d)
	}
}

func (h *hall) deliverOne(d store.Delivery) {
	h.t.Helper()
	handling, ok := h.c.Handlings()[d.Kind]
	if !ok {
		h.t.Fatalf("nobody composes %s", d.Kind)
	}
	parcel, err := handling.Compose(h.t.Context(), &h.db.Reader, d)
	if bot.KindOf(err) == bot.NotFound {
		return // nothing left to say
	}
	if err != nil {
		h.t.Fatalf("compose %s: %v", d.Kind, err)
	}
	if parcel.First {
		h.first(d, store.Posted{})
		h.deliverOne(d)
		return
	}
	fault := h.fail
	h.fail = nil // the news of it arrives
	outcome := store.Outcome{ID: d.ID, State: store.Dead, Tries: 1, Fault: bot.SayOf(fault).Key}
	var receipt outbox.Receipt
	if fault == nil {
		receipt = h.post(parcel)
		outcome.State, outcome.Fault = store.Sent, ""
		outcome.Receipt, err = json.Marshal(receipt)
		if err != nil {
			h.t.Fatal(err)
		}
	}
	err = h.db.InTx(h.t.Context(), func(tx *store.Tx) error {
		tx.RecordOutcome(outcome)
		if handling.Settle == nil {
			return nil
		}
		return handling.Settle(h.t.Context(), tx, d, receipt, fault)
	})
	if err != nil {
		h.t.Fatalf("record %s: %v", d.Kind, err)
	}
}

// first has what a delivery belongs under come before it, as the outbox does.
func (h *hall) first(d store.Delivery, gone store.Posted) {
	h.t.Helper()
	h.tx(func(tx *store.Tx) error {
		first, err := h.c.Handlings()[d.Kind].First(h.t.Context(), tx, d, gone)
		if err != nil {
			return err
		}
		return tx.Put(first...)
	})
}

func (h *hall) post(p outbox.Parcel) outbox.Receipt {
	if p.Update != "" {
		for _, old := range h.posts {
			if old.channel == p.To && old.ts == p.Update {
				old.message = p.Message
				return outbox.Receipt{Channel: p.To, TS: p.Update}
			}
		}
		h.t.Errorf("there is no message %s in %s to change", p.Update, p.To)
	}
	if p.Remove != nil {
		h.remove(p.Remove.File)
		return outbox.Receipt{Channel: p.To, File: p.Remove.File}
	}
	one := &post{channel: p.To, ts: fmt.Sprintf("%d.0001", 1000+len(h.posts)), thread: p.Thread, message: p.Message}
	h.posts = append(h.posts, one)
	if p.File != nil { // Slack does not say where it stands
		one.file = p.File.Name
		return outbox.Receipt{Channel: p.To, File: one.ts}
	}
	return outbox.Receipt{Channel: p.To, TS: one.ts}
}

// remove deletes a file; the simulated Slack calls files after their posts.
func (h *hall) remove(file string) {
	h.t.Helper()
	for _, one := range h.posts {
		if one.ts == file && one.file != "" {
			one.file = ""
			return
		}
	}
	h.t.Errorf("there is no file %q to delete", file)
}

// card is the card of the latest proposal in a channel.
func (h *hall) card(channel string) msg.Message {
	h.t.Helper()
	for _, p := range slices.Backward(h.posts) {
		if p.channel == channel && p.thread == "" && p.file == "" {
			return p.message
		}
	}
	h.t.Fatalf("no card in %s", channel)
	return msg.Message{}
}

// thread is all that stands under cards in a channel.
func (h *hall) thread(channel string) string {
	var b strings.Builder
	for _, p := range h.posts {
		if p.channel == channel && p.thread != "" {
			b.WriteString(show(p.message) + p.file + "\n")
		}
	}
	return b.String()
}

// press presses the first button on the channel's card whose label holds the words.
func (h *hall) press(by bot.Actor, channel, label string) (coordinator.Reaction, error) {
	h.t.Helper()
	b, ok := button(h.card(channel), label)
	if !ok {
		h.t.Fatalf("no button %q on the card in %s:\n%s", label, channel, show(h.card(channel)))
	}
	return h.do(by, b.Press)
}

func (h *hall) do(by bot.Actor, p msg.Press) (coordinator.Reaction, error) {
	h.t.Helper()
	r, err := h.c.Press(h.t.Context(), coordinator.Press{ID: h.id(), Actor: by, Press: p})
	h.deliver()
	return r, err
}

// opens is a press that has to open a modal.
func (h *hall) opens(by bot.Actor, channel, label string) *msg.Screen {
	h.t.Helper()
	r, err := h.press(by, channel, label)
	if err != nil || r.Open == nil {
		h.t.Fatalf("%s: got %+v, %v, want a modal", label, r, err)
	}
	return r.Open
}

// fills submits a modal; values are pairs of input and value.
func (h *hall) fills(by bot.Actor, s *msg.Screen, values ...string) (coordinator.Response, error) {
	h.t.Helper()
	filled := msg.Values{}
	for _, in := range s.Inputs {
		filled[in.ID] = in.Value
	}
	for i := 0; i+1 < len(values); i += 2 {
		filled[values[i]] = strings.Split(values[i+1], ",")
	}
	h.n++
	r, err := h.c.Submit(h.t.Context(), coordinator.Submission{ID: fmt.Sprintf("submission-%d", h.n), Actor: by, Press: s.Then, Values: filled})
	h.deliver()
	return r, err
}

// closes is a submission that has to close the modal.
func (h *hall) closes(by bot.Actor, s *msg.Screen, values ...string) {
	h.t.Helper()
	r, err := h.fills(by, s, values...)
	if err != nil || r.Show != nil || len(r.Faults) > 0 {
		h.t.Fatalf("got %+v, %v, want it to be taken", r, err)
	}
}

// shows is a submission that has to lead to a next view.
func (h *hall) shows(by bot.Actor, s *msg.Screen, values ...string) *msg.Screen {
	h.t.Helper()
	r, err := h.fills(by, s, values...)
	if err != nil || r.Show == nil {
		h.t.Fatalf("got %+v, %v, want a next view", r, err)
	}
	return r.Show
}

func (h *hall) proposal(p bot.Proposal) bot.Proposal {
	h.t.Helper()
	now, err := h.db.Proposal(h.t.Context(), p.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return now
}

func buttons(m msg.Message) []msg.Button {
	var out []msg.Button
	for _, b := range m.Blocks {
		if card, ok := b.(msg.Card); ok {
			for _, one := range card.Buttons {
				if len(one.Menu) == 0 {
					out = append(out, one)
				}
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

func labels(m msg.Message) []string {
	var out []string
	for _, b := range buttons(m) {
		out = append(out, b.Label)
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

func screen(s *msg.Screen) string {
	return fmt.Sprintf("%s\n%s%+v", s.Title, show(msg.Message{Blocks: s.Blocks}), s.Inputs)
}

func has(t *testing.T, got string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(got, w) {
			t.Errorf("want %q in:\n%s", w, got)
		}
	}
}

func hasNot(t *testing.T, got string, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(got, w) {
			t.Errorf("want no %q in:\n%s", w, got)
		}
	}
}
