package slacksim_test

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"tsunagi/handlers/slack/slacksim"
	"tsunagi/store/testwait"
)

func socketMode(c *slacksim.Config) { c.SocketMode = true }

// connect opens one connection by hand and reads its hello, or whatever comes first.
func (w *world) connect() (*websocket.Conn, map[string]any) {
	w.t.Helper()
	_, url, err := w.api.StartSocketModeContext(w.t.Context())
	w.must(err)
	conn, resp, err := websocket.DefaultDialer.DialContext(w.t.Context(), url, nil)
	w.must(err)
	_ = resp.Body.Close()
	w.t.Cleanup(func() { _ = conn.Close() })
	return conn, read(w.t, conn)
}

func read(t *testing.T, conn *websocket.Conn) map[string]any {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(testwait.Limit))
	var v map[string]any
	if err := conn.ReadJSON(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestSocketModeClient lets the official client run over the simulated sockets.
func TestSocketModeClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t, socketMode)
	ctx, cancel := context.WithCancel(t.Context())
	client := socketmode.New(w.api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	seen := make(chan socketmode.Event, 20)
	go func() {
		for ev := range client.Events {
			switch ev.Type {
			case socketmode.EventTypeSlashCommand:
				_ = client.Ack(*ev.Request, map[string]any{"text": "you said " + ev.Data.(slack.SlashCommand).Text})
			case socketmode.EventTypeInteractive:
				_ = client.Ack(*ev.Request, slack.NewClearViewSubmissionResponse())
			case socketmode.EventTypeEventsAPI:
				_ = client.Ack(*ev.Request)
			}
			seen <- ev
		}
	}()
	done := make(chan error, 1)
	go func() { done <- client.RunContext(ctx) }()
	until := func(kind socketmode.EventType) socketmode.Event {
		for {
			if ev := testwait.For(t, string(kind), seen); ev.Type == kind {
				return ev
			}
		}
	}
	until(socketmode.EventTypeHello)

	out, err := w.sim.Command(ctx, clerk, desk, "/desk list")
	w.must(err)
	if out.Message == nil || out.Message.Text != "you said list" {
		t.Errorf("got %+v", out)
	}
	cmd := until(socketmode.EventTypeSlashCommand).Data.(slack.SlashCommand)
	_, err = w.api.OpenViewContext(ctx, cmd.TriggerID, form("one"))
	w.must(err)
	v, _ := w.sim.View(clerk)
	_, err = w.sim.Submit(ctx, clerk, v.ID, slacksim.Values{"words": {"a"}})
	w.must(err)
	if _, open := w.sim.View(clerk); open {
		t.Error("the acknowledgement's payload did not close the modal")
	}
	_, err = w.sim.Say(ctx, clerk, desk, "", "hello")
	w.must(err)
	if ev := until(socketmode.EventTypeEventsAPI).Data.(slackevents.EventsAPIEvent); ev.InnerEvent.Type != "message" {
		t.Errorf("got %+v", ev)
	}
	w.sim.Disconnect("refresh_requested")
	until(socketmode.EventTypeHello)
	if out, err := w.sim.Command(ctx, clerk, desk, "/desk again"); err != nil || out.Message == nil {
		t.Errorf("after the reconnection: %+v, %v", out, err)
	}
	cancel()
	<-done
	if n := len(w.app.received("/commands")); n != 0 {
		t.Errorf("%d commands came over HTTP", n)
	}
}

func TestSocketMode(t *testing.T) {
	t.Parallel()
	t.Run("ten connections, not eleven", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, socketMode, func(c *slacksim.Config) { c.Rates.Off = true })
		for i := range 10 {
			if _, hello := w.connect(); hello["type"] != "hello" || hello["num_connections"] != float64(i+1) {
				t.Errorf("connection %d: %v", i+1, hello)
			}
		}
		if _, first := w.connect(); first["type"] != "disconnect" || first["reason"] != "too_many_websockets" {
			t.Errorf("got %v", first)
		}
	})
	t.Run("a ticket works once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, socketMode)
		_, url, err := w.api.StartSocketModeContext(t.Context())
		w.must(err)
		for i := range 2 {
			conn, resp, err := websocket.DefaultDialer.DialContext(t.Context(), url, nil)
			if (err == nil) != (i == 0) {
				t.Errorf("use %d: %v", i+1, err)
			}
			_ = resp.Body.Close()
			if conn != nil {
				defer func() { _ = conn.Close() }()
			}
		}
	})
	t.Run("an envelope goes out again when its connection breaks", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, socketMode)
		first, _ := w.connect()
		done := w.inBackground(func() error { _, err := w.sim.Say(t.Context(), clerk, desk, "", "hello"); return err })
		lost := read(t, first)
		second, _ := w.connect()
		_ = first.Close()
		again := read(t, second)
		if again["envelope_id"] != lost["envelope_id"] || dig(again, "payload", "event", "text") != "hello" {
			t.Errorf("first %v\nthen %v", lost, again)
		}
		w.must(second.WriteJSON(map[string]any{"envelope_id": again["envelope_id"]}))
		w.must(<-done)
		if n := w.sim.Unacknowledged(); n != 0 {
			t.Errorf("%d events wait", n)
		}
	})
	t.Run("an event without acknowledgement is retried in a new envelope", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, socketMode)
		conn, _ := w.connect()
		ctx, giveUp := testwait.Expiring(t.Context())
		said := w.inBackground(func() error {
			_, err := w.sim.Say(ctx, clerk, desk, "", "hello")
			return err
		})
		first := read(t, conn)
		giveUp()
		w.must(<-said)
		done := w.inBackground(func() error { w.sim.Redeliver(t.Context()); return nil })
		second := read(t, conn)
		w.must(conn.WriteJSON(map[string]any{"envelope_id": second["envelope_id"]}))
		w.must(<-done)
		if first["retry_attempt"] != 0.0 || second["retry_attempt"] != 1.0 || dig(first, "payload", "event_id") != dig(second, "payload", "event_id") || first["envelope_id"] == second["envelope_id"] {
			t.Errorf("first %v\nthen %v", first, second)
		}
	})
	t.Run("an answer of 20 KB is dropped without a word", func(t *testing.T) {
		t.Parallel()
		for size, want := range map[int]string{20*1024 - 1: "", 20 * 1024: "operation_timeout"} {
			w := newWorld(t, socketMode)
			conn, _ := w.connect()
			ctx, giveUp := testwait.Expiring(context.WithoutCancel(t.Context()))
			done := make(chan slacksim.Outcome, 1)
			go func() {
				out, _ := w.sim.Command(ctx, clerk, desk, "/desk")
				done <- out
			}()
			env := read(t, conn)
			ack := obj{"envelope_id": env["envelope_id"], "payload": obj{"text": ""}}
			raw, err := json.Marshal(ack)
			w.must(err)
			ack["payload"] = obj{"text": strings.Repeat("x", size-len(raw))}
			raw, err = json.Marshal(ack)
			w.must(err)
			w.must(conn.WriteMessage(websocket.TextMessage, raw))
			if want != "" {
				w.wait(func(e slacksim.Entry) bool { return e.Error == "response_too_large" })
				giveUp()
			}
			if out := <-done; out.Error != want || (out.Message == nil) != (want != "") {
				t.Errorf("%d bytes: %q", len(raw), out.Error)
			}
		}
	})
	t.Run("a warning leaves the connection open", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, socketMode)
		conn, _ := w.connect()
		w.sim.Disconnect("warning")
		if got := read(t, conn); got["reason"] != "warning" || w.sim.Connections() != 1 {
			t.Errorf("got %v, %d connections", got, w.sim.Connections())
		}
		w.sim.Disconnect("link_disabled")
		if got := read(t, conn); got["reason"] != "link_disabled" {
			t.Errorf("got %v", got)
		}
		if _, _, err := conn.ReadMessage(); err == nil {
			t.Error("still open")
		}
	})
	t.Run("without a connection the person is told", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, socketMode)
		out, err := w.sim.Command(t.Context(), clerk, desk, "/desk")
		w.must(err)
		if out.Error != "dispatch_failed" {
			t.Errorf("got %+v", out)
		}
	})
}

func (w *world) inBackground(f func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	return done
}
