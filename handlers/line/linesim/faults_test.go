package linesim_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"tsunagi/handlers/line/linesim"
	"tsunagi/store/testwait"
)

// TestFaults sends one push with a retry key into each fault and then tries again.
func TestFaults(t *testing.T) {
	t.Parallel()
	cases := []struct {
		do      linesim.Deed
		status  int // 0 is no answer
		message string
		applied bool
	}{
		{linesim.Fail429Rate, 429, "The API rate limit has been exceeded. Try again later.", false},
		{linesim.Fail429Quota, 429, "You have reached your monthly limit.", false},
		{linesim.Fail500, 500, "Internal Server Error", false},
		{linesim.FailStatus, 403, "no", false},
		{linesim.Answer202, 202, "", false},
		{linesim.Timeout, 0, "", false},
		{linesim.Hangup, 0, "", false},
		{linesim.ApplyThenFail, 500, "Internal Server Error", true},
		{linesim.ApplyThenTimeout, 0, "", true},
		{linesim.ApplyThenHangup, 0, "", true},
	}
	for _, c := range cases {
		t.Run(string(c.do), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.friend("tanaka")
			w.Misbehave(linesim.Fault{Do: c.do, Method: "POST", Path: "/v2/bot/message/push", Status: 403, Message: "no"})
			got, err := w.impatient(p.ID())
			if got.status != c.status || got.Errors.Message != c.message || (err != nil) != (c.status == 0) {
				t.Errorf("answer %d %q, %v", got.status, got.Errors.Message, err)
			}
			if applied := len(seen(p.Chat())) == 1; applied != c.applied {
				t.Errorf("applied %v, want %v", applied, c.applied)
			}
			want := 200
			if c.applied {
				want = 409
			}
			w.push(p.ID(), hello("a"), "X-Line-Retry-Key", retryKey).want(t, want)
			if got := seen(p.Chat()); len(got) != 1 {
				t.Errorf("the phone shows %v", got)
			}
			if got := ofKind(w.Record(), linesim.Failed); len(got) != 1 || got[0].Reason != string(c.do) || got[0].RetryKey != retryKey {
				t.Errorf("record %+v", got)
			}
		})
	}
}

// impatient pushes and hangs up when the call has been recorded as failed without an answer.
func (w *world) impatient(to string) (response, error) {
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	go func() {
		e, err := w.Wait(ctx, 0, func(e linesim.Entry) bool { return e.Kind == linesim.Failed })
		if err == nil && (e.Reason == string(linesim.Timeout) || e.Reason == string(linesim.ApplyThenTimeout)) {
			cancel()
		}
	}()
	req, err := http.NewRequestWithContext(ctx, "POST", w.url+"/v2/bot/message/push", strings.NewReader(`{"to":"`+to+`","messages":[`+hello("a")+`]}`))
	if err != nil {
		return response{}, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Line-Retry-Key", retryKey)
	return do(req)
}

func TestFaultMatching(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	w.Misbehave(linesim.Fault{Do: linesim.Fail500, Path: "/v2/bot/message/*", Times: 2, Skip: 1})
	for i, want := range []int{200, 500, 500, 200} {
		if got := w.push(p.ID(), hello("a")); got.status != want {
			t.Errorf("call %d: status %d, want %d", i, got.status, want)
		}
		w.call("GET", "/v2/bot/info", "").want(t, 200)
	}
	w.Misbehave(linesim.Fault{Do: linesim.Fail500, Times: -1})
	for range 3 {
		w.call("GET", "/v2/bot/info", "").want(t, 500)
	}
	w.Behave()
	w.call("GET", "/v2/bot/info", "").want(t, 200)
}

func TestCloseEndsHangingCalls(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Misbehave(linesim.Fault{Do: linesim.Timeout})
	done := make(chan error)
	go func() {
		_, err := w.try("GET", "/v2/bot/info", "")
		done <- err
	}()
	if _, err := w.Wait(w.ctx, 0, func(e linesim.Entry) bool { return e.Kind == linesim.Failed }); err != nil {
		t.Fatal(err)
	}
	w.Sim.Close()
	if err := <-done; err == nil {
		t.Error("a hanging call got an answer")
	}
}

func TestReplyFailsAfterItWasShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	r := w.ok(p.SendText(w.ctx, "a"))
	w.Misbehave(linesim.Fault{Do: linesim.ApplyThenFail, Path: "/v2/bot/message/reply"})
	w.reply(r.ReplyToken, hello("a")).want(t, 500)
	w.reply(r.ReplyToken, hello("a")).want(t, 400, "Invalid reply token")
	if got := seen(p.Chat()); len(got) != 1 {
		t.Errorf("the phone shows %v", got)
	}
}

func TestWaitEndsWithContext(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, expire := testwait.Expiring(w.ctx)
	expire()
	if _, err := w.Wait(ctx, 0, func(linesim.Entry) bool { return false }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}
