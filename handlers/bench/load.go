package main

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// load is people talking to one bot.
type load struct {
	line  *platform
	addr  string // of the bot
	phase uint32
	talk  []step
	late  time.Duration // how long an answer may take

	who atomic.Int64 // numbers people
}

// newLoad begins a phase of its own: no event id, user id or reply token is used twice on one stage.
func (s *stage) newLoad(b *child, talk []step) *load {
	return &load{line: s.line, addr: b.addr, phase: s.phase.Add(1), talk: talk, late: patience}
}

// most is how many events a tally has room for: more than any bot here can take.
func most(d time.Duration) int { return int(d.Seconds()*25_000) + 10_000 }

// closed lets so many people talk at once, each doing the next thing when the answer to the last has come. Whoever is
// through with the talk is followed by somebody new, until the time is over; what was begun then still counts.
func (l *load) closed(ctx context.Context, people int, d time.Duration) (sum, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	t := newTally(l.phase, most(d))
	l.everybody(people, t, func(p *phone) {
		for ctx.Err() == nil {
			p.talk(ctx, int(l.who.Add(1)))
		}
	})
	return t.sum(), parent(ctx)
}

// once lets so many people have one whole talk each, all at once.
func (l *load) once(ctx context.Context, people int) (sum, error) {
	t := newTally(l.phase, people*len(l.talk))
	l.everybody(people, t, func(p *phone) { p.talk(ctx, int(l.who.Add(1))) })
	return t.sum(), parent(ctx)
}

// everybody gives each a phone, and begins when all have one.
func (l *load) everybody(people int, t *tally, do func(*phone)) {
	l.line.current.Store(t)
	var begin, end sync.WaitGroup
	begin.Add(1)
	for range people {
		p := &phone{load: l, tally: t, wire: wire{addr: l.addr}}
		end.Go(func() {
			defer p.wire.close()
			begin.Wait()
			do(p)
		})
	}
	t.began = time.Now()
	begin.Done()
	end.Wait()
}

// parent tells a measurement that was broken off from one whose time is over.
func parent(ctx context.Context) error {
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// phone is one person's end of the chat.
type phone struct {
	*load
	tally *tally
	wire  wire
	body  bytes.Buffer
}

// talk goes through the talk, until it is over or ctx ends.
func (p *phone) talk(ctx context.Context, who int) {
	me := newPerson(user(p.phase, who))
	for _, s := range p.load.talk {
		if ctx.Err() != nil || !p.do(s, me, who) {
			return
		}
	}
}

// do does one thing and waits for the acknowledgement and the answer; false when one of them did not come.
func (p *phone) do(s step, me *person, who int) bool {
	e, n, ok := p.tally.event(me)
	if !ok {
		return false
	}
	body := s.line(&p.body, p.tally, n, me.user, who)
	signature := lineSignature(body)
	e.sent.Store(p.tally.now())
	status, _, err := p.wire.post("/line/webhook", body, "Content-Type: application/json", signature)
	p.tally.ack(e, status)
	if err != nil || status != 200 {
		return false
	}
	return me.wait(p.late)
}

// wait waits for an answer.
func (p *person) wait(most time.Duration) bool {
	late := time.NewTimer(most)
	defer late.Stop()
	select {
	case <-p.answers:
		return true
	case <-late.C:
		return false
	}
}
