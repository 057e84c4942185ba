package line_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot/concierge"
	"tsunagi/bot/msg"
	"tsunagi/config"
	"tsunagi/handlers/line/linesim"
)

func TestWebhook_events(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	press := msg.Do("form", "v", "answer", "r", "7", "d", "12")
	unfetchable := json.RawMessage(`{"type":"message","message":{"id":"77","type":"image","contentProvider":{"type":"external","originalContentUrl":"https://example.com/a.png"}}}`)
	for _, row := range []struct {
		name string
		act  func() (linesim.Receipt, error)
		want concierge.Event
	}{
		{"text", func() (linesim.Receipt, error) { return p.SendText(w.ctx, "こんにちは\n👨‍👩‍👧") },
			concierge.Event{Kind: concierge.Said, Text: "こんにちは\n👨‍👩‍👧"}},
		{"press", func() (linesim.Receipt, error) { return p.PressPostback(w.ctx, press.Encode(), "回答", nil) },
			concierge.Event{Kind: concierge.Pressed, Press: press}},
		{"a date picked", func() (linesim.Receipt, error) {
			return p.PressPostback(w.ctx, press.Encode(), "", map[string]string{"date": "2026-12-01"})
		}, concierge.Event{Kind: concierge.Pressed, Press: press, Picked: "2026-12-01"}},
		{"a time picked", func() (linesim.Receipt, error) {
			return p.PressPostback(w.ctx, press.Encode(), "", map[string]string{"time": "10:30"})
		}, concierge.Event{Kind: concierge.Pressed, Press: press, Picked: "10:30"}},
		{"a press of somebody else's button", func() (linesim.Receipt, error) { return p.PressPostback(w.ctx, "%zz;;", "", nil) },
			concierge.Event{Kind: concierge.Pressed}},
		{"file", func() (linesim.Receipt, error) {
			return p.SendFile(w.ctx, "../企画書.pdf", "application/pdf", []byte("%PDF"))
		},
			concierge.Event{Kind: concierge.SentFile, File: concierge.Attachment{Name: "../企画書.pdf", Size: 4, Kind: "file"}}},
		{"image", func() (linesim.Receipt, error) { return p.SendImage(w.ctx, "image/png", []byte("x")) },
			concierge.Event{Kind: concierge.SentFile, File: concierge.Attachment{Kind: "image"}}},
		{"video", func() (linesim.Receipt, error) { return p.SendVideo(w.ctx, []byte("x"), time.Second) },
			concierge.Event{Kind: concierge.SentFile, File: concierge.Attachment{Kind: "video"}}},
		{"audio", func() (linesim.Receipt, error) { return p.SendAudio(w.ctx, []byte("x"), time.Second) },
			concierge.Event{Kind: concierge.SentFile, File: concierge.Attachment{Kind: "audio"}}},
		{"an image that LINE does not have", func() (linesim.Receipt, error) { return p.Send(w.ctx, unfetchable) },
			concierge.Event{Kind: concierge.SentOther, Message: "77"}},
		{"sticker", func() (linesim.Receipt, error) { return p.SendSticker(w.ctx, "1", "2") },
			concierge.Event{Kind: concierge.SentOther}},
		{"place", func() (linesim.Receipt, error) {
			return p.SendLocation(w.ctx, "市役所", "岸城町7-1", 34.46, 135.37)
		},
			concierge.Event{Kind: concierge.SentOther}},
		{"block", func() (linesim.Receipt, error) { return p.Block(w.ctx) }, concierge.Event{Kind: concierge.Blocked}},
		{"unblock", func() (linesim.Receipt, error) { return p.Follow(w.ctx) }, concierge.Event{Kind: concierge.Followed}},
	} {
		w.clock.Add(time.Second)
		r := w.ok(row.act())
		want := row.want
		want.ID, want.User, want.At, want.Received = r.EventID, p.ID(), w.clock.Now(), w.clock.Now()
		want.ReplyToken = r.ReplyToken
		if r.MessageID != "" {
			want.Message = r.MessageID
		}
		if diff := cmp.Diff(want, w.desk.last(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}

func TestWebhook_unsend(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	r := w.ok(p.SendText(w.ctx, "まちがい"))
	w.ok(p.Unsend(w.ctx, r.MessageID))
	if e := w.desk.last(t); e.Kind != concierge.Unsent || e.Message != r.MessageID || e.ReplyToken != "" {
		t.Errorf("got %+v, want message %s unsent", e, r.MessageID)
	}
}

func TestWebhook_redelivery(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	w.Misbehave(linesim.Fault{Do: linesim.Drop})
	first, err := p.SendText(w.ctx, "届きません")
	if err != nil {
		t.Fatal(err)
	}
	happened := w.clock.Now()
	w.clock.Add(5 * time.Minute)
	w.Redeliver(w.ctx)
	e := w.desk.last(t)
	if e.ID != first.EventID || !e.Redelivered || !e.At.Equal(happened) || !e.Received.Equal(w.clock.Now()) || e.ReplyToken != first.ReplyToken {
		t.Errorf("after five minutes: got %+v", e)
	}

	w.Misbehave(linesim.Fault{Do: linesim.Drop})
	if _, err := p.SendText(w.ctx, "もっと後"); err != nil {
		t.Fatal(err)
	}
	w.clock.Add(20 * time.Minute)
	w.Redeliver(w.ctx)
	if e := w.desk.last(t); e.ReplyToken != "" {
		t.Errorf("after 20 minutes: got reply token %s, which LINE would refuse", e.ReplyToken)
	}
}

func TestWebhook_signature(t *testing.T) {
	t.Parallel()
	w := newWire(t, func(s *settings) { s.hook.Previous = config.NewSecret("the one before") })
	body := []byte(`{"destination":"` + w.BotUserID() + `","events":[]}`)
	good := linesim.Sign(secret, body)
	for name, row := range map[string]struct {
		body      []byte
		signature string
		want      int
	}{
		"right":                {body, good, 200},
		"by the secret before": {body, linesim.Sign("the one before", body), 200},
		"of another channel":   {body, linesim.Sign("another", body), 401},
		"missing":              {body, "", 401},
		"no base64":            {body, "%%%", 401},
		"shortened":            {body, good[:40], 401},
		"by an empty secret":   {body, linesim.Sign("", body), 401},
		"of another body":      {[]byte(`{}`), good, 401},
		"LINE's own example": {
			[]byte(`{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}`), "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=", 200,
		},
	} {
		if got := w.post(row.body, row.signature).StatusCode; got != row.want {
			t.Errorf("%s: status %d, want %d", name, got, row.want)
		}
	}
	if n := len(w.desk.heard()); n != 0 {
		t.Errorf("%d events reached the desk, want none", n)
	}
}

// TestWebhook_every_byte flips each byte of the body and each of the signature.
func TestWebhook_every_byte(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	body := []byte(`{"destination":"` + w.BotUserID() + `","events":[{"type":"follow"}]}`)
	good := linesim.Sign(secret, body)
	for i := range body {
		bent := bytes.Clone(body)
		bent[i] ^= 1
		if got := w.post(bent, good).StatusCode; got != 401 {
			t.Fatalf("byte %d of the body flipped: status %d, want 401", i, got)
		}
	}
	for i := range len(good) - 1 { // the last character is padding
		bent := []byte(good)
		bent[i] ^= 1
		if string(bent[:len(bent)-2]) == good[:len(good)-2] {
			continue // two bits of the last digit carry nothing
		}
		if got := w.post(body, string(bent)).StatusCode; got != 401 {
			t.Fatalf("byte %d of the signature flipped: status %d, want 401", i, got)
		}
	}
	if n := len(w.desk.heard()); n != 0 {
		t.Errorf("%d events reached the desk, want none", n)
	}
}

func TestWebhook_bodies(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	if _, err := w.client.Identify(w.ctx); err != nil {
		t.Fatal(err)
	}
	events := func(s string) string { return `{"destination":"` + w.BotUserID() + `","events":` + s + `}` }
	for name, row := range map[string]struct {
		body string
		want int
	}{
		"connectivity check":   {events(`[]`), 200},
		"events null":          {events(`null`), 200},
		"only broken events":   {events(`[null, 1, "x", {}, {"type":"message"}, []]`), 200},
		"unknown type":         {events(`[{"type":"things","webhookEventId":"01A","source":{"type":"user"}}]`), 200},
		"unknown source":       {events(`[{"type":"message","webhookEventId":"01A","source":{"type":"planet"},"message":{"id":"1","type":"text"}}]`), 200},
		"forged user id":       {events(`[{"type":"follow","webhookEventId":"01A","source":{"type":"user","userId":"../../v2/bot/info"}}]`), 200},
		"forged message id":    {events(`[{"type":"message","webhookEventId":"01A","source":{"type":"user","userId":"` + linesim.UserID("a") + `"},"message":{"id":"../1","type":"text"}}]`), 200},
		"forged event id":      {events(`[{"type":"follow","webhookEventId":"a\nb","source":{"type":"user","userId":"` + linesim.UserID("a") + `"}}]`), 200},
		"1 MB":                 {events(`[]`) + strings.Repeat(" ", 1<<20-len(events(`[]`))), 200},
		"1 MB and a byte":      {events(`[]`) + strings.Repeat(" ", 1<<20-len(events(`[]`))+1), 413},
		"nothing":              {``, 400},
		"no JSON":              {`hello`, 400},
		"cut off":              {events(`[{"type":"follow"`)[:60], 400},
		"two values":           {events(`[]`) + `{}`, 400},
		"a list":               {`[]`, 400},
		"events no list":       {events(`{}`), 400},
		"nested deeply":        {events(strings.Repeat(`[`, 100_000) + strings.Repeat(`]`, 100_000)), 400},
		"nested in an event":   {events(`[{"a":` + strings.Repeat(`{"a":`, 64) + `1` + strings.Repeat(`}`, 64) + `}]`), 400},
		"brackets in a text":   {events(`[{"type":"things","a":"` + strings.Repeat(`[{\"`, 100) + `"}]`), 200},
		"another bot":          {`{"destination":"` + linesim.UserID("other") + `","events":[]}`, 400},
		"no destination":       {`{"events":[]}`, 400},
		"an empty object":      {`{}`, 400},
		"destination a number": {`{"destination":1,"events":[]}`, 400},
	} {
		if got := w.post([]byte(row.body), linesim.Sign(secret, []byte(row.body))).StatusCode; got != row.want {
			t.Errorf("%s: status %d, want %d", name, got, row.want)
		}
	}
	if n := len(w.desk.heard()); n != 0 {
		t.Errorf("%d events reached the desk, want none: %+v", n, w.desk.heard())
	}
	if !strings.Contains(w.log.String(), "destination is not this bot") {
		t.Error("no warning of the wrong destination")
	}
}

func TestWebhook_method(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	res, err := http.Get(w.hook.URL + "/line/webhook")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("status %d, want 405", res.StatusCode)
	}
}

func TestWebhook_good_among_bad(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	good := func(words string) json.RawMessage {
		return json.RawMessage(`{"type":"message","message":{"id":"1","type":"text","text":"` + words + `"},"new":{"property":[1]}}`)
	}
	w.ok(p.Send(w.ctx, good("一"), json.RawMessage(`{"type":"message","message":{"id":1,"type":"text","text":"内緒"}}`),
		json.RawMessage(`{"type":"membership","membership":{}}`), good("二")))
	var got []string
	for _, e := range w.desk.heard()[1:] {
		got = append(got, e.Text)
	}
	if diff := cmp.Diff([]string{"一", "二"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(w.log.String(), "内緒") {
		t.Error("the log has what a person wrote")
	}
	if n := len(w.log.lines(t, "line event passed over")); n != 2 {
		t.Errorf("%d lines of events passed over, want 2", n)
	}
}
