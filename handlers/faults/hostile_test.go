package faults_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/slack/slacksim"
)

// hostile are words that mean something to Slack, to LINE, or to whoever looks at them.
func hostile() []string {
	return []string{
		"<!channel> <!here> <!everyone>", "<!subteam^S0CITY|@city> <@U0TANAKA>", "<@U0CHIEF|chief> <#C0DESK|desk>",
		"<https://evil.example|岸和田市公式>", "[公式](https://evil.example)", "*太字* _斜体_ ~消~ `code`", "```\nblock\n```",
		"&lt;!channel&gt; &amp;lt;!here&amp;gt;", "@channel @here @everyone @tanaka", "> 引用\n>>> 全部", ":rotating_light: :tanaka:",
		"<!date^1392734382^{date}^https://evil.example|今日>", "{\"type\":\"mrkdwn\"}", "{number} {{title}} %s %n", "\u202e逆さま\u202c \u2066x", "\u2069\u2069外へ",
		"👨‍👩‍👧‍👦🏳️‍🌈👍🏽", "аdmin@раypal", "javascript:alert(1)", "<script>alert(1)</script>", "=HYPERLINK(\"https://evil.example\")",
		"https://169.254.169.254/latest/meta-data", "http://127.0.0.1:9090/debug/pprof", "' OR 1=1; --", "\\u003c!channel\\u003e", "<<!channel>>", "<!channel",
		"&#60;!channel&#62;", "＜!channel＞", "<!channel|>", "<mailto:a@evil.example|市長>", "<tel:110|警察>",
	}
}

// strings of a company, hostile ones put together at random beyond those of the list.
func hostileTexts(n int) []string {
	out, dice := hostile(), rand.New(rand.NewPCG(42, 1))
	for len(out) < n {
		var b strings.Builder
		for range 1 + dice.IntN(3) {
			b.WriteString(hostile()[dice.IntN(len(hostile()))])
		}
		out = append(out, b.String())
	}
	return out[:n]
}

// Whatever a company writes, in whichever place, calls nobody in Slack and is shown to the letter (rows 41 and 42).
func TestFault_hostileWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.slack.AddGroup("S0CITY", "city", tanaka, mori, chief)
	all := hostileTexts(times(32, 500))
	for i := 0; i+4 <= len(all); i += 4 {
		c := cast{
			world: w, person: w.person(fmt.Sprintf("person %d", i)), title: one(all[i], 50), organization: one(all[i+1], 60),
			idea: all[i+2], name: one(all[i+3], 50),
		}
		c.plays(i)
	}
	w.settled()
	calm(t, w.slack.Record())
	w.want(0, "deliveries set aside", `SELECT count(*) FROM deliveries WHERE state = 'dead'`)
}

// one is the words on one line, as long as a field takes.
func one(s string, most int) string {
	r := []rune(strings.ReplaceAll(s, "\n", " "))
	return strings.TrimSpace(string(r[:min(len(r), most)]))
}

// cast is one company with hostile words for everything.
type cast struct {
	*world
	person                          person
	title, organization, idea, name string
	number                          string
}

// plays takes the words through every place they can reach.
func (c *cast) plays(i int) {
	c.t.Helper()
	unique := fmt.Sprintf("%s %d", c.title, i)
	a := answers{organization: c.organization, title: unique, idea: c.idea, name: c.name, mail: "a@example.jp"}
	c.number = c.person.submits(a)
	c.wholly(a)
	desk := c.colleague(tanaka)
	card := c.card(deskRoom, c.number, "照会する")
	c.shows("the desk's card", said(card.Blocks), unique, c.organization, c.idea, c.name)
	c.person.says(c.idea)
	c.person.arrives(c.person.SendFile(c.ctx, one(c.title, 40)+".pdf", "application/pdf", []byte("%PDF-1.7 x")))
	desk.refers(c.number, "産業政策課")
	desk.opens(deskRoom, c.number, "企業に返信")
	desk.fine(slacksim.Values{"body": {c.idea}})
	v, _ := c.slack.View(tanaka)
	c.shows("the preview", said(v.Blocks), c.organization, c.name, asTyped.Replace(c.idea))
	desk.fine(nil)
	desk.opens(deskRoom, c.number, "すべての回答を見る")
	v, _ = c.slack.View(tanaka)
	c.shows("all answers", said(v.Blocks), unique, c.organization, c.idea, c.name)
	c.must(c.slack.Dismiss(c.ctx, tanaka, v.ID))
	for _, line := range []string{"show " + c.number, "list", "search " + one(c.organization, 20)} {
		out, err := c.slack.Command(c.ctx, tanaka, deskRoom, "/desk "+line)
		c.must(err)
		if out.Message == nil {
			c.t.Errorf("/desk %s is answered with %q", line, out.Error)
		} else if strings.HasPrefix(line, "show") {
			c.shows("the answer to show", said(out.Message.Blocks), unique, c.organization)
		}
	}
	c.must(c.slack.OpenHome(c.ctx, tanaka))
	c.reads(industryRoom, c.number)
	c.until("the message and the file stand in the thread", func() (bool, error) {
		files := 0
		for _, m := range c.slack.Channel(deskRoom) {
			files += len(m.Files)
		}
		return files >= i/4+1 && strings.Contains(plainly(c.thread(deskRoom, c.number)), plainly(c.idea)), nil
	})
}

// asTyped is what staff's words become on their way to a company: Slack's names of emoji are emoji there.
var asTyped = strings.NewReplacer(":rotating_light:", "🚨")

// shows judges that words stand somewhere to the letter.
func (c *cast) shows(where, got string, all ...string) {
	c.t.Helper()
	for _, words := range all {
		if !strings.Contains(plainly(got), plainly(words)) {
			c.t.Errorf("%s does not show %q to the letter:\n%s", where, words, got)
		}
	}
	if open := isolates(got); open != 0 {
		c.t.Errorf("%s leaves %d isolates open: %q", where, open, got)
	}
}

// plainly is text without the marks that keep reading directions apart, and with all its spaces made one.
func plainly(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("\u2068", "", "\u2069", "", "\u2066", "").Replace(s)), " ")
}

// isolates counts what begins an isolate and is not ended.
func isolates(s string) int {
	return strings.Count(s, "\u2066") + strings.Count(s, "\u2067") + strings.Count(s, "\u2068") - strings.Count(s, "\u2069")
}

// ownersCall is how what a company writes calls the owner at the desk: in a block of our own, before the words.
const ownersCall = `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"user","user_id":"` + tanaka + `"}]}]},`

// calm judges that nothing of ours has called anybody or hidden an address behind a label, in any place, but for the owner
// who is to read what a company wrote.
func calm(t *testing.T, record []slacksim.Entry) {
	t.Helper()
	looked := 0
	for _, e := range record {
		if e.Kind != slacksim.Posted && e.Kind != slacksim.Updated && e.Kind != slacksim.Ephemeral && e.Kind != slacksim.FileShared &&
			e.Kind != slacksim.ViewOpened && e.Kind != slacksim.ViewUpdated && e.Kind != slacksim.HomeShown {
			continue
		}
		looked++
		words, called := strings.CutPrefix(string(e.Blocks), ownersCall)
		if called {
			words = "[" + words
			if e.Kind != slacksim.Posted || e.ThreadTS == "" || !slices.Equal(e.Notified, []string{tanaka}) {
				t.Errorf("%s calls the owner: %q\n%s", e.Kind, e.Notified, e.Blocks)
			}
		}
		if !called && (len(e.Notified) > 0 || (e.Mentions != nil && (!e.Mentions.None() || len(e.Mentions.Links) > 0))) {
			t.Errorf("%s calls %q: %+v\n%s\n%s", e.Kind, e.Notified, e.Mentions, e.Text, e.Blocks)
		}
		if live := slacksim.FindMentions(e.Text, json.RawMessage(words), nil); !live.None() || len(live.Links) > 0 {
			t.Errorf("%s has something live: %+v\n%s\n%s", e.Kind, live, e.Text, e.Blocks)
		}
	}
	if looked < 20 {
		t.Errorf("only %d messages were looked at", looked)
	}
}

// What cannot be taken is said plainly, and the draft stays as it is (row 40).
func TestFault_unusableWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, a := w.person("sato"), proposalOf(1)
	const tooLong, unusable = "文字数を減らしてください", "使用できない文字が含まれています"
	for step, words := range append(a.typed(), "送信") {
		p.says(words)
		if step != 3 && step != 8 && step != 11 { // the title, the idea, a name come next
			continue
		}
		before := w.facts()
		p.hears(strings.Repeat("長", 10_000), tooLong)
		p.hears("前\x00後", unusable)
		p.hears("前\ufffd後", unusable)
		if w.rows(`SELECT count(*)::text FROM answers`)[0] == "" || !strings.HasPrefix(w.facts(), strings.Split(before, "deliveries")[0]) {
			t.Errorf("the draft has changed at step %d", step)
		}
	}
	p.reads(0, "受付番号 ")
	w.wholly(a)
	for _, words := range []string{"前\x00後", "前\ufffd後"} {
		p.hears(words, unusable)
	}
	after := w.line.Last()
	p.hears(strings.Repeat("長い連絡", 1250), tooLong) // what LINE lets one write
	p.says(strings.Repeat("長い連絡", 700))
	p.reads(after, "お伝えしました")
	w.settled()
	_, thread, _ := strings.Cut(w.room(deskRoom), "（続きはやりとりに）") // the card has the beginning
	if n := strings.Count(thread, "長い連絡"); n != 700 {
		t.Errorf("%d of 700 repeated words stand in the thread", n)
	}
	w.want(0, "failures", `SELECT count(*) FROM failures`)
}

// hears says words that are refused in these words.
func (p person) hears(words, refusal string) {
	p.w.t.Helper()
	after := p.w.line.Last()
	p.says(words)
	p.reads(after, refusal)
}

// Broken UTF-8 and surrogates out of nowhere in a webhook: an answer, and nothing that Postgres or a platform would not
// take (row 40).
func TestFault_brokenText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, a := w.person("sato"), proposalOf(1)
	for _, words := range a.typed()[:9] {
		p.says(words)
	}
	for i, text := range []string{"\"壊れた\xff\xfe文字\"", `"対の\ud800ない"`, `"\u0000"`, "\"\xed\xa0\x80\""} {
		after := w.line.Last()
		raw := fmt.Sprintf(`{"type":"message","message":{"type":"text","id":"77%d","text":%s}}`, i, text)
		body := webhookOf(w.line.BotUserID(), fmt.Sprintf(
			`{"type":"message","mode":"active","timestamp":%d,"webhookEventId":"01HZZZZZZZZZZZZZZZZZZZZZ%02d","replyToken":"%032d","deliveryContext":{"isRedelivery":false},"source":{"type":"user","userId":%q},"message":{"type":"text","id":"77%d","text":%s}}`,
			1_900_000_000_000+i, i, i, p.ID(), i, text))
		if status := w.hook(body, linesim.Sign(lineSecret, []byte(body))); status != http.StatusOK {
			t.Errorf("%q: %d, want 200", text, status)
		}
		if !json.Valid([]byte(raw)) && i > 0 && i < 3 {
			t.Errorf("the test's own event is no JSON: %s", raw)
		}
		p.says("ヘルプ")
		p.reads(after, "(")
	}
	w.settled()
	w.want(0, "failures", `SELECT count(*) FROM failures`)
	taken := w.rows(`SELECT answer::text FROM answers WHERE field IN ('idea', 'cost', 'prefecture', 'contact_name')`)
	if slices.ContainsFunc(taken, func(s string) bool { return strings.Contains(s, "\\u0000") }) {
		t.Errorf("a NUL was taken: %q", taken)
	}
}
