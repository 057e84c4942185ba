package faults_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tsunagi/handlers/line/linesim"
)

// What staff say among themselves, in rooms and threads, the files they share, what they change, take back or react with:
// none of it ever reaches LINE, in whatever order it comes (rows 38 and 39).
func TestFault_talkStaysInside(t *testing.T) {
	t.Parallel()
	w, p, number := begin(t)
	w.colleague(tanaka).refers(number, "福祉政策課", "産業政策課")
	w.reads(welfareRoom, number)
	w.reads(industryRoom, number)
	w.settled()
	w.must(w.slack.Share(w.ctx, deskRoom, alien))
	calls, rows := w.line.Last(), w.facts()
	talk := &chatter{world: w, number: number, rand: rand.New(rand.NewPCG(39, 1))}
	n := times(300, 20_000)
	for i := range n {
		talk.says(i)
	}
	for _, e := range w.line.Since(calls) {
		if e.Method != "" && e.Kind != linesim.Called {
			t.Errorf("LINE was called: %s %s", e.Method, e.Path)
		}
	}
	w.same("talk among staff", rows)
	w.must(w.slack.Unshare(w.ctx, deskRoom)) // a desk that others read gets nothing
	w.colleague(tanaka).replies(deskRoom, number, "これだけが届きます")
	p.reads(calls, "これだけが届きます")
	w.settled()
	for _, e := range w.line.Since(calls) {
		if e.Kind == linesim.Seen && said(e.Message) == "" {
			t.Errorf("an empty message was shown: %s", e.Message)
		}
	}
	if got := p.seen("ここだけの話"); got != 0 {
		t.Errorf("talk among staff was shown %d times", got)
	}
	w.want(1, "messages", `SELECT count(*) FROM messages`)
}

// chatter is staff at random.
type chatter struct {
	*world
	number string
	rand   *rand.Rand
	spoken [][3]string // who, where, ts
}

func (c *chatter) says(i int) {
	c.t.Helper()
	who := []string{tanaka, mori, chief, suzuki, yamamoto, guest, alien}[c.rand.IntN(7)]
	room := map[string]string{suzuki: welfareRoom, yamamoto: industryRoom}[who]
	if room == "" {
		room = deskRoom
	}
	thread := ""
	if cards := c.cards(room, c.number); len(cards) > 0 && c.rand.IntN(2) == 0 {
		thread = cards[0].TS
	}
	words := []string{"ここだけの話", "@tsunagi ここだけの話", "企業に返信 ここだけの話", "/desk state ここだけの話", "<@U0BOT> ここだけの話", "送信 ここだけの話"}[c.rand.IntN(6)]
	words = fmt.Sprintf("%s %d", words, i)
	switch at := c.rand.IntN(8); {
	case at < 4 || len(c.spoken) == 0:
		ts, err := c.slack.Say(c.ctx, who, room, thread, words)
		c.must(err)
		c.spoken = append(c.spoken, [3]string{who, room, ts})
	case at == 4:
		_, err := c.slack.Attach(c.ctx, who, room, thread, "ここだけの話.pdf", words, []byte("%PDF-1.7 ここだけの話"))
		c.must(err)
	case at == 5:
		s := c.spoken[c.rand.IntN(len(c.spoken))]
		_ = c.slack.Edit(c.ctx, s[0], s[1], s[2], words) // it may be gone
	case at == 6:
		s := c.spoken[c.rand.IntN(len(c.spoken))]
		_ = c.slack.Unsay(c.ctx, s[0], s[1], s[2]) // it may be gone
	default:
		s := c.spoken[c.rand.IntN(len(c.spoken))]
		_ = c.slack.React(who, s[1], s[2], "eyes") // it may be gone
	}
	if c.rand.IntN(20) == 0 {
		c.slack.Again(c.ctx, 3)
	}
}
