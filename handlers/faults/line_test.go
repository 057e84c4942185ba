package faults_test

import (
	"slices"
	"strings"
	"testing"

	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/slack/slacksim"
)

// A reply of the desk is pushed, since no reply token is at hand. However LINE misbehaves, the organization reads it once
// and staff read what became of it (rows 23, 24 and 27).
func TestFault_push(t *testing.T) {
	t.Parallel()
	const failed = "相手側のサービスが受け付けませんでした"
	for name, c := range map[string]struct {
		fault  linesim.Fault
		calls  int // to LINE, with this reply
		shown  int
		staff  string // what they read in the thread
		doubts bool
	}{
		"500 three times":         {linesim.Fault{Do: linesim.Fail500, Times: 3}, 4, 1, "送信済み", false},
		"applied, then 500":       {linesim.Fault{Do: linesim.ApplyThenFail}, 2, 1, "送信済み", true},
		"applied, then no answer": {linesim.Fault{Do: linesim.ApplyThenTimeout}, 2, 1, "送信済み", true},
		"applied, then cut off":   {linesim.Fault{Do: linesim.ApplyThenHangup}, 2, 1, "送信済み", true},
		"no answer":               {linesim.Fault{Do: linesim.Timeout}, 2, 1, "送信済み", false},
		"400":                     {linesim.Fault{Do: linesim.FailStatus, Status: 400, Message: "The request body has 1 error(s)"}, 1, 0, failed, false},
		"403":                     {linesim.Fault{Do: linesim.FailStatus, Status: 403, Message: "Not available"}, 1, 0, failed, false},
		"429, the month's quota":  {linesim.Fault{Do: linesim.Fail429Quota, Times: -1}, 1, 0, "月間送信上限のため未送信です", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, p, number := begin(t)
			w.settled()
			before := w.pushes()
			c.fault.Path = pushPath
			w.line.Misbehave(c.fault)
			w.colleague(tanaka).replies(deskRoom, number, "来週うかがいます")
			w.reads(deskRoom, c.staff)
			w.settled()
			if n := p.seen("来週うかがいます"); n != c.shown {
				t.Errorf("the reply was shown %d times, want %d", n, c.shown)
			}
			keys := w.pushes()[len(before):]
			if len(keys) != c.calls {
				t.Errorf("LINE was called %d times, want %d", len(keys), c.calls)
			}
			if len(slices.Compact(slices.Clone(keys))) != 1 {
				t.Errorf("the retry key has changed: %q", keys)
			}
			w.once()
		})
	}
}

// pushes are the retry keys of all pushes in order, whatever became of them.
func (w *world) pushes() []string {
	var keys []string
	var last string
	for _, e := range w.line.Record() {
		if e.Path != pushPath || e.RequestID == last {
			continue
		}
		last = e.RequestID
		keys = append(keys, e.RetryKey)
	}
	return keys
}

// Too many calls (429): LINE is left in peace for a while, and the order is kept (row 25).
func TestFault_rate(t *testing.T) {
	t.Parallel()
	w, p, number := begin(t)
	w.settled()
	w.line.Misbehave(linesim.Fault{Do: linesim.Fail429Rate, Path: pushPath, Times: 3})
	c := w.colleague(tanaka)
	c.replies(deskRoom, number, "一つ目のお返事")
	c.replies(deskRoom, number, "二つ目のお返事")
	first, second := p.reads(0, "一つ目のお返事"), p.reads(0, "二つ目のお返事")
	if first.Seq > second.Seq {
		t.Error("the second reply was shown before the first")
	}
	w.settled()
	w.once()
	refused, at := 0, []linesim.Entry{}
	for _, e := range w.line.Record() {
		if e.Path == pushPath && e.Kind == linesim.Failed {
			refused++
			at = append(at, e)
		}
	}
	for i := 1; i < len(at); i++ {
		if gap := at[i].Time.Sub(at[i-1].Time).Seconds(); gap < 0.7 {
			t.Errorf("LINE was called again after %.2f s", gap)
		}
	}
	if refused != 3 {
		t.Errorf("LINE refused %d calls, want 3", refused)
	}
}

// A token that LINE refuses (401): nothing more is tried, nothing is lost, and the desk is told once (row 27).
func TestFault_unauthorized(t *testing.T) {
	t.Parallel()
	w, p, number := begin(t)
	w.settled()
	w.line.SetAccessToken("another")
	c := w.colleague(tanaka)
	c.replies(deskRoom, number, "一つ目のお返事")
	w.reads(deskRoom, "アクセストークンが無効です")
	c.replies(deskRoom, number, "二つ目のお返事")
	p.says("届いていますか")
	w.reads(deskRoom, "届いていますか")
	if n := w.posts(deskRoom, "アクセストークンが無効です"); n != 1 {
		t.Errorf("the desk was told %d times, want once", n)
	}
	w.want(0, "deliveries set aside", `SELECT count(*) FROM deliveries WHERE state = 'dead'`)
	if calls := w.calls(pushPath, linesim.Refused); calls > 2 {
		t.Errorf("LINE was called %d times with a token that it refuses", calls)
	}
	if !long() { // a minute until LINE is tried again
		w.want(2, "replies that wait", `SELECT count(*) FROM deliveries WHERE state = 'pending' AND kind = 'reply'`)
		return
	}
	w.line.SetAccessToken(lineToken)
	w.until("both replies are shown", func() (bool, error) {
		return p.seen("一つ目のお返事") == 1 && p.seen("二つ目のお返事") == 1, nil
	})
	w.settled()
	w.once()
}

// A reply token that is over or was used: a receipt goes as a push, a prompt comes again with the next input (row 28).
func TestFault_replyToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.person("sato")
	invalid := linesim.Fault{Do: linesim.FailStatus, Status: 400, Message: "Invalid reply token", Path: replyPath}
	p.says("提案")
	p.reads(0, "(1/")
	w.line.Misbehave(invalid)
	p.says("企業")
	w.settled()
	if n := p.seen("(2/"); n != 0 {
		t.Errorf("the second question was shown %d times though its token was over", n)
	}
	p.says("ヘルプ")
	p.reads(0, "(2/")
	for _, words := range proposalOf(1).typed()[2:] {
		p.says(words)
	}
	w.settled()
	w.line.Misbehave(invalid)
	p.says("送信")
	if e := p.reads(0, "受付番号 "); e.Via != "push" {
		t.Errorf("the receipt came by %s, want push", e.Via)
	}
	w.settled()
	w.once()
	if n := len(w.pushes()); n != 1 {
		t.Errorf("%d pushes were spent, want 1", n)
	}
}

// A reply has no retry key: its token works once, and that is the guard. Whatever happens to the call, the receipt is
// shown once, and no push is spent (row 24).
func TestFault_replyInDoubt(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]linesim.Fault{
		"applied, then cut off":   {Do: linesim.ApplyThenHangup},
		"applied, then 500 twice": {Do: linesim.ApplyThenFail, Times: 2},
		"500 twice":               {Do: linesim.Fail500, Times: 2},
		"cut off":                 {Do: linesim.Hangup},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.person("sato")
			p.proposes(proposalOf(1))
			w.settled()
			f.Path = replyPath
			w.line.Misbehave(f)
			p.says("送信")
			p.reads(0, "受付番号 ")
			w.settled()
			w.once()
			if n := p.seen("受付番号 "); n != 1 {
				t.Errorf("the receipt was shown %d times", n)
			}
			if n := len(w.pushes()); n != 0 {
				t.Errorf("%d pushes were spent", n)
			}
			w.want(0, "deliveries set aside", `SELECT count(*) FROM deliveries WHERE state = 'dead'`)
		})
	}
}

// What a company writes while LINE fails is acknowledged once LINE works again, by the reply token or, once that is over,
// with a push: who does not read it sends it again.
func TestFault_lineAcknowledges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  linesim.Fault
		pushes int
	}{
		"500 twice":             {linesim.Fault{Do: linesim.Fail500, Times: 2}, 0},
		"no answer":             {linesim.Fault{Do: linesim.Timeout}, 0},
		"applied, then cut off": {linesim.Fault{Do: linesim.ApplyThenHangup}, 0},
		"token over":            {linesim.Fault{Do: linesim.FailStatus, Status: 400, Message: "Invalid reply token"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, p, _ := begin(t)
			w.settled()
			before := len(w.pushes())
			c.fault.Path = replyPath
			w.line.Misbehave(c.fault)
			p.says("障害中の連絡1")
			p.reads(0, "お伝えしました")
			w.settled()
			if n := p.seen("お伝えしました"); n != 1 {
				t.Errorf("the acknowledgement was shown %d times", n)
			}
			if n := len(w.pushes()) - before; n != c.pushes {
				t.Errorf("%d pushes were spent, want %d", n, c.pushes)
			}
			w.once()
		})
	}
}

// Whoever has blocked the account cannot be reached, though LINE answers 200: staff read it before they write, and also
// when it happened while they wrote (row 29).
func TestFault_blocked(t *testing.T) {
	t.Parallel()
	const words = "相手がブロック中のため届きません。別の連絡先をご利用ください"
	w, p, number := begin(t)
	w.settled()
	c := w.colleague(tanaka)
	c.writes(deskRoom, number, "来週うかがいます")
	p.arrives(p.Block(w.ctx))
	out := c.submits(nil)
	v, open := w.slack.View(tanaka)
	if !open || !strings.Contains(said(v.Blocks), words) {
		w.reads(deskRoom, words)
	}
	w.settled()
	if strings.Contains(w.room(deskRoom), "送信済み") {
		t.Errorf("staff read that a reply was sent that nobody can read (%+v)", out)
	}
	if open {
		w.must(w.slack.Dismiss(w.ctx, tanaka, v.ID))
	}
	before := w.slack.Seq()
	c.presses(deskRoom, number, "企業に返信")
	w.whispers(tanaka, before, words)
}

// Blocked, and back: the card says so at once, before anybody writes.
func TestFault_blockedOnTheCard(t *testing.T) {
	t.Parallel()
	const words = "⚠ 相手がブロック中のため届きません"
	w, p, _ := begin(t)
	w.settled()
	p.arrives(p.Block(w.ctx))
	w.reads(deskRoom, words)
	p.arrives(p.Follow(w.ctx))
	w.until("the card no longer says so", func() (bool, error) { return !strings.Contains(w.room(deskRoom), words), nil })
}

// Blocked while LINE is being called: the reply is on its way when the person goes.
func TestFault_blockedUnderway(t *testing.T) {
	t.Parallel()
	w, p, number := begin(t)
	w.settled()
	w.line.Misbehave(linesim.Fault{Do: linesim.Fail500, Path: pushPath, Times: 2})
	w.colleague(tanaka).replies(deskRoom, number, "来週うかがいます")
	p.arrives(p.Block(w.ctx))
	w.reads(deskRoom, "相手がブロック中のため届きません。別の連絡先をご利用ください")
	w.settled()
	if strings.Contains(w.room(deskRoom), "送信済み") {
		t.Error("staff read that a reply was sent that nobody can read")
	}
}

// Blocked in the middle of a talk, and back later (row 30).
func TestFault_blockedAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.person("sato")
	a := proposalOf(1)
	typed := a.typed()
	p.arrives(p.Follow(w.ctx))
	for _, words := range typed[:7] {
		p.says(words)
	}
	p.reads(0, "(6/")
	p.arrives(p.Block(w.ctx))
	after := w.line.Last()
	p.arrives(p.Follow(w.ctx))
	p.reads(after, "前回の続きから再開できます")
	p.taps("再開")
	p.reads(after, "(6/")
	for _, words := range append(typed[7:], "送信") {
		p.says(words)
	}
	p.reads(after, "受付番号 ")
	w.wholly(a)
}

// whispers waits for words that one colleague alone is shown.
func (w *world) whispers(user string, after int, words string) {
	w.t.Helper()
	_, err := w.slack.Wait(w.brief(), after, func(e slacksim.Entry) bool {
		return e.Kind == slacksim.Ephemeral && e.User == user && strings.Contains(e.Text+said(e.Blocks), words)
	})
	if err != nil {
		w.t.Fatalf("%s is not told %q", user, words)
	}
}
