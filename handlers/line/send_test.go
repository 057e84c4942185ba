package line_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/handlers/line"
	"tsunagi/handlers/line/linesim"
	"tsunagi/store/testwait"
)

var _ outbox.Sender = (*line.Client)(nil)

func TestSend_reply(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	r := w.ok(p.SendText(w.ctx, "もしもし"))
	got, err := w.client.Send(w.ctx, parcel(p.ID(), r.ReplyToken, "はい"))
	if err != nil || got.Pushed || len(got.Messages) != 1 || got.Request == "" {
		t.Errorf("got %+v, %v, want a reply", got, err)
	}
	if diff := cmp.Diff([]string{"はい"}, texts(p)); diff != "" {
		t.Errorf("on the phone (-want +got):\n%s", diff)
	}
	if w.Usage() != 0 {
		t.Errorf("%d of the quota spent, want none", w.Usage())
	}
	found := slices.ContainsFunc(w.log.lines(t, "line call"), func(l map[string]any) bool {
		return l["event"] == "01EVENT" && l["request"] == got.Request && l["status"] == 200.0 && l["path"] == "/v2/bot/message/reply"
	})
	if !found {
		t.Errorf("no line for request %s in the log:\n%s", got.Request, w.log)
	}
}

func TestSend_push(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	one := parcel(p.ID(), "", "受け付けました")
	one.Matters = true
	got, err := w.client.Send(w.ctx, one)
	if err != nil || !got.Pushed || len(got.Messages) != 1 {
		t.Errorf("got %+v, %v, want a push", got, err)
	}
	again, err := w.client.Send(w.ctx, one)
	if diff := cmp.Diff(got, again); err != nil || diff != "" {
		t.Errorf("again: %v (-first +again):\n%s", err, diff)
	}
	if diff := cmp.Diff([]string{"受け付けました"}, texts(p)); diff != "" {
		t.Errorf("on the phone (-want +got):\n%s", diff)
	}
	if keys := retryKeys(w); !slices.Equal(keys, []string{one.ID.String(), one.ID.String()}) {
		t.Errorf("retry keys %q, want %s twice", keys, one.ID)
	}
}

func retryKeys(w *wire) []string {
	var keys []string
	for _, e := range w.Record() {
		if e.Path == "/v2/bot/message/push" {
			keys = append(keys, e.RetryKey)
		}
	}
	return keys
}

// TestSend_faults holds what each misbehaviour of the platform comes to.
func TestSend_faults(t *testing.T) {
	t.Parallel()
	refused := func(status int, message string) linesim.Fault {
		return linesim.Fault{Do: linesim.FailStatus, Status: status, Message: message}
	}
	for name, row := range map[string]struct {
		fault linesim.Fault
		reply bool
		want  bot.Error
		seen  int
	}{
		"push, 429 rate":              {linesim.Fault{Do: linesim.Fail429Rate}, false, bot.Error{Kind: bot.Later, Sure: true, RetryAfter: time.Second}, 0},
		"reply, 429 rate":             {linesim.Fault{Do: linesim.Fail429Rate}, true, bot.Error{Kind: bot.Later, Sure: true, RetryAfter: time.Second}, 0},
		"push, 429 quota":             {linesim.Fault{Do: linesim.Fail429Quota}, false, bot.Error{Kind: bot.Forbidden, Sure: true, Say: say("delivery.quota")}, 0},
		"push, 429 other":             {refused(429, "Too many"), false, bot.Error{Kind: bot.Later, Sure: true}, 0},
		"push, 500":                   {linesim.Fault{Do: linesim.Fail500}, false, bot.Error{Kind: bot.Later}, 0},
		"reply, 500":                  {linesim.Fault{Do: linesim.Fail500}, true, bot.Error{Kind: bot.Later}, 0},
		"push, 503":                   {refused(503, "x"), false, bot.Error{Kind: bot.Later}, 0},
		"push, hang-up":               {linesim.Fault{Do: linesim.Hangup}, false, bot.Error{Kind: bot.Later}, 0},
		"push, applied, 500":          {linesim.Fault{Do: linesim.ApplyThenFail}, false, bot.Error{Kind: bot.Later}, 1},
		"reply, applied, 500":         {linesim.Fault{Do: linesim.ApplyThenFail}, true, bot.Error{Kind: bot.Later}, 1},
		"reply, applied, hang-up":     {linesim.Fault{Do: linesim.ApplyThenHangup}, true, bot.Error{Kind: bot.Later}, 1},
		"push, 400":                   {refused(400, "Failed to send messages"), false, bot.Error{Kind: bot.Invalid, Sure: true}, 0},
		"push, 403":                   {refused(403, "Access to this API is not available for your account"), false, bot.Error{Kind: bot.Forbidden, Sure: true}, 0},
		"push, 404":                   {refused(404, "Not found"), false, bot.Error{Kind: bot.NotFound, Sure: true}, 0},
		"push, 413":                   {refused(413, "x"), false, bot.Error{Kind: bot.Invalid, Sure: true}, 0},
		"push, redirected":            {refused(302, "x"), false, bot.Error{Kind: bot.Invalid, Sure: true}, 0},
		"push, 401":                   {refused(401, "Authentication failed"), false, bot.Error{Kind: bot.Forbidden, Sure: true, Say: say("delivery.unauthorized")}, 0},
		"reply, token refused":        {refused(400, "Invalid reply token"), true, bot.Error{Kind: bot.Conflict, Sure: true}, 0},
		"push, 409 without a request": {refused(409, "x"), false, bot.Error{Kind: bot.Later}, 0},
	} {
		w := newWire(t)
		p := w.friend("alice")
		one := parcel(p.ID(), "", "極秘")
		one.Matters = true
		if row.reply {
			one.ReplyToken = w.ok(p.SendText(w.ctx, "もしもし")).ReplyToken
		}
		w.Misbehave(row.fault)
		_, err := w.client.Send(w.ctx, one)
		var got *bot.Error
		if !errors.As(err, &got) {
			t.Errorf("%s: got %v, want a bot.Error", name, err)
			continue
		}
		if row.want.Say.Key == "" {
			row.want.Say = say("delivery.failed")
		}
		if got.Kind != row.want.Kind || got.Sure != row.want.Sure || got.RetryAfter != row.want.RetryAfter || got.Say.Key != row.want.Say.Key {
			t.Errorf("%s: got kind %s, sure %t, after %v, say %s, want %+v", name, got.Kind, got.Sure, got.RetryAfter, got.Say.Key, row.want)
		}
		if errors.Is(err, outbox.ErrUnauthorized) != (row.want.Say.Key == "delivery.unauthorized") {
			t.Errorf("%s: got %v, which says otherwise of our credentials", name, err)
		}
		if n := len(texts(p)); n != row.seen {
			t.Errorf("%s: %d messages on the phone, want %d", name, n, row.seen)
		}
		if strings.Contains(err.Error()+w.log.String(), "極秘") || strings.Contains(err.Error(), token) {
			t.Errorf("%s: the error or the log has content or the token: %v", name, err)
		}
	}
}

func TestSend_retried_push_shows_once(t *testing.T) {
	t.Parallel()
	for name, deed := range map[string]linesim.Deed{"500": linesim.Fail500, "applied, then 500": linesim.ApplyThenFail, "applied, then hung up": linesim.ApplyThenHangup} {
		w := newWire(t)
		p := w.friend("alice")
		one := parcel(p.ID(), "", "一度だけ")
		one.Matters = true
		w.Misbehave(linesim.Fault{Do: deed, Times: 3})
		for range 3 {
			if _, err := w.client.Send(w.ctx, one); bot.KindOf(err) != bot.Later {
				t.Fatalf("%s: got %v, want later", name, err)
			}
			one.Again = true
		}
		r, err := w.client.Send(w.ctx, one)
		if err != nil || !r.Pushed || len(r.Messages) != 1 || r.Request == "" {
			t.Errorf("%s: got %+v, %v, want it sent", name, r, err)
		}
		if got := texts(p); len(got) != 1 {
			t.Errorf("%s: on the phone %q, want one message", name, got)
		}
	}
}

func TestSend_retried_reply(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]linesim.Deed{"not shown": linesim.Fail500, "shown": linesim.ApplyThenFail} {
		w := newWire(t)
		p := w.friend("alice")
		one := parcel(p.ID(), w.ok(p.SendText(w.ctx, "もしもし")).ReplyToken, "はい")
		w.Misbehave(linesim.Fault{Do: row})
		if _, err := w.client.Send(w.ctx, one); bot.KindOf(err) != bot.Later {
			t.Fatalf("%s: got %v, want later", name, err)
		}
		one.Again = true
		if r, err := w.client.Send(w.ctx, one); err != nil || r.Request == "" {
			t.Errorf("%s: got %+v, %v, want it sent", name, r, err)
		}
		if got := texts(p); len(got) != 1 {
			t.Errorf("%s: on the phone %q, want one message", name, got)
		}
	}
}

func TestSend_timeout(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	one := parcel(p.ID(), "", "遅い")
	one.Matters = true
	w.Misbehave(linesim.Fault{Do: linesim.Timeout})
	ctx, expire := testwait.Expiring(w.ctx)
	go func() {
		if _, err := w.Wait(ctx, 0, func(e linesim.Entry) bool { return e.Reason == string(linesim.Timeout) }); err == nil {
			expire()
		}
	}()
	_, err := w.client.Send(ctx, one)
	var got *bot.Error
	if !errors.As(err, &got) || got.Kind != bot.Later || got.Sure {
		t.Errorf("got %v, want later and in doubt", err)
	}
}

func TestSend_unreachable(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	w.api.Close()
	one := parcel(p.ID(), "", "届かない")
	one.Matters = true
	_, err := w.client.Send(w.ctx, one)
	var got *bot.Error
	if !errors.As(err, &got) || got.Kind != bot.Later || !got.Sure {
		t.Errorf("got %v, want later, and certainly not sent", err)
	}
}

func TestSend_slows_down(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	one := parcel(p.ID(), "", "x")
	one.Matters = true
	asked := func() time.Duration {
		_, err := w.client.Send(w.ctx, one)
		var got *bot.Error
		if !errors.As(err, &got) {
			t.Fatalf("got %v, want a bot.Error", err)
		}
		return got.RetryAfter
	}
	w.Misbehave(linesim.Fault{Do: linesim.Fail429Rate, Times: -1})
	var waits []time.Duration
	for range 9 {
		wait := asked()
		waits = append(waits, wait)
		if same := asked(); same != wait {
			t.Errorf("refused together: %v, then %v, want the same", wait, same)
		}
		w.clock.Add(wait)
	}
	want := []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60}
	for i := range want {
		want[i] *= time.Second
	}
	if diff := cmp.Diff(want, waits); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w.Behave()
	if _, err := w.client.Send(w.ctx, one); err != nil {
		t.Fatal(err)
	}
	w.Misbehave(linesim.Fault{Do: linesim.Fail429Rate})
	if wait := asked(); wait != time.Second {
		t.Errorf("after one went through: %v, want 1 s", wait)
	}
}

func TestSend_refuses(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	seq := w.Last()
	long := msg.Do("x", "a", strings.Repeat("y", 300))
	for name, row := range map[string]struct {
		parcel outbox.Parcel
		want   bot.ErrorKind
	}{
		"a forged id":           {outbox.Parcel{To: "../../v2/bot/info", Matters: true, Message: said("x")}, bot.Invalid},
		"nobody":                {outbox.Parcel{Matters: true, Message: said("x")}, bot.Invalid},
		"a group":               {outbox.Parcel{To: linesim.GroupID("g"), Matters: true, Message: said("x")}, bot.Invalid},
		"nothing to say":        {outbox.Parcel{To: p.ID(), Matters: true}, bot.Invalid},
		"what does not matter":  {outbox.Parcel{To: p.ID(), Message: said("x")}, bot.NotFound},
		"a press that is long":  {outbox.Parcel{To: p.ID(), Matters: true, Message: choices(msg.Button{Label: "x", Press: long})}, bot.Invalid},
		"a button for nothing":  {outbox.Parcel{To: p.ID(), Matters: true, Message: choices(msg.Button{Label: "x"})}, bot.Invalid},
		"an edit that is long":  {outbox.Parcel{To: p.ID(), Matters: true, Message: card(msg.Card{Rows: []msg.Row{{Label: "a", Value: "b", Edit: &msg.Button{Label: "x", Press: long}}}})}, bot.Invalid},
		"a button that is long": {outbox.Parcel{To: p.ID(), Matters: true, Message: card(msg.Card{Buttons: []msg.Button{{Label: "x", Press: long}}})}, bot.Invalid},
	} {
		row.parcel.ID = uuid.New()
		_, err := w.client.Send(w.ctx, row.parcel)
		var got *bot.Error
		if !errors.As(err, &got) || got.Kind != row.want || !got.Sure {
			t.Errorf("%s: got %v, want %s, surely not sent", name, err, row.want)
		}
	}
	if n := w.Last(); n != seq {
		t.Errorf("%d calls were made, want none", n-seq)
	}
}

func TestFind_cannot_tell(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	_, found, err := w.client.Find(w.ctx, parcel(linesim.UserID("a"), "", "x"))
	if found || bot.KindOf(err) != bot.Conflict || bot.SayOf(err).Key != "delivery.doubtful" {
		t.Errorf("got %t, %v, want doubt", found, err)
	}
}

func choices(buttons ...msg.Button) msg.Message {
	m := said("選んでください")
	m.Choices = buttons
	return m
}

func card(c msg.Card) msg.Message { return msg.Message{Alt: "card", Blocks: []msg.Block{c}} }
