package line_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot"
	"tsunagi/bot/concierge"
	"tsunagi/handlers/line/linesim"
)

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

func TestWebhook_rooms(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	room := "R" + linesim.GroupID("r")[1:]
	w.ok(p.Send(w.ctx, json.RawMessage(fmt.Sprintf(`{"type":"join","source":{"type":"room","roomId":%q}}`, room))))
	left := slices.ContainsFunc(w.Record(), func(e linesim.Entry) bool { return e.Path == "/v2/bot/room/"+room+"/leave" })
	if !left {
		t.Error("the room was not left")
	}
	seq := w.Last()
	w.ok(p.Send(w.ctx, json.RawMessage(`{"type":"join","source":{"type":"group","groupId":"../../info"}}`)))
	for _, e := range w.Since(seq) {
		if e.Kind != linesim.Webhook {
			t.Errorf("forged group: got %+v, want no call", e)
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

func TestWebhook_panic(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	w.desk.does(func(_ context.Context, e concierge.Event) error {
		if e.Text == "極秘" {
			panic(e.Text)
		}
		return nil
	})
	bad := json.RawMessage(`{"type":"message","message":{"id":"1","type":"text","text":"極秘"}}`)
	good := json.RawMessage(fmt.Sprintf(`{"type":"follow","source":{"type":"user","userId":%q}}`, linesim.UserID("bob")))
	if r, err := p.Send(w.ctx, bad, good); err != nil || r.Status != 503 {
		t.Errorf("got %+v, %v, want 503", r, err)
	}
	if n := len(w.desk.heard()); n != 3 {
		t.Errorf("%d events reached the desk, want the neighbour too", n)
	}
	if strings.Contains(w.log.String(), "極秘") || len(w.log.lines(t, "line event panicked")) != 1 {
		t.Error("the log has what a person wrote, or not where it was")
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
	var under, most, total atomic.Int64
	w.desk.does(func(ctx context.Context, e concierge.Event) error {
		n := under.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		total.Add(1)
		<-ctx.Done()
		under.Add(-1)
		return ctx.Err()
	})
	const crowd, turns = 1200, 1024
	status := make(chan *http.Response, crowd)
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
	if total.Load() == 0 || most.Load() > turns {
		t.Errorf("%d events were begun, %d at once, want some and at most %d at once", total.Load(), most.Load(), turns)
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
	}()
	r, err := p.Follow(ctx)
	close(gone) // not before: an answer on its way could still arrive
	if err != nil || r.Delivered() {
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
	loading := func(e linesim.Entry) bool { return e.Kind == linesim.Loading }
	w.desk.does(func(context.Context, concierge.Event) error { // until then the desk is at work
		_, err := w.Wait(w.ctx, 0, loading)
		return err
	})
	p := w.friend("alice")
	shown, err := w.Wait(w.ctx, 0, func(e linesim.Entry) bool { return loading(e) && e.Person == p.ID() })
	if err != nil || shown.Status != 202 {
		t.Errorf("got %+v, %v, want the loading animation", shown, err)
	}
}
