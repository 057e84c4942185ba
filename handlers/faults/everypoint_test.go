package faults_test

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Killed at every point at which something is written, committed, sent or answered, while organizations talk and the desk
// answers: nothing is lost, nothing is shown twice (rows 10, 11, 33). The points are the messages themselves, so that a
// statement or a call that is added is one more. The shares are worlds of their own, which run beside each other; as a rule
// each takes part of its points once, with TSUNAGI_FAULTS=long all of them 25 times.
func TestFault_killAtEveryPoint(t *testing.T) {
	t.Parallel()
	const shares, least = 2, 20
	for share := range uint32(shares) {
		t.Run(fmt.Sprint("share ", share+1), func(t *testing.T) {
			t.Parallel()
			p := newPoints()
			w := newWorld(t, wish{idle: true, onLine: p.around("line"), onSlack: p.around("slack")})
			s := &series{points: p, crowd: &crowd{world: w}, met: map[moment]int{}}
			s.begins()
			s.kills(func(at moment) bool { return weight(at)%shares == share }, times(least+2, 1000), times(1, 25))
			s.ends()
			if len(s.met) < least {
				t.Errorf("it was killed at %d points only, want %d at least: %v", len(s.met), least, s.met)
			}
		})
	}
}

// series is the kills of one world.
type series struct {
	points *points
	*crowd
	met  map[moment]int // how often it was killed there
	done context.CancelFunc
	all  sync.WaitGroup
}

// begins lets people talk, and waits until each kind of thing has happened twice.
func (s *series) begins() {
	s.tapped(s.points)
	s.front.losingAnswers(func() bool { return s.points.passes(before200) })
	s.start(1)
	s.points.forget()
	s.ctx, s.done = context.WithCancel(s.world.ctx)
	for i := range 2 {
		s.all.Go(func() { s.come(i) })
	}
	s.all.Go(s.works)
	s.until("two replies have gone", func() (bool, error) {
		n, err := s.count(`SELECT count(*) FROM deliveries WHERE kind = 'reply' AND state = 'sent'`)
		return n > 1, err
	})
}

// come is one person after the other who proposes and writes, until the killing is over.
func (s *series) come(i int) {
	for n := 0; n == 0 || s.ctx.Err() == nil; n++ {
		p, a := s.person(fmt.Sprintf("person %d-%d", i, n)), proposalOf(1000*i+n)
		p.arrives(p.Follow(s.world.ctx))
		for _, words := range append(a.typed(), "送信") {
			p.says(words)
			pause(s.ctx, 300*time.Millisecond) // lest the desk's room is filled faster than Slack takes posts
		}
		words := fmt.Sprintf("連絡%d-%03d", i, n)
		p.says(words)
		s.note(func() { s.given, s.said[p.ID()] = append(s.given, a), []string{words} })
	}
}

// kills kills so often at each of so many points.
func (s *series) kills(ours func(moment) bool, most, times int) {
	at := slices.DeleteFunc(s.points.known(), func(at moment) bool { return !ours(at) || !matters(at) })
	slices.SortFunc(at, func(a, b moment) int { return cmp.Compare(weight(a), weight(b)) })
	for range times {
		for _, at := range at[:min(most, len(at))] {
			s.killAt(at)
		}
	}
}

// killAt kills the program at a point and starts it anew, if the point comes again within a while.
func (s *series) killAt(at moment) {
	s.points.arm(at, 0)
	wait := time.NewTimer(30 * time.Second)
	defer wait.Stop()
	select {
	case <-s.points.calls:
		s.met[at]++
		s.killOne()
		s.points.killed()
		s.start(1)
		s.line.Redeliver(s.world.ctx)
	case <-wait.C:
		s.t.Logf("the point %q did not come again", at)
		s.points.killed()
		select {
		case <-s.points.calls: // just now; what is held back goes the way of a cut line
		default:
		}
	}
}

// ends lets all come to its end and judges.
func (s *series) ends() {
	s.done()
	s.all.Wait()
	s.front.losingAnswers(nil)
	s.finish()
	s.settled()
	s.judge()
	s.t.Logf("killed at %d points; %d proposals, %d messages", len(s.met), s.proposals(), s.written())
}

// weight puts points into an order that has nothing to do with their names, the same in each run.
func weight(at moment) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(at)) // it never fails
	return h.Sum32()
}

// matters tells whether something can be lost or doubled there: not by a question alone.
func matters(at moment) bool {
	for _, question := range []string{"postgres SELECT", "postgres SET", "users.info", "conversations.members", "redis PING"} {
		if strings.Contains(string(at), question) {
			return false
		}
	}
	return true
}

// forget drops the points that only the start of a program meets.
func (p *points) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.met)
}
