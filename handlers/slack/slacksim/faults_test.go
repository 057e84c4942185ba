package slacksim_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"tsunagi/handlers/slack/slacksim"
	"tsunagi/store/testwait"
)

func TestMisbehave(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault   slacksim.Fault
		applied bool
		check   func(error) bool
	}{
		"429 with Retry-After": {slacksim.Fault{Kind: slacksim.TooMany, RetryAfter: 7 * time.Second}, false, func(err error) bool {
			var limited *slack.RateLimitedError
			return errors.As(err, &limited) && limited.RetryAfter == 7*time.Second
		}},
		"429 without":        {slacksim.Fault{Kind: slacksim.TooMany}, false, isStatus(429)},
		"ratelimited":        {slacksim.Fault{Kind: slacksim.RateLimited}, false, isCode("ratelimited")},
		"500":                {slacksim.Fault{Kind: slacksim.ServerError}, false, isStatus(500)},
		"apply then fail":    {slacksim.Fault{Kind: slacksim.ApplyThenFail}, true, isStatus(500)},
		"refuse":             {slacksim.Fault{Kind: slacksim.Refuse, Error: "fatal_error"}, false, isCode("fatal_error")},
		"malformed JSON":     {slacksim.Fault{Kind: slacksim.MalformedJSON}, true, func(err error) bool { return err != nil && strings.Contains(err.Error(), "EOF") }},
		"timeout":            {slacksim.Fault{Kind: slacksim.Timeout}, false, isDeadline},
		"apply then timeout": {slacksim.Fault{Kind: slacksim.ApplyThenTimeout}, true, isDeadline},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c.fault.Method = "chat.postMessage"
			w.sim.Misbehave(c.fault)
			_, err := w.api.AuthTestContext(t.Context())
			w.must(err)
			ctx := w.patient(c.fault.Kind)
			_, _, err = w.api.PostMessageContext(ctx, desk, slack.MsgOptionText("x", false))
			if !c.check(err) {
				t.Errorf("the client got %v", err)
			}
			if applied := len(w.sim.Channel(desk)) == 1; applied != c.applied {
				t.Errorf("applied: %v", applied)
			}
			_, _, err = w.api.PostMessageContext(t.Context(), desk, slack.MsgOptionText("y", false))
			w.must(err)
			w.wait(func(e slacksim.Entry) bool { return e.Fault == string(c.fault.Kind) })
		})
	}
	t.Run("for one channel, until told otherwise", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Channel: desk, Times: -1})
		for range 3 {
			if _, _, err := w.api.PostMessageContext(t.Context(), desk, slack.MsgOptionText("x", false)); !isStatus(500)(err) {
				t.Errorf("got %v", err)
			}
		}
		_, _, err := w.api.PostMessageContext(t.Context(), clerk, slack.MsgOptionText("x", false))
		w.must(err)
		w.sim.Behave()
		_, _, err = w.api.PostMessageContext(t.Context(), desk, slack.MsgOptionText("x", false))
		w.must(err)
	})
	t.Run("uploads and response_urls", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "upload"})
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ApplyThenFail, Method: "response_url"})
		_, err := w.api.UploadFileContext(t.Context(), slack.UploadFileParameters{Filename: "a", FileSize: 1, Content: "a", Channel: desk})
		if err == nil || !strings.Contains(err.Error(), "UploadToURL") {
			t.Errorf("got %v", err)
		}
		_, err = w.sim.Command(t.Context(), clerk, desk, "/desk")
		w.must(err)
		err = slack.PostWebhookContext(t.Context(), w.app.last(t, "/commands").form.Get("response_url"), &slack.WebhookMessage{Text: "a"})
		if !isStatus(500)(err) || len(w.sim.EphemeralTo(desk, clerk)) != 1 {
			t.Errorf("got %v", err)
		}
	})
}

// patient is a context whose time is up once the workspace keeps silent.
func (w *world) patient(fault slacksim.FaultKind) context.Context {
	ctx, expire := testwait.Expiring(testwait.Context(w.t))
	go func() {
		_, err := w.sim.Wait(ctx, 0, func(e slacksim.Entry) bool {
			return e.Fault == string(fault) && (fault == slacksim.Timeout || fault == slacksim.ApplyThenTimeout)
		})
		if err == nil {
			expire()
		}
	}()
	return ctx
}

func isStatus(code int) func(error) bool {
	return func(err error) bool {
		var status slack.StatusCodeError
		return errors.As(err, &status) && status.Code == code
	}
}

func isCode(code string) func(error) bool {
	return func(err error) bool { return err != nil && err.Error() == code }
}

func isDeadline(err error) bool { return errors.Is(err, context.DeadlineExceeded) }

func TestRates(t *testing.T) {
	t.Parallel()
	post := func(w *world, channel string) time.Duration {
		_, _, err := w.api.PostMessageContext(t.Context(), channel, slack.MsgOptionText("x", false))
		var limited *slack.RateLimitedError
		if errors.As(err, &limited) {
			return limited.RetryAfter
		}
		w.must(err)
		return 0
	}
	t.Run("one a second and channel", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, func(c *slacksim.Config) { c.Rates = slacksim.Strict() })
		if got := post(w, desk); got != 0 {
			t.Errorf("the first: wait %v", got)
		}
		if got := post(w, desk); got != time.Second {
			t.Errorf("the second at once: wait %v", got)
		}
		if got := post(w, clerk); got != 0 {
			t.Errorf("another channel: wait %v", got)
		}
		w.clock.Add(time.Second)
		if got := post(w, desk); got != 0 {
			t.Errorf("a second later: wait %v", got)
		}
	})
	t.Run("a burst of twenty", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		for i := range 21 {
			if got := post(w, desk); (got == 0) != (i < 20) {
				t.Errorf("post %d: wait %v", i+1, got)
			}
		}
	})
	t.Run("chat.update, fifty a minute", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		_, ts, err := w.api.PostMessageContext(t.Context(), desk, slack.MsgOptionText("x", false))
		w.must(err)
		for i := range 51 {
			got := w.call("chat.update", obj{"channel": desk, "ts": ts, "text": "y"})
			if limited := got["error"] == "ratelimited" && got["status"] == 429; limited != (i == 50) {
				t.Errorf("update %d: %v", i+1, got)
			}
		}
	})
	t.Run("as configured", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, func(c *slacksim.Config) { c.Rates.PerMinute = map[string]int{"users.info": 1} })
		for i, want := range []any{nil, "ratelimited"} {
			if got := w.call("users.info", obj{"user": clerk}); got["error"] != want {
				t.Errorf("call %d: %v", i+1, got)
			}
		}
		w = newWorld(t, func(c *slacksim.Config) { c.Rates.Off = true })
		for range 200 {
			if got := post(w, desk); got != 0 {
				t.Fatalf("wait %v", got)
			}
		}
	})
}

func TestShutdown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, socketMode)
	conn, _ := w.connect()
	w.sim.Misbehave(slacksim.Fault{Kind: slacksim.Timeout, Method: "auth.test"})
	hanging := w.inBackground(func() error { _, err := w.api.AuthTestContext(t.Context()); return err })
	w.wait(func(e slacksim.Entry) bool { return e.Fault == string(slacksim.Timeout) })
	w.sim.Shutdown()
	if err := <-hanging; err == nil {
		t.Error("the hanging call was answered")
	}
	if _, _, err := conn.ReadMessage(); err == nil {
		t.Error("the socket is still open")
	}
}
