package faults_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"

	"tsunagi/handlers/line/linesim"
)

// history is one person's proposal as LINE brings it on a bad day: of some events the desk never hears at first, so that
// the person types them again; of some LINE does not hear that they arrived; and what LINE believes lost comes again,
// once or several times, in any order, at any time (rows 5 to 7).
type history struct {
	person
	rand  *rand.Rand
	wants answers
	bag   []string // events that will come again
	again int      // how often something came again
}

func TestFault_anyOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wish{replicas: 2})
	w.front.keep()
	losing := newLosing(w.front)
	n := times(40, 10_000)
	var all sync.WaitGroup
	lanes := make(chan struct{}, 6)
	histories := make([]*history, n)
	for i := range histories {
		h := &history{person: w.person(fmt.Sprintf("person %d", i)), rand: rand.New(rand.NewPCG(7, uint64(i))), wants: proposalOf(i)}
		histories[i] = h
		lanes <- struct{}{}
		all.Go(func() {
			defer func() { <-lanes }()
			h.happens(losing)
		})
	}
	all.Wait()
	w.settled()
	again := 0
	for _, h := range histories {
		w.wholly(h.wants)
		again += h.again
	}
	w.numbered(n)
	w.want(n, "drafts", `SELECT count(*) FROM drafts`)
	for _, body := range w.rows(`SELECT body FROM messages`) {
		t.Errorf("an answer became a message: %q", body)
	}
	w.once()
	t.Logf("%d histories, %d redeliveries", n, again)
}

func (h *history) happens(l *losing) {
	for _, words := range append(h.wants.typed(), "送信") {
		switch h.rand.IntN(5) {
		case 0:
			l.next(h.ID())
			h.bag = append(h.bag, h.types(words)) // nothing comes back, so it is typed once more
			h.heard(words)
		case 1, 2:
			h.bag = append(h.bag, h.heard(words)) // it has arrived, but LINE does not know
		default:
			h.heard(words)
		}
		h.comesAgain(h.rand.IntN(3))
	}
	h.comesAgain(3 * len(h.bag))
	for len(h.bag) > 0 {
		h.comesAgain(1)
	}
}

// types types words without waiting for anything, and gives the event.
func (h *history) types(words string) string {
	r, err := h.SendText(h.w.ctx, words)
	if err != nil {
		h.w.t.Error(err)
	}
	return r.EventID
}

// heard types words and sees to it that they arrive, on a machine that is busy too.
func (h *history) heard(words string) string {
	r, err := h.SendText(h.w.ctx, words)
	if err != nil {
		h.w.t.Error(err)
	}
	for again := !r.Delivered(); again && h.w.ctx.Err() == nil; {
		l, _ := h.w.front.letterOf(r.EventID)
		a := h.w.front.pass(redelivered(l))
		again = a == nil || a.status != http.StatusOK
	}
	return r.EventID
}

// comesAgain brings so many events out of the bag again. Some stay in it, to come once more.
func (h *history) comesAgain(n int) {
	for range min(n, 5*len(h.bag)) {
		if len(h.bag) == 0 {
			return
		}
		i := h.rand.IntN(len(h.bag))
		l, ok := h.w.front.letterOf(h.bag[i])
		if !ok {
			h.w.t.Errorf("event %s never came to the front", h.bag[i])
			return
		}
		a := h.w.front.pass(redelivered(l))
		h.again++
		if a == nil || a.status != http.StatusOK {
			continue // a busy machine; it stays in the bag
		}
		if h.rand.IntN(3) > 0 {
			h.bag = append(h.bag[:i], h.bag[i+1:]...)
		}
	}
}

// letterOf finds the request that brought an event.
func (f *front) letterOf(event string) (letter, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := len(f.kept) - 1; i >= 0; i-- {
		if bytes.Contains(f.kept[i].body, []byte(event)) {
			return f.kept[i], true
		}
	}
	return letter{}, false
}

// redelivered is a webhook as LINE sends it again.
func redelivered(l letter) letter {
	l.body = bytes.Replace(l.body, []byte(`"isRedelivery":false`), []byte(`"isRedelivery":true`), 1)
	l.header = l.header.Clone()
	l.header.Set("X-Line-Signature", linesim.Sign(lineSecret, l.body))
	return l
}

// losing loses the next event of a person.
type losing struct {
	mu   sync.Mutex
	lose map[string]bool
}

func newLosing(f *front) *losing {
	l := &losing{lose: map[string]bool{}}
	f.losing(func(_ string, body []byte) bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		for id := range l.lose {
			if bytes.Contains(body, []byte(id)) {
				delete(l.lose, id)
				return true
			}
		}
		return false
	})
	return l
}

func (l *losing) next(person string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lose[person] = true
}

// An answer that comes long after the form was sent off goes nowhere: it may be protected. Nor does a late 送信 send off
// what was changed since (row 7).
func TestFault_late(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.front.keep()
	h := &history{person: w.person("sato"), wants: proposalOf(1)}
	lose := newLosing(w.front)
	lost := func(words string) letter {
		lose.next(h.ID())
		l, ok := w.front.letterOf(h.types(words))
		if !ok {
			t.Fatalf("%q never came to the front", words)
		}
		return redelivered(l)
	}
	typed := h.wants.typed()
	for _, words := range typed[:9] {
		h.says(words)
	}
	idea := lost(typed[9])
	for _, words := range typed[9:] {
		h.says(words)
	}
	submit := lost("送信")
	h.says("タイトル")
	after := w.line.Last()
	w.front.pass(submit)
	h.reads(after, "この質問は回答済みです。今の質問はこちらです")
	w.want(0, "proposals", `SELECT count(*) FROM proposals`)
	h.wants.title = "見守りと配食"
	h.says(h.wants.title)
	h.says("送信")
	h.reads(after, "受付番号 ")
	after = w.line.Last()
	w.front.pass(idea)
	h.reads(after, "前に送られた文章が、いま届きました")
	w.want(0, "messages", `SELECT count(*) FROM messages`)
	w.wholly(h.wants)
}
