package concierge_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tsunagi/bot/concierge"
	"tsunagi/bot/form"
	"tsunagi/store"
)

// typist is one person who types words that nobody else types, in bursts, over two replicas, while webhooks overtake each
// other and come again, Redis is lost, and one replica begins to serve a changed profile. It judges by LINE's times and by
// what was on the screen, with a memory of its own.
type typist struct {
	*talk
	rand     *rand.Rand
	replicas [2]*concierge.Concierge
	forms    [2]form.Form
	line     time.Time // LINE's clock
	screens  []screen
	on       int // the replica that handles the next event
	queue    []concierge.Event
	done     []concierge.Event
	typed    map[string]time.Time // words, and when they were typed
	proper   map[time.Time]string // other words, for questions that offer or want something of a kind
	assigned map[string]bool      // of which their writer has said what they were
	told     map[string]bool      // that were refused in plain words
}

// screen is a question that was on the phone, from when on.
type screen struct {
	since time.Time
	field form.Field // without an id: none
}

func TestTyped_in_any_order(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			p := newTypist(t, seed)
			for range 70 {
				p.step()
			}
			for len(p.queue) > 0 {
				p.arrives()
			}
			p.judge()
			if len(p.typed) < 10 {
				t.Errorf("only %d words were typed", len(p.typed))
			}
		})
	}
}

func newTypist(t *testing.T, seed uint64) *typist {
	k := newTalk(t)
	p := &typist{
		talk: k, rand: rand.New(rand.NewPCG(seed, 28)), line: k.now, typed: map[string]time.Time{}, proper: map[time.Time]string{}, assigned: map[string]bool{}, told: map[string]bool{},
	}
	k.pace = 0
	p.replicas[0], p.forms[0] = k.c, k.desk.Proposal
	p.replicas[1], p.forms[1] = k.c, k.desk.Proposal
	p.heard(p.event(concierge.Event{Kind: concierge.Pressed, Press: propose()}))
	for _, words := range []string{"企業", "連携の提案"} {
		p.line = p.line.Add(10 * time.Second)
		p.heard(p.event(concierge.Event{Kind: concierge.Said, Text: words}))
	}
	return p
}

// changes lets the second replica serve a profile without the person's name, in which everybody reads the idea.
func (p *typist) changes() {
	p.anew(func(f *form.Form) {
		f.Fields = slices.DeleteFunc(slices.Clone(f.Fields), func(f form.Field) bool { return f.ID == "contact_name" })
		for i := range f.Fields {
			if f.Fields[i].ID == "idea" {
				f.Fields[i].Protected = false
			}
		}
	})
	p.replicas[1], p.forms[1] = p.c, p.desk.Proposal
}

func (p *typist) step() {
	switch n := p.rand.IntN(20); {
	case n == 0:
		p.redis.FlushAll()
	case n == 1 && len(p.done) > 0:
		e := p.done[p.rand.IntN(len(p.done))]
		e.Redelivered = true
		p.heard(e)
	case n == 2 && p.forms[1].Version == p.forms[0].Version && len(p.typed) > 5:
		p.changes()
	case n == 3:
		p.says()
	case n < 6 && len(p.queue) > 0:
		p.arrives()
	default:
		p.types()
	}
}

func (p *typist) event(e concierge.Event) concierge.Event {
	p.n++
	e.ID, e.At = fmt.Sprintf("typed-%d", p.n), p.line
	if e.Kind == concierge.Said {
		e.Message = fmt.Sprint(50_000 + p.n)
	}
	return e
}

// types types what fits what is on the screen, or goes on with what was typed before it was read.
func (p *typist) types() {
	words := fmt.Sprintf("語%04d。", p.n)
	if p.rand.IntN(3) == 0 {
		p.line = p.line.Add(time.Duration(500+p.rand.IntN(3000)) * time.Millisecond)
	} else {
		p.line = p.line.Add(time.Duration(6+p.rand.IntN(90)) * time.Second)
		if answer := p.fitting(); answer != "" {
			words = answer
		}
	}
	if strings.HasPrefix(words, "語") {
		p.typed[words] = p.line
	} else {
		p.proper[p.line] = words
	}
	p.queue = append(p.queue, p.event(concierge.Event{Kind: concierge.Said, Text: words}))
	if p.rand.IntN(4) > 0 {
		p.arrives()
	}
}

// fitting answers what is on the screen now, where words of one's own cannot; empty where they can.
func (p *typist) fitting() string {
	field := p.at(p.line).field
	switch field.Kind {
	case form.Choice:
		return field.Options[p.rand.IntN(len(field.Options))].Label
	case form.MultiChoice:
		return "1、2"
	case form.YesNo:
		return "はい"
	case form.Email:
		return "hanako@danjiri-foods.example"
	case form.Money:
		return "30万円"
	case form.Files:
		return "スキップ"
	case "":
		return "状況" // on the card of all answers there is nothing to type
	}
	return ""
}

// arrives lets one of the messages under way arrive, mostly the oldest.
func (p *typist) arrives() {
	i := 0
	if p.rand.IntN(3) == 0 {
		i = p.rand.IntN(len(p.queue))
	}
	e := p.queue[i]
	p.queue = slices.Delete(p.queue, i, i+1)
	p.heard(e)
}

// says presses a button that says what held words were.
func (p *typist) says() {
	for _, b := range buttons(p.last) {
		if b.Press.Do != "words" || b.Press.Args.Get("v") != "answer" {
			continue
		}
		for _, h := range p.holds() {
			p.assigned[h.Body] = true
		}
		p.line = p.line.Add(6 * time.Second)
		p.heard(p.event(concierge.Event{Kind: concierge.Pressed, Press: b.Press}))
		return
	}
}

// heard handles an event on one of the replicas, and remembers what is on the screen then.
func (p *typist) heard(e concierge.Event) {
	p.t.Helper()
	again := e.Redelivered
	p.on = p.rand.IntN(2)
	p.c = p.replicas[p.on]
	p.now = p.line
	p.do(e)
	if again {
		return
	}
	p.done = append(p.done, e)
	since := e.At
	if n := len(p.screens); n > 0 && since.Before(p.screens[n-1].since) {
		since = p.screens[n-1].since
	}
	p.screens = append(p.screens, screen{since, p.shown()})
	if e.Kind == concierge.Said && strings.HasPrefix(e.Text, "語") {
		p.told[e.Text] = p.sees("見つかりませんでした") || p.sees("読み取れませんでした") || p.sees("「はい」か「いいえ」を") || p.sees("数字でお送りください") || p.sees("内容を確認して") || p.sees("ファイルでお答え")
	}
}

// shown is the question that the talk stands at, as the replica that has just answered shows it.
func (p *typist) shown() form.Field {
	talk, err := p.db.TalkOf(p.t.Context(), p.user)
	if err != nil {
		p.t.Fatal(err)
	}
	var state struct{ Form *form.Session }
	if err := json.Unmarshal(talk.State, &state); err != nil || state.Form == nil {
		p.t.Fatalf("no form: %v", err)
	}
	d, err := p.db.Draft(p.t.Context(), talk.Draft)
	if err != nil {
		p.t.Fatal(err)
	}
	state.Form.Answers = d.Answers
	return form.Current(p.forms[p.on], *state.Form).Field
}

// at is what was on the screen at a time.
func (p *typist) at(when time.Time) screen {
	for _, s := range slices.Backward(p.screens) {
		if s.since.Before(when) {
			return s
		}
	}
	return screen{}
}

// judge finds all words: in an answer to the question at which they were typed or to the one before it, in another only if
// their writer said so, or held; and none where more people read them.
func (p *typist) judge() {
	p.t.Helper()
	talk, err := p.db.TalkOf(p.t.Context(), p.user)
	if err != nil {
		p.t.Fatal(err)
	}
	d, err := p.db.Draft(p.t.Context(), talk.Draft)
	if err != nil {
		p.t.Fatal(err)
	}
	held := p.holds()
	counts := map[string]int{}
	for words, when := range p.typed {
		field, found := under(d, words)
		isHeld := slices.ContainsFunc(held, func(h store.HeldWords) bool { return h.Body == words || strings.Contains(h.Body, words) })
		switch {
		case found && isHeld:
			p.t.Errorf("%s is both an answer and held", words)
		case found:
			counts["answers"]++
			p.belongs(d, words, when, field)
		case isHeld:
			counts["held"]++
		case p.told[words]:
			counts["refused"]++
		default:
			p.t.Errorf("%s, typed at %q, is lost", words, p.at(when).field.ID)
		}
	}
	p.t.Logf("%v", counts)
}

func under(d store.Draft, words string) (string, bool) {
	for field, a := range d.Answers {
		if strings.Contains(a.Text, words) {
			return field, true
		}
	}
	return "", false
}

// belongs judges one place: the question on the screen, or the one with whose answer the words go on.
func (p *typist) belongs(d store.Draft, words string, when time.Time, field string) {
	p.t.Helper()
	at := p.at(when).field
	if field != at.ID && !p.goesOn(d, words, when, field) && !p.assigned[words] {
		p.t.Errorf("%s was typed at %q and stands under %q", words, at.ID, field)
	}
	for _, f := range p.forms {
		now, _ := f.Field(field)
		if f.Version == p.version() && !now.Level().Covers(at.Level()) {
			p.t.Errorf("%s was typed at %q (%s) and stands under %q (%s)", words, at.ID, at.Level(), field, now.Level())
		}
	}
}

// goesOn reports whether other words under the question were typed just before these.
func (p *typist) goesOn(d store.Draft, words string, when time.Time, field string) bool {
	most := p.desk.Burst
	if f, _ := p.forms[0].Field(field); f.Kind == form.LongText {
		most = time.Minute
	}
	just := func(then time.Time, other string) bool {
		gap := when.Sub(then)
		return gap > 0 && gap <= most && strings.Contains(d.Answers[field].Text, other)
	}
	for other, then := range p.typed {
		if other != words && just(then, other) {
			return true
		}
	}
	for then, other := range p.proper {
		if just(then, other) {
			return true
		}
	}
	return false
}

// version is that of the form by which the draft stands now.
func (p *typist) version() string {
	talk, err := p.db.TalkOf(p.t.Context(), p.user)
	if err != nil {
		p.t.Fatal(err)
	}
	var state struct{ Form *form.Session }
	if err := json.Unmarshal(talk.State, &state); err != nil || state.Form == nil {
		p.t.Fatalf("no form: %v", err)
	}
	return state.Form.Version
}
