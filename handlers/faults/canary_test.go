package faults_test

import (
	"strings"
	"testing"

	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/slack/slacksim"
)

// canaries are words that must never leave what people read: the company's, and the staff's.
func canaries() map[string]string {
	return map[string]string{
		"organization": "かなりや食品", "title": "かなりや見守り", "idea": "かなりやの案", "name": "佐藤かなりや", "mail": "kanariya@example.jp",
		"message": "かなりやの連絡", "file": "かなりや資料", "reply": "かなりやの返事", "decline": "かなりやの断り", "note": "かなりやのメモ",
		"reason": "かなりやの理由", "talk": "かなりやの内輪", "late": "かなりやの遅刻", "secret": lineSecret, "token": lineToken,
		"slack token": slackToken, "slack secret": slackSecret,
	}
}

// Nothing that people wrote and no secret stands in logs, metrics, arguments of deliveries, failures or Slack's metadata,
// though everything goes wrong that can (row 50).
func TestFault_canaries(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wish{})
	c := canaries()
	w.line.Misbehave(linesim.Fault{Do: linesim.ApplyThenFail, Path: replyPath, Times: 2})
	w.line.Misbehave(linesim.Fault{Do: linesim.FailStatus, Status: 400, Message: "Invalid reply token", Path: replyPath})
	w.line.Misbehave(linesim.Fault{Do: linesim.Fail500, Path: contentPath})
	w.slack.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "chat.postMessage"})
	w.slack.Misbehave(slacksim.Fault{Kind: slacksim.Refuse, Method: "chat.update", Error: "invalid_blocks"})
	w.slack.Misbehave(slacksim.Fault{Kind: slacksim.Refuse, Method: "views.open", Error: "expired_trigger_id"})
	p := w.person(c["name"])
	p.arrives(p.Follow(w.ctx))
	a := answers{organization: c["organization"], title: c["title"], idea: c["idea"], name: c["name"], mail: c["mail"]}
	number := p.submits(a)
	p.arrives(p.SendFile(w.ctx, c["file"]+".pdf", "application/pdf", []byte("%PDF-1.7 "+c["file"])))
	p.arrives(p.SendFile(w.ctx, c["file"]+".exe", "application/pdf", []byte("MZ"+c["file"])))
	p.says(c["message"])
	p.says(c["late"] + "\x00")
	w.wrongly(c, p)
	w.decides(c, p, number)
	w.breaks(c, p)
	w.settled()
	w.searches(c)
}

// wrongly sends what is refused at the door, with canaries in it.
func (w *world) wrongly(c map[string]string, p person) {
	w.t.Helper()
	for _, body := range []string{c["message"], `{"events":[{"type":"message","webhookEventId":"` + c["idea"] + `","message":{"text":"` + c["name"] + `"}}]}`,
		`{"destination":"` + c["organization"] + `","events":[{"type":"` + c["title"] + `"}]}`} {
		w.hook(body, linesim.Sign(lineSecret, []byte(body)))
		w.hook(body, c["reply"])
	}
	for _, to := range []string{"/slack/interactions", "/slack/commands", "/slack/events"} {
		for _, body := range []string{c["talk"], "payload={\"type\":\"" + c["talk"] + "\",\"user\":{\"id\":\"" + c["talk"] + "\"}}", "%%%" + c["note"]} {
			_, _, err := w.slack.Forge(w.ctx, slacksim.Forged{To: w.url + to, Body: []byte(body)})
			w.must(err)
		}
	}
	_, err := p.PressPostback(w.ctx, "do=form&v=answer&c="+c["idea"]+"&f="+c["title"], c["idea"], nil)
	w.must(err)
}

// decides is what staff do, with their own canaries.
func (w *world) decides(c map[string]string, p person, number string) {
	w.t.Helper()
	desk := w.colleague(tanaka)
	before := w.slack.Seq()
	desk.presses(deskRoom, number, "照会する") // it does not open
	w.whispers(tanaka, before, "画面を開けませんでした")
	desk.opens(deskRoom, number, "照会する")
	desk.fine(slacksim.Values{"departments": {"産業政策課"}, "note": {c["note"]}})
	w.colleague(yamamoto).opens(industryRoom, number, "対応できない")
	w.colleague(yamamoto).fine(slacksim.Values{"reason": {c["reason"]}})
	_, err := w.slack.Say(w.ctx, tanaka, deskRoom, "", c["talk"])
	w.must(err)
	for _, line := range []string{"search " + c["organization"], "show " + c["title"], c["talk"], "state " + number + " " + c["reason"]} {
		_, err := w.slack.Command(w.ctx, tanaka, deskRoom, "/desk "+line)
		w.must(err)
	}
	w.line.Misbehave(linesim.Fault{Do: linesim.Fail500, Path: pushPath})
	desk.replies(deskRoom, number, c["reply"])
	p.reads(0, c["reply"])
	w.line.Misbehave(linesim.Fault{Do: linesim.FailStatus, Status: 400, Message: "The request body has 1 error(s): " + c["decline"], Path: pushPath})
	desk.opens(deskRoom, number, "見送る")
	desk.fine(slacksim.Values{"reason": {"費用負担が生じる"}, "body": {c["decline"]}})
	desk.fine(nil)
	w.reads(deskRoom, "送信できませんでした")
}

// breaks lets Postgres refuse what is written, with canaries in the statement.
func (w *world) breaks(c map[string]string, p person) {
	w.t.Helper()
	_, err := w.db.Exec(w.ctx, `ALTER TABLE messages ADD CONSTRAINT broken CHECK (body NOT LIKE '%遅刻%') NOT VALID`)
	w.must(err)
	p.says("提案")
	p.says("中断")
	for range 6 { // until it is set aside
		r, err := p.SendText(w.ctx, c["late"])
		w.must(err)
		for range 5 {
			if r.Delivered() {
				break
			}
			w.line.Redeliver(w.ctx)
		}
		if w.line.Undelivered() == 0 {
			break
		}
	}
	_, err = w.db.Exec(w.ctx, `ALTER TABLE messages DROP CONSTRAINT broken`)
	w.must(err)
}

// searches looks for canaries wherever none may be.
func (w *world) searches(c map[string]string) {
	w.t.Helper()
	w.until("what is left is delivered", func() (bool, error) { return w.line.Undelivered() == 0 || len(w.line.Redeliver(w.ctx)) == 0, nil })
	_, metrics := w.get("http://" + w.running().admin + "/metrics")
	if !strings.Contains(metrics, "tsunagi_deliveries_total") {
		w.t.Errorf("these are no metrics: %.200s", metrics)
	}
	var metadata strings.Builder
	for _, e := range w.slack.Record() {
		metadata.Write(e.Metadata)
	}
	if !strings.Contains(metadata.String(), "tsunagi_delivery") {
		w.t.Error("no metadata was seen")
	}
	places := map[string]string{
		"the log": w.running().said(), "metrics": metrics, "Slack's metadata": metadata.String(),
		"deliveries": strings.Join(w.rows(`SELECT concat_ws(' ', lane, event, kind, args, fault, receipt) FROM deliveries`), "\n"),
		"failures":   strings.Join(w.rows(`SELECT failures::text FROM failures`), "\n"),
		"the inbox":  strings.Join(w.rows(`SELECT inbox::text FROM inbox`), "\n"),
		"history":    strings.Join(w.rows(`SELECT details::text FROM history`), "\n"),
	}
	for where, text := range places {
		if len(text) == 0 && where != "failures" {
			w.t.Errorf("there is nothing in %s", where)
		}
		for what, canary := range c {
			if i := strings.Index(text, canary); i >= 0 {
				w.t.Errorf("%s holds the %s: …%s…", where, what, text[max(0, i-200):min(len(text), i+100)])
			}
		}
	}
	for _, e := range w.line.Record() {
		if e.Kind == linesim.Seen && strings.Contains(said(e.Message), c["talk"]) {
			w.t.Errorf("the organization reads what staff said among themselves: %s", e.Message)
		}
	}
}
