package faults_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/slack/slacksim"
)

// facts is all that the database holds of what was said and decided, and which messages are to go: equal before and
// after whatever must have no effect. When somebody was last at a draft is no such fact.
func (w *world) facts() string {
	w.t.Helper()
	var b strings.Builder
	for _, table := range []string{
		"drafts", "answers", "counters", "proposals", "particulars", "topics", "referrals", "messages", "tombstones", "history", "refusals",
	} {
		sum := w.rows(fmt.Sprintf(`SELECT COALESCE(md5(string_agg(fact, '|' ORDER BY fact)), '')
			FROM %s t, LATERAL (SELECT (to_jsonb(t) - 'touched_at')::text AS fact) f`, table))
		fmt.Fprintf(&b, "%s %s\n", table, sum[0])
	}
	// What an hourly look finds is nobody's doing: where people of other organisations are in a room, it comes sooner or later.
	b.WriteString("deliveries " + strings.Join(w.rows(`SELECT id::text FROM deliveries WHERE kind <> 'closed' ORDER BY seq`), " "))
	return b.String()
}

// same judges facts that must not have changed.
func (w *world) same(what, before string) {
	w.t.Helper()
	if after := w.facts(); after != before {
		w.t.Errorf("%s has changed facts:\n%s\nbefore:\n%s", what, after, before)
	}
}

// wholly judges that a proposal is in the database as it was given, once.
func (w *world) wholly(a answers) {
	w.t.Helper()
	w.want(1, "proposals "+a.title, `SELECT count(*) FROM proposals WHERE title = $1`, a.title)
	got := w.rows(`SELECT field || '=' || shown FROM particulars WHERE proposal = (SELECT min(id) FROM proposals WHERE title = $1) ORDER BY position`, a.title)
	want := []string{
		"proposer=企業", "purpose=連携の提案", "organization=" + a.organization, "title=" + a.title, "topic=福祉・見守り",
		"aim=地域課題の解決", "idea=" + a.idea, "cost=なし", "prefecture=はい", "contact_name=" + a.name, "contact_mail=" + a.mail,
	}
	got = slices.DeleteFunc(got, func(s string) bool { return strings.HasPrefix(s, "documents=") }) // skipped
	for i := range got {
		got[i] = plainly(got[i])
	}
	for i := range want {
		want[i] = plainly(want[i])
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("proposal %s:\n got %q\nwant %q", a.title, got, want)
	}
}

// numbered judges that receipt numbers have neither gaps nor doubles.
func (w *world) numbered(n int) {
	w.t.Helper()
	w.want(n, "proposals", `SELECT count(*) FROM proposals`)
	w.want(n, "highest receipt number", `SELECT COALESCE(max(seq), 0) FROM proposals`)
	w.want(n, "different receipt numbers", `SELECT count(DISTINCT number) FROM proposals`)
}

// once judges that everything people were shown was shown once: every receipt, every reply, every post in Slack. What
// a prompt asks may be asked again.
func (w *world) once() {
	w.t.Helper()
	w.repliedOnce()
	w.postedOnce()
	w.pushedOnce()
}

// repliedOnce: no reply token is tried for a second message.
func (w *world) repliedOnce() {
	w.t.Helper()
	for _, p := range w.line.People() {
		receipts := map[string]int{}
		for _, e := range w.line.Chat(p.ID) {
			if words := said(e.Message); e.Kind == linesim.Seen && strings.HasPrefix(words, "受付番号 ") {
				receipts[strings.SplitN(words, "\n", 2)[0]]++
			}
		}
		for words, n := range receipts {
			if n > 1 {
				w.t.Errorf("%s was shown %d receipts %q", p.ID, n, words)
			}
		}
	}
}

// pushedOnce: no delivery is shown by more than one push.
func (w *world) pushedOnce() {
	w.t.Helper()
	shown := map[string]string{} // request by retry key
	for _, e := range w.line.Record() {
		if e.Kind != linesim.Seen || e.RetryKey == "" {
			continue
		}
		if other, again := shown[e.RetryKey]; again && other != e.RequestID {
			w.t.Errorf("delivery %s was pushed twice", e.RetryKey)
		}
		shown[e.RetryKey] = e.RequestID
	}
}

// postedOnce: no delivery is posted twice, no card stands twice in a room.
func (w *world) postedOnce() {
	w.t.Helper()
	posts := map[string]int{}
	for _, e := range w.slack.Record() {
		if id := deliveryOf(e); e.Kind == slacksim.Posted && id != "" {
			posts[id]++
		}
	}
	for id, n := range posts {
		if n > 1 {
			w.t.Errorf("delivery %s was posted %d times", id, n)
		}
	}
	cards := w.headings(deskRoom)
	for _, number := range w.rows(`SELECT number FROM proposals`) {
		if n := strings.Count(cards, "\n"+number+" "); n != 1 {
			w.t.Errorf("%d cards of %s stand in the desk's room", n, number)
		}
	}
}

// headings are the first lines of all that stands in a room by itself.
func (w *world) headings(room string) string {
	b := strings.Builder{}
	b.WriteString("\n")
	for _, m := range w.slack.Channel(room) {
		if m.ThreadTS == "" || m.ThreadTS == m.TS {
			b.WriteString(strings.SplitN(said(m.Blocks), "\n", 2)[0] + "\n")
		}
	}
	return b.String()
}

// deliveryOf is the id that a post of ours carries.
func deliveryOf(e slacksim.Entry) string {
	var m struct {
		Payload struct {
			ID string `json:"id"`
		} `json:"event_payload"`
	}
	if json.Unmarshal(e.Metadata, &m) != nil {
		return ""
	}
	return m.Payload.ID
}

// calls counts what was called on LINE's API at a path, by how it ended.
func (w *world) calls(path string, kinds ...linesim.Kind) int {
	requests := map[string]bool{}
	for _, e := range w.line.Record() {
		if e.Path == path && slices.Contains(kinds, e.Kind) {
			requests[e.RequestID] = true
		}
	}
	return len(requests)
}

// The two calls that show something on a phone.
const (
	replyPath = "/v2/bot/message/reply"
	pushPath  = "/v2/bot/message/push"
)

// posts counts what stands in a room with these words, in text or blocks.
func (w *world) posts(room, words string) int {
	under, n := 0, 0
	for _, m := range w.slack.Channel(room) {
		switch {
		case !strings.Contains(m.Text+"\n"+said(m.Blocks), words):
		case m.ThreadTS != "" && m.ThreadTS != m.TS:
			under++
		default:
			n++
		}
	}
	if under > 0 {
		return under // a card begins with what stands under it
	}
	return n
}
