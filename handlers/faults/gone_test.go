package faults_test

import (
	"strings"
	"testing"

	"tsunagi/handlers/slack"
	"tsunagi/handlers/slack/slacksim"
)

// as the manifest asks for it: what the app does not hear of in service, it does not hear of here.
func asInstalled(c *slacksim.Config) { c.Events, c.Scopes = slack.Events(), slack.Scopes() }

// unowned waits until nobody owns a proposal.
func (w *world) unowned(number string) {
	w.t.Helper()
	w.until("nobody owns "+number, func() (bool, error) {
		n, err := w.count(`SELECT count(*) FROM proposals WHERE number = $1 AND owner = ''`, number)
		return n == 1, err
	})
}

const nobodyNow = "担当未定になりました"

// news is how many messages in the desk's room say something.
func (w *world) news(words string) (n int) {
	for _, m := range w.slack.Channel(deskRoom) {
		if strings.Contains(said(m.Blocks), words) {
			n++
		}
	}
	return n
}

// An owner leaves the desk's room or the workspace (row 36): what they own is back in the desk's queue with its date, the
// desk reads so once, and takes it over with one press. Slack repeats itself, two processes hear it, and whoever owns
// nothing may come and go.
func TestFault_ownerLeaves(t *testing.T) {
	t.Parallel()
	w, p, first := begin(t, wish{replicas: 2, slack: asInstalled})
	second := p.submits(proposalOf(2))
	w.reads(deskRoom, second)
	w.colleague(mori).takes(second)
	w.colleague(mori).refers(second, "福祉政策課")
	dates := w.rows(`SELECT next_date::text FROM proposals ORDER BY id`)
	w.settled()
	w.must(w.slack.Leave(w.ctx, robot, deskRoom))
	w.must(w.slack.Join(w.ctx, alien, deskRoom))
	w.must(w.slack.Leave(w.ctx, alien, deskRoom))
	w.must(w.slack.Leave(w.ctx, suzuki, welfareRoom))
	w.must(w.slack.Join(w.ctx, tanaka, industryRoom))
	w.must(w.slack.Leave(w.ctx, tanaka, industryRoom))
	w.want(0, "without an owner", `SELECT count(*) FROM proposals WHERE owner = ''`)

	w.slack.Misbehave(slacksim.Fault{Kind: slacksim.Duplicate, Method: "user_change", Times: -1})
	w.must(w.slack.Deactivate(w.ctx, mori))
	w.unowned(second)
	w.reads(deskRoom, "moriさんが担当していた1件は、"+nobodyNow)
	w.reads(deskRoom, second+"「")
	w.must(w.slack.Leave(w.ctx, tanaka, deskRoom))
	w.unowned(first)
	w.slack.Again(w.ctx, 5)
	w.reads(deskRoom, "tanakaさんが担当していた1件は、"+nobodyNow)
	w.settled()
	if n := w.news(nobodyNow); n != 2 {
		t.Errorf("the desk reads of it %d times, want once for each who left", n)
	}
	w.want(2, "lines of history by the system", `SELECT count(*) FROM history WHERE event = 'vacated' AND actor = '' AND why <> ''`)
	for i, date := range w.rows(`SELECT next_date::text FROM proposals ORDER BY id`) {
		if date != dates[i] {
			t.Errorf("the next date of proposal %d has moved from %s to %s", i+1, dates[i], date)
		}
	}
	w.colleague(chief).presses(deskRoom, first, first+"を担当する")
	w.colleague(chief).takes(second)
	w.settled()
	w.want(2, "owned by the chief", `SELECT count(*) FROM proposals WHERE owner = $1`, chief)
}

// What Slack told while nobody listened is found out by asking (row 36).
func TestFault_ownerLeavesUnheard(t *testing.T) {
	t.Parallel()
	w, _, number := begin(t, wish{slack: asInstalled})
	w.killOne()
	w.slack.Misbehave(slacksim.Fault{Kind: slacksim.Drop, Method: "user_change", Times: -1})
	w.must(w.slack.Deactivate(w.ctx, tanaka))
	w.start(1)
	w.unowned(number)
	w.reads(deskRoom, nobodyNow)
	w.settled()
	if n := w.news(nobodyNow); n != 1 {
		t.Errorf("the desk reads of it %d times", n)
	}
}

// profileWithout writes the profile of Kishiwada without a department, and lets the processes that start from now on have it.
func (w *world) profileWithout(id string) {
	w.t.Helper()
	before, rest, found := strings.Cut(wholeProfile(w.t), "  - id: "+id+"\n")
	_, after, more := strings.Cut(rest, "  - id: ")
	if !found || !more {
		w.t.Fatalf("the profile has no department %s with another behind it", id)
	}
	w.serves(before + "  - id: " + after)
}

// A department is gone from the profile while it was asked (row 36): three processes start with the new profile, the desk
// reads once what nobody can answer any more and asks another department with the button; cards, lists, commands and the
// organization's talk go on.
func TestFault_departmentGone(t *testing.T) {
	t.Parallel()
	w, p, number := begin(t, wish{slack: asInstalled})
	desk := w.colleague(tanaka)
	desk.refers(number, "福祉政策課")
	w.reads(welfareRoom, number)
	w.settled()
	w.profileWithout("welfare")
	w.killOne()
	w.start(2)
	w.killOne()
	w.start(1)
	const words = "「福祉政策課」は現在の設定にないため、照会中の1件に回答できる課がありません"
	w.reads(deskRoom, words)
	w.reads(deskRoom, "福祉政策課（現在の設定にない課）")
	w.settled()
	if n := w.news(words); n != 1 {
		t.Errorf("the desk reads of it %d times", n)
	}
	for _, line := range []string{"", "list", "show " + number, "list 福祉政策課"} {
		out, err := w.slack.Command(w.ctx, tanaka, deskRoom, "/desk "+line)
		w.must(err)
		if out.Error != "" || out.Message == nil || !strings.Contains(said(out.Message.Blocks), number) {
			t.Errorf("/desk %s: %+v", line, out)
		}
	}
	p.says("水曜はいかがですか")
	p.says("状況")
	p.reads(0, "庁内照会中")
	w.until("the desk reads it", func() (bool, error) {
		return strings.Contains(w.thread(deskRoom, number), "水曜はいかがですか"), nil
	})
	if room := w.room(welfareRoom) + w.thread(welfareRoom, number); strings.Contains(room, "水曜はいかがですか") {
		t.Errorf("a department that is gone reads on:\n%s", room)
	}
	desk.opens(deskRoom, number, number+"を他課へ照会")
	desk.fine(slacksim.Values{"departments": {"産業政策課"}})
	w.reads(industryRoom, number)
	w.colleague(yamamoto).opens(industryRoom, number, "連携したい")
	w.colleague(yamamoto).fine(nil)
	w.until("the verdict stands on the card", func() (bool, error) { return strings.Contains(w.room(deskRoom), "連携したい"), nil })
	desk.replies(deskRoom, number, "ありがとうございます。")
	p.reads(0, "ありがとうございます。")
}
