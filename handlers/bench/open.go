package main

import (
	"bytes"
	"context"
	"sync"
	"time"
)

// visit is one thing one person does, released by the clock and by nothing else.
type visit struct {
	e    *entry
	n    int64
	s    step
	p    *person
	who  int
	body bytes.Buffer
}

// lines is how many connections the open loop has; more than LINE would have to a small bot.
const lines = 200

// open lets events come at a fixed rate, whatever the bot does: people do their first step one after the other, then
// their second, and so on. An event counts from its release, also while all connections are busy.
func (l *load) open(ctx context.Context, perSecond int, d time.Duration) (sum, error) {
	total := int(d.Seconds() * float64(perSecond))
	people := make([]*person, (total+len(l.talk)-1)/len(l.talk))
	for i := range people {
		people[i] = newPerson(user(l.phase, i+1))
	}
	t := newTally(l.phase, total)
	l.line.current.Store(t)
	visits := make(chan *visit, total)
	var all sync.WaitGroup
	for range lines {
		all.Go(func() { l.take(t, visits) })
	}
	l.release(ctx, t, people, visits, perSecond, total)
	close(visits)
	all.Wait()
	l.settle(ctx, t)
	return t.sum(), parent(ctx)
}

// release lets go of each event at its time.
func (l *load) release(ctx context.Context, t *tally, people []*person, visits chan<- *visit, perSecond, total int) {
	t.began = time.Now()
	atRate(ctx, perSecond, total, func(done int) {
		at := done % len(people)
		v := &visit{s: l.talk[done/len(people)], p: people[at], who: at + 1}
		v.e, v.n, _ = t.event(v.p)
		visits <- v
	})
}

// atRate calls do at a steady rate, with the number of calls before; when this machine's clock wakes late, several times
// in a row.
func atRate(ctx context.Context, perSecond, total int, do func(int)) {
	tick := time.NewTicker(time.Second / time.Duration(2*perSecond))
	defer tick.Stop()
	for done, began := 0, time.Now(); done < total; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		for due := int(time.Since(began).Seconds() * float64(perSecond)); done < min(due, total); done++ {
			do(done)
		}
	}
}

func (l *load) take(t *tally, visits <-chan *visit) {
	w := wire{addr: l.addr}
	defer w.close()
	for v := range visits {
		body := v.s.line(&v.body, t, v.n, v.p.user, v.who)
		status, _, _ := w.post("/line/webhook", body, "Content-Type: application/json", lineSignature(body))
		t.ack(v.e, status)
	}
}

// settle waits until everything acknowledged is answered, or nothing has come for a while.
func (l *load) settle(ctx context.Context, t *tally) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(l.late); time.Now().Before(deadline); {
		if t.open() == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// open counts the events that were acknowledged and not yet answered.
func (t *tally) open() (n int) {
	for i := range t.entries[:min(t.used.Load(), int64(len(t.entries)))] {
		if t.entries[i].answers.Load() == 0 && t.entries[i].status.Load() == 200 {
			n++
		}
	}
	return n
}
