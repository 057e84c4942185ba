package faults_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"tsunagi/handlers/slack/slacksim"
	"tsunagi/store/storetest"
)

// reaper kills the program, once for each time it is armed, at a moment of its choice.
type reaper struct {
	mu    sync.Mutex
	at    moment
	left  int // moments of that kind that pass first
	armed bool
	calls chan moment
	dead  chan struct{} // closed when the program that was struck is gone
}

func newReaper() *reaper { return &reaper{calls: make(chan moment, 1)} }

// arm makes the reaper wait for a moment.
func (r *reaper) arm(at moment, left int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at, r.left, r.armed, r.dead = at, left, true, make(chan struct{})
}

// killed lets go of whatever was under way at the moment.
func (r *reaper) killed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.armed = false
	close(r.dead)
}

// strike reports whether the program was killed now. What is under way is held back until it is gone, so that it dies in
// the middle of it.
func (r *reaper) strike(at moment) bool {
	r.mu.Lock()
	hit := r.armed && r.at == at && r.left == 0
	if r.at == at {
		r.left--
	}
	if hit {
		r.armed = false
		r.calls <- at
	}
	dead := r.dead
	r.mu.Unlock()
	if hit {
		<-dead
	}
	return hit
}

// Killed at every kind of moment while several organizations talk and the desk answers: nothing is lost, nothing is shown
// twice, receipt numbers have neither gaps nor doubles, and what an organization writes keeps its order (rows 10, 11, 33).
func TestFault_kill(t *testing.T) {
	t.Parallel()
	for name, replicas := range map[string]int{"the only process": 1, "one of two": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killed(t, replicas)
		})
	}
}

func killed(t *testing.T, replicas int) {
	kills, people := times(16, 1000), 4
	r := newReaper()
	w := newWorld(t, wish{idle: true, onLine: around(beforeLINE, afterLINE, r.strike), onSlack: around(beforeSlack, afterSlack, r.strike)})
	w.through(r)
	w.start(replicas)
	talks, done := context.WithCancel(w.ctx)
	var all sync.WaitGroup
	c := &crowd{world: w, ctx: talks}
	for i := range people {
		all.Go(func() { c.talks(i) })
	}
	all.Go(func() { c.works() })
	met := w.reap(r, kills, c)
	done()
	all.Wait()
	c.finish()
	last := time.Now()
	w.settled()
	c.judge()
	t.Logf("all was delivered %v after the last kill", time.Since(last).Round(time.Second))
	t.Logf("%d kills: %v; %d proposals, %d messages, %d replies", kills, met, c.proposals(), c.written(), w.number(`SELECT count(*) FROM messages WHERE confirmed_at IS NOT NULL`))
}

// Killed with many posts of one thread in its hands, of which Slack has taken the first: each is looked up, none waits for
// the history on its own, and all stand there once and in order, within a minute on a machine that is not busy (row 33).
func TestFault_killedInOneThread(t *testing.T) {
	t.Parallel()
	w, p, _ := begin(t)
	w.settled()
	w.slack.Misbehave(slacksim.Fault{Kind: slacksim.ApplyThenTimeout, Method: "chat.postMessage"})
	w.slack.SetHistoryLag(9 * time.Second)
	var words []string
	for i := range 14 {
		words = append(words, fmt.Sprintf("連絡その%02d", i+1))
		p.says(words[i])
	}
	w.reads(deskRoom, words[0])
	w.killOne()
	killed := time.Now()
	w.start(1)
	w.settled()
	t.Logf("all was delivered %v after the kill", time.Since(killed).Round(time.Second))
	(&crowd{world: w}).inOrder(words)
	w.once()
	w.want(0, "deliveries set aside", `SELECT count(*) FROM deliveries WHERE state = 'dead'`)
}

// through puts the wire between the program and its Postgres.
func (w *world) through(r *reaper) {
	w.t.Helper()
	url := storetest.URL(w.t)
	w.db.Close()
	w.look(url)
	l, address := w.wire(url)
	l.striking(r.strike)
	for i, v := range w.env {
		if strings.HasPrefix(v, "DATABASE_URL=") {
			w.env[i] = "DATABASE_URL=" + address
		}
	}
}

// reap kills and starts anew, so often, and tells at which moments.
func (w *world) reap(r *reaper, kills int, c *crowd) map[moment]int {
	moments := []moment{beforeCommit, afterCommit, beforeLINE, afterLINE, beforeSlack, afterSlack, before200, anyTime}
	w.front.losingAnswers(func() bool { return r.strike(before200) })
	met := map[moment]int{}
	dice := rand.New(rand.NewPCG(11, uint64(kills)))
	for i := range kills {
		at := moments[i%len(moments)]
		r.arm(at, dice.IntN(6))
		wait := time.NewTimer(time.Duration(dice.IntN(400)) * time.Millisecond)
		if at != anyTime {
			wait.Reset(5 * time.Second) // such a moment may not come
		}
		select {
		case m := <-r.calls:
			met[m]++
		case <-wait.C:
			met[anyTime]++
		}
		w.killOne()
		r.killed()
		select {
		case <-r.calls: // it struck while we did
		default:
		}
		w.start(1)
		w.line.Redeliver(w.ctx)
	}
	w.front.losingAnswers(nil)
	return met
}

// crowd is several people who propose and write, and a desk that answers, while the program is being killed.
type crowd struct {
	*world
	ctx context.Context // ends with the killing

	mu    sync.Mutex
	given []answers
	said  map[string][]string // by person, what was written and answered 200, in order
}

// talks goes on proposing and writing until the killing is over.
func (c *crowd) talks(i int) {
	p := c.person(fmt.Sprintf("person %d", i))
	p.arrives(p.Follow(c.world.ctx))
	thinks := time.Duration(times(300, 1200)) * time.Millisecond // lest the desk's room is filled faster than Slack takes posts
	for n := 0; n == 0 || c.ctx.Err() == nil; n++ {
		a := proposalOf(100*i + n)
		for _, words := range append(a.typed(), "送信") {
			p.says(words)
			pause(c.ctx, thinks)
		}
		c.note(func() { c.given = append(c.given, a) })
		if n > 0 {
			continue // with several open proposals it would be asked which one is meant
		}
		for k := range 3 {
			words := fmt.Sprintf("連絡%d-%d", i, k)
			p.says(words)
			c.note(func() { c.said[p.ID()] = append(c.said[p.ID()], words) })
		}
	}
}

func (c *crowd) note(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.said == nil {
		c.said = map[string][]string{}
	}
	f()
}

// works is a colleague who replies to whatever has come in, as far as the program lets them.
func (c *crowd) works() {
	for c.ctx.Err() == nil {
		numbers := c.rows(`SELECT number FROM proposals WHERE NOT EXISTS (SELECT FROM messages WHERE proposal = proposals.id AND direction = 'out') ORDER BY id LIMIT 1`)
		if len(numbers) > 0 {
			c.answers(numbers[0])
		}
		pause(c.ctx, 50*time.Millisecond)
	}
}

// answers tries to reply to one proposal. Whatever is refused or not answered is tried again later, as people do.
func (c *crowd) answers(number string) {
	cards := c.cards(deskRoom, number)
	if len(cards) == 0 {
		return
	}
	action, value, ok := pressable(cards[0].Blocks, "企業に返信")
	before := c.slack.Seq()
	if !ok {
		return
	}
	if out, err := c.slack.Press(c.world.ctx, tanaka, deskRoom, cards[0].TS, action, value...); err != nil || out.Error != "" {
		return
	}
	wait, cancel := context.WithTimeout(c.ctx, 3*time.Second)
	defer cancel()
	if _, err := c.slack.Wait(wait, before, func(e slacksim.Entry) bool { return e.User == tanaka && e.Kind == slacksim.ViewOpened }); err != nil {
		return
	}
	defer c.dismiss()
	for _, values := range []slacksim.Values{{"body": {"お返事 " + number + "。"}}, nil, nil} {
		v, open := c.slack.View(tanaka)
		if !open || c.ctx.Err() != nil {
			return
		}
		for try := 0; try < 20 && c.ctx.Err() == nil; try++ {
			out, err := c.slack.Submit(c.world.ctx, tanaka, v.ID, values)
			if err != nil || out.Error == "" {
				break
			}
			pause(c.ctx, 100*time.Millisecond) // the program is being started
		}
	}
}

func (c *crowd) dismiss() {
	if v, open := c.slack.View(tanaka); open {
		_ = c.slack.Dismiss(c.world.ctx, tanaka, v.ID) // it has closed itself
	}
}

// pause waits for a while, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	wait := time.NewTimer(d)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
	}
}

// finish lets LINE bring what is still on its way.
func (c *crowd) finish() {
	c.until("LINE knows that all has arrived", func() (bool, error) {
		c.line.Redeliver(c.world.ctx)
		return c.line.Undelivered() == 0, nil
	})
}

func (c *crowd) proposals() int { return len(c.given) }

func (c *crowd) written() (n int) {
	for _, words := range c.said {
		n += len(words)
	}
	return n
}

// judge compares what people gave with the database, and with what people were shown.
func (c *crowd) judge() {
	c.t.Helper()
	for _, a := range c.given {
		c.wholly(a)
	}
	c.numbered(len(c.given))
	c.want(c.written(), "messages", `SELECT count(*) FROM messages WHERE direction = 'in'`)
	for id, words := range c.said {
		got := c.rows(`SELECT body FROM messages JOIN contacts ON contacts.id = contact WHERE line_user = $1 AND direction = 'in' ORDER BY messages.id`, id)
		if strings.Join(got, "|") != strings.Join(words, "|") {
			c.t.Errorf("%s wrote %q, the database has %q", id, words, got)
		}
		c.inOrder(words)
	}
	c.repliesShown()
	c.once()
	c.want(0, "deliveries set aside", `SELECT count(*) FROM deliveries WHERE state = 'dead'`)
}

// inOrder judges that what one person wrote stands once each, in order, in the desk's room.
func (c *crowd) inOrder(words []string) {
	c.t.Helper()
	room, last := c.room(deskRoom), -1
	for _, w := range words {
		if n := c.posts(deskRoom, w); n != 1 {
			c.t.Errorf("%q stands %d times in the desk's room", w, n)
		}
		at := strings.LastIndex(room, w) // the card above begins with the newest, too
		if at < last {
			c.t.Errorf("%q stands before what was written earlier", w)
		}
		last = at
	}
}

// repliesShown judges that each confirmed reply was shown once, and no other at all.
func (c *crowd) repliesShown() {
	c.t.Helper()
	confirmed := map[string]int{}
	for _, body := range c.rows(`SELECT body FROM messages WHERE confirmed_at IS NOT NULL`) {
		confirmed[body]++
	}
	shown := map[string]int{}
	for _, p := range c.line.People() {
		for _, e := range c.line.Chat(p.ID) {
			for _, line := range strings.Split(said(e.Message), "\n") {
				if strings.HasPrefix(line, "お返事 ") {
					shown[line]++
				}
			}
		}
	}
	for body, n := range confirmed {
		if shown[body] != n {
			c.t.Errorf("reply %q was confirmed %d times and shown %d times", body, n, shown[body])
		}
	}
	for body := range shown {
		if confirmed[body] == 0 {
			c.t.Errorf("reply %q was shown and never confirmed", body)
		}
	}
}
