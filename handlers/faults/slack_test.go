package faults_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/slack/slacksim"
)

// Everything that staff press arrives three times, over two replicas at once, as when Slack retries: each has one effect
// (row 13).
func TestFault_slackRepeats(t *testing.T) {
	t.Parallel()
	w, p, number := begin(t, wish{replicas: 2})
	w.front.copy(3)
	w.colleague(tanaka).refers(number, "福祉政策課", "産業政策課")
	w.colleague(suzuki).opens(welfareRoom, number, "対応できない")
	w.colleague(suzuki).fine(slacksim.Values{"reason": {"人手が足りません"}})
	w.colleague(yamamoto).opens(industryRoom, number, "連携したい")
	w.colleague(yamamoto).fine(nil)
	w.reads(deskRoom, "連携したい")
	w.colleague(tanaka).replies(deskRoom, number, "産業政策課がうかがいます")
	p.reads(0, "産業政策課がうかがいます")
	p.says("よろしくお願いします")
	w.reads(industryRoom, "よろしくお願いします")
	w.colleague(mori).opens(deskRoom, number, "見送る")
	w.colleague(mori).fine(slacksim.Values{"reason": {"他の事業と重なる"}, "body": {"今回は見送らせていただきます"}})
	w.colleague(mori).fine(nil)
	p.reads(0, "今回は見送らせていただきます")
	w.settled()
	for event, want := range map[string]int{"taken": 1, "asked": 1, "answered": 2, "replied": 1, "written": 1, "declined": 1} {
		w.want(want, "entries of "+event, `SELECT count(*) FROM history WHERE event = $1`, event)
	}
	for _, words := range []string{"産業政策課がうかがいます", "今回は見送らせていただきます"} {
		if n := p.seen(words); n != 1 {
			t.Errorf("%q was shown %d times", words, n)
		}
	}
	if n := w.posts(industryRoom, "よろしくお願いします"); n != 1 {
		t.Errorf("what the organization wrote stands in the thread %d times", n)
	}
	w.once()
}

// Many colleagues press 担当する at the same moment: one of them owns it, and the others read who (row 13).
func TestFault_takenTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wish{replicas: 2})
	p := w.person("sato")
	number := p.submits(proposalOf(1))
	card := w.card(deskRoom, number, "担当する")
	w.slack.Misbehave(slacksim.Fault{Kind: slacksim.TooMany, Method: "chat.update", Times: -1, RetryAfter: time.Second})
	var all sync.WaitGroup
	for _, id := range []string{tanaka, mori, chief, tanaka, mori} {
		all.Go(func() {
			if _, err := w.colleague(id).hits(card, "担当する"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.slack.Behave() // the card stands as all of them have seen it until all have pressed
	w.settled()
	w.want(1, "entries of taken", `SELECT count(*) FROM history WHERE event = 'taken'`)
	w.want(0, "other entries of owners", `SELECT count(*) FROM history WHERE event = 'assigned'`)
	owner := w.rows(`SELECT owner FROM proposals`)[0]
	w.until("the others are told", func() (bool, error) {
		told := map[string]bool{}
		for _, e := range w.slack.Record() {
			if e.Kind == slacksim.Ephemeral && strings.Contains(e.Text, "すでに担当しています") {
				told[e.User] = true
			}
		}
		return len(told) == 2 && !told[owner], nil
	})
}

// Slack's 429: as long as it asks, nothing goes into the channel, and the order is kept (row 32).
func TestFault_slackRate(t *testing.T) {
	t.Parallel()
	w, p, number := begin(t)
	w.settled()
	w.slack.Misbehave(slacksim.Fault{Kind: slacksim.TooMany, Method: "chat.postMessage", Times: 2, RetryAfter: 2 * time.Second})
	p.says("一つ目の連絡です")
	p.says("二つ目の連絡です")
	w.reads(deskRoom, "一つ目の連絡です")
	w.reads(deskRoom, "二つ目の連絡です")
	w.settled()
	if thread := w.thread(deskRoom, number); strings.LastIndex(thread, "一つ目") > strings.LastIndex(thread, "二つ目") { // the card has them, too
		t.Errorf("the order is lost:\n%s", thread)
	}
	w.once()
	var refused time.Time
	for _, e := range w.slack.Record() {
		if e.Method != "chat.postMessage" || e.Kind != slacksim.Called {
			continue
		}
		if gap := e.Time.Sub(refused); !refused.IsZero() && gap < 1900*time.Millisecond {
			t.Errorf("Slack was called %v after it had asked for 2 s", gap)
		}
		refused = time.Time{}
		if e.Fault != "" {
			refused = e.Time
		}
	}
}

// A post that was made though the call failed is looked up by its metadata and adopted, never made again (row 33).
func TestFault_slackDoubt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault slacksim.FaultKind
		lag   time.Duration
	}{
		"500":                       {slacksim.ApplyThenFail, 0},
		"cut short":                 {slacksim.MalformedJSON, 0},
		"no answer":                 {slacksim.ApplyThenTimeout, 0},
		"500, and the history lags": {slacksim.ApplyThenFail, 8 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.slack.SetHistoryLag(c.lag)
			w.slack.Misbehave(slacksim.Fault{Kind: c.fault, Method: "chat.postMessage", Times: 1})
			p := w.person("sato")
			number := p.submits(proposalOf(1))
			w.reads(deskRoom, number)
			p.says("資料は足りていますか")
			w.settled()
			w.colleague(tanaka).takes(number) // the card that stands is the one that is known
			w.settled()
			w.once()
			if n := w.posts(deskRoom, "資料は足りていますか"); n != 1 {
				t.Errorf("one message stands in the thread %d times", n)
			}
			if card := w.cards(deskRoom, number); len(card) == 1 && !strings.Contains(said(card[0].Blocks), "確認中") {
				t.Errorf("the card that stands does not change:\n%s", said(card[0].Blocks))
			}
		})
	}
}

// While the history cannot be read, nobody can tell: no second post (row 33).
func TestFault_slackStillUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.slack.Misbehave(slacksim.Fault{Kind: slacksim.ApplyThenFail, Method: "chat.postMessage", Times: 1})
	w.slack.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "conversations.history", Times: 3})
	p := w.person("sato")
	number := p.submits(proposalOf(1))
	w.settled()
	w.once()
	w.reads(deskRoom, number)
}

// A department's channel is archived, or the bot was removed: what is to go there waits, the desk is told, the others go on (row 34; see
// docs/adr/0021-rooms-that-cannot-be-trusted-wait.md).
func TestFault_channelGone(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string]func(*world) error{
		"archived": func(w *world) error { return w.slack.Archive(w.ctx, welfareRoom) },
		"removed":  func(w *world) error { return w.slack.RemoveBot(w.ctx, welfareRoom) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, p, number := begin(t)
			w.colleague(tanaka).refers(number, "福祉政策課", "産業政策課")
			w.reads(welfareRoom, number)
			w.settled()
			w.must(gone(w))
			p.says("追加の連絡です")
			w.reads(industryRoom, "追加の連絡です")
			w.reads(deskRoom, "「福祉政策課」のチャンネル（C0WELFARE）への配信を止めています")
			w.until("it waits", func() (bool, error) {
				n, err := w.count(`SELECT count(*) FROM deliveries WHERE state = 'pending' AND lane LIKE 'slack/C0WELFARE/%' AND tries = 0`)
				return n > 0, err
			})
			w.until("the desk reads it once", func() (bool, error) { return w.posts(deskRoom, "追加の連絡です") == 1, nil })
			w.want(0, "deliveries set aside", `SELECT count(*) FROM deliveries WHERE state = 'dead'`)
		})
	}
}

// The three seconds for a modal are over (row 35).
func TestFault_triggerExpired(t *testing.T) {
	t.Parallel()
	w, _, number := begin(t)
	for _, code := range []string{"expired_trigger_id", "trigger_expired"} {
		before := w.slack.Seq()
		w.slack.Misbehave(slacksim.Fault{Kind: slacksim.Refuse, Method: "views.open", Error: code})
		w.colleague(tanaka).presses(deskRoom, number, "企業に返信")
		w.whispers(tanaka, before, "画面を開けませんでした。もう一度押してください")
	}
	w.colleague(tanaka).replies(deskRoom, number, "二度目に開きました")
}

// Two reply at once: the second is shown who was first, and may still send (row 37).
func TestFault_twoReplies(t *testing.T) {
	t.Parallel()
	w, p, number := begin(t, wish{replicas: 2})
	one, two := w.colleague(tanaka), w.colleague(mori)
	one.writes(deskRoom, number, "田中からのお返事")
	two.writes(deskRoom, number, "森からのお返事")
	one.fine(nil)
	p.reads(0, "田中からのお返事")
	two.fine(nil)
	v, ok := w.slack.View(mori)
	if !ok || !strings.Contains(said(v.Blocks), "tanakaさんが先に返信しました") {
		t.Fatalf("the second is not warned:\n%s", said(v.Blocks))
	}
	w.settled()
	if n := p.seen("森からのお返事"); n != 0 {
		t.Fatalf("the second reply went out before it was confirmed, %d times", n)
	}
	two.fine(nil)
	p.reads(0, "森からのお返事")
	w.settled()
	w.want(2, "confirmed replies", `SELECT count(*) FROM messages WHERE confirmed_at IS NOT NULL`)
	w.once()
}

// 送信する pressed twice at the same moment, and both colleagues at the same moment (row 37).
func TestFault_sentTwice(t *testing.T) {
	t.Parallel()
	w, p, number := begin(t, wish{replicas: 2})
	for round := range times(3, 100) {
		one, two := w.colleague(tanaka), w.colleague(mori)
		body := "お返事その" + strings.Repeat("一", round+1) + "。"
		one.writes(deskRoom, number, body+"田中")
		two.writes(deskRoom, number, body+"森")
		w.front.copy(2)
		var all sync.WaitGroup
		for _, c := range []colleague{one, two} {
			v, _ := w.slack.View(c.id)
			all.Go(func() {
				if _, err := w.slack.Submit(w.ctx, c.id, v.ID, nil); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		w.front.copy(1)
		w.settled()
		if n := p.seen(body); n != 1 {
			t.Errorf("round %d: %d replies were shown, want one: the other has to be confirmed again", round, n)
		}
		for _, id := range []string{tanaka, mori} {
			if v, ok := w.slack.View(id); ok {
				w.must(w.slack.Dismiss(w.ctx, id, v.ID))
			}
		}
	}
	w.once()
}

// An event that LINE brings twice at the same moment while staff press: locks are taken in one order, so nobody waits for
// ever, and all of it has its effect.
func TestFault_crossing(t *testing.T) {
	t.Parallel()
	w, p, number := begin(t, wish{replicas: 2})
	c := w.colleague(tanaka)
	n := times(6, 200)
	for range n {
		c.writes(deskRoom, number, "交差するお返事")
		var all sync.WaitGroup
		all.Go(func() { c.fine(nil) })
		all.Go(func() { p.says("交差する連絡") })
		all.Wait()
		if _, open := w.slack.View(tanaka); open { // the case has moved on, so that it was asked again
			c.fine(nil)
		}
	}
	w.settled()
	w.want(n, "messages of the organization", `SELECT count(*) FROM messages WHERE direction = 'in'`)
	if got := p.seen("交差するお返事"); got != n {
		t.Errorf("%d replies were shown, want %d", got, n)
	}
	w.want(0, "failures", `SELECT count(*) FROM failures`)
	if w.calls(pushPath, linesim.Refused) > 0 {
		t.Error("LINE has refused a push")
	}
}
