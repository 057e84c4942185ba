package line_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot"
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

func TestWebhook_standby(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	w.Standby(true)
	w.ok(p.SendText(w.ctx, "もしもし"))
	if n := len(w.desk.heard()); n != 1 {
		t.Errorf("%d events reached the desk, want the follow alone", n)
	}
}

func TestWebhook_groups(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	group := linesim.GroupID("partners")
	w.ok(p.JoinGroup(w.ctx, "partners"))
	if got := texts(p.In("partners")); len(got) != 1 || !strings.Contains(got[0], "1対1") {
		t.Errorf("said in the group: %q, want one farewell", got)
	}
	left := slices.ContainsFunc(w.Record(), func(e linesim.Entry) bool { return e.Kind == linesim.Left && e.Chat == group })
	if !left {
		t.Error("the group was not left")
	}
	if n := len(w.desk.heard()); n != 1 {
		t.Errorf("%d events reached the desk, want the follow alone", n)
	}
}

func TestWebhook_group_left_without_a_word(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	w.Misbehave(linesim.Fault{Do: linesim.FailStatus, Path: "/v2/bot/message/reply", Status: 400, Message: "Invalid reply token"})
	w.ok(p.JoinGroup(w.ctx, "partners"))
	if n := len(w.log.lines(t, "line group left without a word")); n != 1 {
		t.Errorf("%d warnings, want 1", n)
	}
	w.Misbehave(linesim.Fault{Do: linesim.Fail500, Path: "/v2/bot/group/*/leave"})
	if r, err := p.JoinGroup(w.ctx, "others"); err != nil || r.Status != 503 {
		t.Errorf("leave failed: got %+v, %v, want 503", r, err)
	}
	for _, r := range w.Redeliver(w.ctx) {
		if !r.Delivered() {
			t.Errorf("again: %+v, want the group left", r)
		}
	}
}

func TestWebhook_other_group_events(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	for _, kind := range []string{"memberJoined", "memberLeft", "leave", "message", "messageEdited", "postback", "unsend", "follow"} {
		w.ok(p.Send(w.ctx, json.RawMessage(fmt.Sprintf(
			`{"type":%q,"source":{"type":"group","groupId":%q,"userId":%q},"message":{"id":"1","type":"text","text":"x"}}`,
			kind, linesim.GroupID("g"), p.ID()))))
	}
	if n := len(w.desk.heard()); n != 1 {
		t.Errorf("%d events reached the desk, want the follow alone", n)
	}
}

func TestWebhook_fault_of_ours(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		fault error
		want  int
	}{
		"internal":         {errDown, 503},
		"later":            {bot.Refuse(bot.Later, "error.later"), 503},
		"conflict":         {bot.Refuse(bot.Conflict, "error.conflict"), 503},
		"not found":        {bot.Refuse(bot.NotFound, "error.not_found"), 503},
		"never acceptable": {bot.Refuse(bot.Invalid, "error.invalid"), 200},
	} {
		w := newWire(t)
		p := w.friend("alice")
		w.desk.does(func(context.Context, concierge.Event) error { return row.fault })
		r, err := p.SendText(w.ctx, "もしもし")
		if err != nil || r.Status != row.want {
			t.Errorf("%s: got %+v, %v, want status %d", name, r, err, row.want)
		}
	}
}

func TestWebhook_order(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	alice, bob := w.friend("alice"), w.friend("bob")
	events := func(fail string) (int, map[string][]string) {
		var mu sync.Mutex
		got := map[string][]string{}
		w.desk.does(func(_ context.Context, e concierge.Event) error {
			mu.Lock()
			defer mu.Unlock()
			if e.Text == fail {
				return errDown
			}
			got[e.User] = append(got[e.User], e.Text)
			return nil
		})
		var list []string
		for range 20 {
			for _, p := range []linesim.Person{alice, bob} {
				list = append(list, fmt.Sprintf(`{"type":"message","webhookEventId":"01E%d","timestamp":%d,"source":{"type":"user","userId":%q},"message":{"id":"%d","type":"text","text":"%d"}}`,
					len(list), w.clock.Now().UnixMilli(), p.ID(), len(list)+1, len(list)))
			}
		}
		status, err := w.SendBody(w.ctx, []byte(`{"destination":"`+w.BotUserID()+`","events":[`+strings.Join(list, ",")+`]}`))
		if err != nil {
			t.Fatal(err)
		}
		return status, got
	}
	status, got := events("none")
	want := map[string][]string{}
	for i := range 40 {
		who := []string{alice.ID(), bob.ID()}[i%2]
		want[who] = append(want[who], fmt.Sprint(i))
	}
	if diff := cmp.Diff(want, got); status != 200 || diff != "" {
		t.Errorf("status %d, want 200 (-want +got):\n%s", status, diff)
	}
	status, got = events("6") // Alice's fourth
	want[alice.ID()] = want[alice.ID()][:3]
	if diff := cmp.Diff(want, got); status != 503 || diff != "" {
		t.Errorf("with a failure: status %d, want 503 (-want +got):\n%s", status, diff)
	}
}

// TestWebhook_at_once shows that different people are not waited for: each of eight waits for all the others.
func TestWebhook_at_once(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	var together sync.WaitGroup
	together.Add(8)
	w.desk.does(func(ctx context.Context, _ concierge.Event) error {
		together.Done()
		met := make(chan struct{})
		go func() {
			together.Wait()
			close(met)
		}()
		select {
		case <-met:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	var list []string
	for i := range 8 {
		list = append(list, fmt.Sprintf(`{"type":"follow","webhookEventId":"01E%d","source":{"type":"user","userId":%q}}`, i, linesim.UserID(fmt.Sprint(i))))
	}
	status, err := w.SendBody(w.ctx, []byte(`{"destination":"`+w.BotUserID()+`","events":[`+strings.Join(list, ",")+`]}`))
	if err != nil || status != 200 {
		t.Errorf("status %d, %v, want 200", status, err)
	}
}

// TestWebhook_overload lets the desk hang: what waits gets 503 before LINE gives up, and never a false 200.
func TestWebhook_overload(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	var handled sync.Map
	w.desk.does(func(ctx context.Context, e concierge.Event) error {
		<-ctx.Done()
		handled.Store(e.ID, ctx.Err())
		return ctx.Err()
	})
	const crowd = 100
	status := make(chan *http.Response, crowd)
	begun := time.Now()
	for i := range crowd {
		body := fmt.Appendf(nil, `{"destination":%q,"events":[{"type":"follow","webhookEventId":"01E%d","source":{"type":"user","userId":%q}}]}`,
			w.BotUserID(), i, linesim.UserID(fmt.Sprint(i)))
		go func() { status <- w.post(body, linesim.Sign(secret, body)) }()
	}
	for range crowd {
		res := <-status
		if res.StatusCode != 503 || res.Header.Get("Retry-After") == "" {
			t.Fatalf("status %d, Retry-After %q, want 503 and when to come again", res.StatusCode, res.Header.Get("Retry-After"))
		}
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	n := 0
	handled.Range(func(any, any) bool { n++; return true })
	if n == 0 || n > 64 {
		t.Errorf("%d events were begun, want 1 to 64", n)
	}
}

// TestWebhook_hang_up shows that what was begun is brought to its end when LINE does not wait for it.
func TestWebhook_hang_up(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	begun, gone, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	w.desk.does(func(ctx context.Context, _ concierge.Event) error {
		close(begun)
		<-gone
		done <- ctx.Err()
		return nil
	})
	ctx, hangUp := context.WithCancel(w.ctx)
	p := w.AddPerson("alice", "alice")
	go func() {
		<-begun
		hangUp()
		close(gone)
	}()
	if r, err := p.Follow(ctx); err != nil || r.Delivered() {
		t.Fatalf("got %+v, %v, want no answer", r, err)
	}
	if err := <-done; err != nil {
		t.Errorf("the event's context ended: %v", err)
	}
}

func TestWebhook_log(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	r := w.ok(p.SendText(w.ctx, "極秘の計画"))
	var found bool
	for _, line := range w.log.lines(t, "line event") {
		found = found || line["event"] == r.EventID && line["kind"] == "said"
	}
	if !found {
		t.Errorf("no line for event %s in the log", r.EventID)
	}
	if strings.Contains(w.log.String(), "極秘") {
		t.Error("the log has what a person wrote")
	}
}

func TestWebhook_loading(t *testing.T) {
	t.Parallel()
	w := newWire(t, func(s *settings) { s.line.LoadingAfter = time.Millisecond })
	p := w.friend("alice")
	shown, err := w.Wait(w.ctx, 0, func(e linesim.Entry) bool { return e.Kind == linesim.Loading && e.Person == p.ID() })
	if err != nil || shown.Status != 202 {
		t.Errorf("got %+v, %v, want the loading animation", shown, err)
	}
}
