package faults_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tsunagi/handlers/line/linesim"
)

// What may come to the webhook without being LINE's (rows 1 to 4 and 6). The adapter's own tests try each byte; here the
// whole program is asked, and the database.
func TestFault_webhook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	self := w.line.BotUserID()
	w.until("the program knows who it is", func() (bool, error) {
		for _, e := range w.line.Record() {
			if e.Path == "/v2/bot/info" {
				return true, nil
			}
		}
		return false, nil
	})
	good := webhookOf(self, textEvent("01HZZZZZZZZZZZZZZZZZZZZZZ1", false))
	for _, c := range []struct {
		name      string
		body      string
		signature string
		want      int
	}{
		{"no signature", good, "", 401},
		{"another channel's signature", good, linesim.Sign("another", []byte(good)), 401},
		{"altered body", good + " ", linesim.Sign(lineSecret, []byte(good)), 401},
		{"altered signature", good, "A" + linesim.Sign(lineSecret, []byte(good))[1:], 401},
		{"too large", strings.Repeat(" ", 1<<20) + good, "signed", 413},
		{"too deep", strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "signed", 400},
		{"no JSON", "hello", "signed", 400},
		{"another bot", webhookOf(linesim.UserID("another bot"), textEvent("01HZZZZZZZZZZZZZZZZZZZZZZ2", false)), "signed", 400},
		{"no events", webhookOf(self), "signed", 200},
		{"unknown event", webhookOf(self, `{"type":"teleport","webhookEventId":"01HZZZZZZZZZZZZZZZZZZZZZZ3","mode":"active"}`), "signed", 200},
	} {
		if c.signature == "signed" {
			c.signature = linesim.Sign(lineSecret, []byte(c.body))
		}
		if got := w.hook(c.body, c.signature); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
	w.want(0, "contacts", `SELECT count(*) FROM contacts`)
	w.want(0, "events taken", `SELECT count(*) FROM inbox`)
}

// One malformed event among good ones, an unknown field, and one first seen as a redelivery (rows 3 and 6).
func TestFault_goodAmongBad(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := webhookOf(w.line.BotUserID(),
		`{"type":"message","webhookEventId":7}`, textEvent("01HZZZZZZZZZZZZZZZZZZZZZZ4", true), `"nonsense"`,
		strings.Replace(textEvent("01HZZZZZZZZZZZZZZZZZZZZZZ5", false), `"type":"text"`, `"type":"text","newProperty":{"a":[1]}`, 1))
	if got := w.hook(body, linesim.Sign(lineSecret, []byte(body))); got != http.StatusOK {
		t.Fatalf("got %d, want 200", got)
	}
	w.want(2, "events taken", `SELECT count(*) FROM inbox`)
	w.want(1, "drafts", `SELECT count(*) FROM drafts`)
}

// The same event five times over three replicas, the whole talk long, has one effect (row 5), and so have requests
// replayed a month later (row 8).
func TestFault_fiveTimesOverThreeReplicas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wish{replicas: 3})
	w.front.keep()
	w.front.copy(5)
	p := w.person("sato")
	number := p.submits(proposalOf(1))
	p.reads(0, number)
	p.says("一つだけの連絡です")
	w.reads(deskRoom, "一つだけの連絡です")
	w.settled()
	w.numbered(1)
	w.wholly(proposalOf(1))
	w.once()
	if n := w.posts(deskRoom, "一つだけの連絡です"); n != 1 {
		t.Errorf("one message was carried into the thread %d times", n)
	}
	if n := w.calls(replyPath, linesim.Refused); n != 0 {
		t.Errorf("%d replies were refused: an event was answered more than once", n)
	}
	w.front.copy(1)
	w.later("30 days")
	before := w.facts()
	for _, l := range w.front.letters() {
		if a := w.front.pass(l); a == nil || a.status != http.StatusOK {
			t.Errorf("a replay was answered %+v", a)
		}
	}
	w.same("a replay", before)
}

// later lets the database believe that all it holds is older.
func (w *world) later(age string) {
	w.t.Helper()
	_, err := w.db.Exec(w.ctx, `
		WITH a AS (UPDATE inbox SET taken_at = taken_at - $1::interval RETURNING 1)
		UPDATE contacts SET heard_at = heard_at - $1::interval, created_at = created_at - $1::interval`, age)
	w.must(err)
}

// hook posts a body to the webhook.
func (w *world) hook(body, signature string) int {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, "http://"+w.running().addr+"/line/webhook", bytes.NewReader([]byte(body)))
	w.must(err)
	if signature != "" {
		req.Header.Set("X-Line-Signature", signature)
	}
	res, err := http.DefaultClient.Do(req)
	w.must(err)
	defer res.Body.Close()
	return res.StatusCode
}

func webhookOf(destination string, events ...string) string {
	return fmt.Sprintf(`{"destination":%q,"events":[%s]}`, destination, strings.Join(events, ","))
}

func textEvent(id string, again bool) string {
	raw, err := json.Marshal(map[string]any{
		"type": "message", "mode": "active", "timestamp": 1_700_000_000_000, "webhookEventId": id, "replyToken": strings.Repeat("a", 32),
		"deliveryContext": map[string]bool{"isRedelivery": again},
		"source":          map[string]string{"type": "user", "userId": linesim.UserID("sato")},
		"message":         map[string]string{"type": "text", "id": "10" + id[25:], "text": "提案"},
	})
	if err != nil {
		return err.Error()
	}
	return string(raw)
}
