package slack_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"tsunagi/bot/desk"
	"tsunagi/bot/msg"
	"tsunagi/handlers/slack/slacksim"
	"tsunagi/store/testwait"
)

func socketWorld(t *testing.T) *world {
	return newWorld(t, func(c *slacksim.Config) { c.SocketMode = true })
}

// hellos waits until so many connections have been greeted.
func (w *world) hellos(n int) {
	w.t.Helper()
	w.seen(func(e slacksim.Entry) bool {
		if e.Kind == slacksim.SocketState && e.Method == "hello" {
			n--
		}
		return n == 0
	})
}

func (w *world) answers() {
	w.t.Helper()
	out, err := w.sim.Command(w.ctx(), clerk, deskRoom, "/desk list")
	w.must(err)
	if out.Error != "" || out.Message == nil {
		w.t.Errorf("got %+v", out)
	}
}

func TestSocket_reconnects(t *testing.T) {
	t.Parallel()
	t.Run("before Slack closes the connection", func(t *testing.T) {
		t.Parallel()
		w := socketWorld(t)
		w.sim.Disconnect("warning")
		w.hellos(2)
		if n := w.sim.Connections(); n != 2 {
			t.Errorf("%d connections, want the old one beside the new", n)
		}
		for range 4 { // over both in turn
			w.answers()
		}
	})
	t.Run("when asked to", func(t *testing.T) {
		t.Parallel()
		w := socketWorld(t)
		w.sim.Disconnect("refresh_requested")
		w.hellos(2)
		w.answers()
	})
	t.Run("when the line is cut", func(t *testing.T) {
		t.Parallel()
		w := socketWorld(t)
		for n := range 3 {
			w.sim.Cut()
			w.hellos(n + 2)
		}
		w.answers()
	})
	t.Run("after Slack has not let it in for a while", func(t *testing.T) {
		t.Parallel()
		w := socketWorld(t)
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "apps.connections.open"})
		w.sim.Cut()
		w.hellos(2)
		w.answers()
	})
}

// TestSocket_stops: what has come in is answered, also when the app is told to stop meanwhile.
func TestSocket_stops(t *testing.T) {
	t.Parallel()
	sim := slacksim.New(slacksim.Config{BotToken: "x", AppToken: "xapp", SigningSecret: secret, SocketMode: true, AckTimeout: testwait.Limit})
	sim.AddUser(clerk, "clerk")
	sim.AddPrivateChannel(deskRoom, "desk", clerk)
	sim.AddPrivateChannel(welfareRoom, "welfare")
	sim.AddPrivateChannel(healthRoom, "health")
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	t.Cleanup(sim.Shutdown)
	app, _ := served(t, server.URL)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	begun, goOn := make(chan struct{}), make(chan struct{})
	app.Desk = &commands{answer: func(context.Context, desk.Call) (msg.Message, error) {
		close(begun)
		<-goOn
		return plain("はい"), nil
	}}
	ended := make(chan error, 1)
	go func() { ended <- app.Connect(ctx) }()
	_, err := sim.Wait(testwait.Context(t), 0, func(e slacksim.Entry) bool { return e.Method == "hello" })
	if err != nil {
		t.Fatal(err)
	}
	answered := make(chan slacksim.Outcome, 1)
	go func() {
		out, _ := sim.Command(t.Context(), clerk, deskRoom, "/desk list") // judged below
		answered <- out
	}()
	<-begun
	stop()
	select {
	case err := <-ended:
		t.Fatalf("ended before the answer: %v", err)
	default:
	}
	close(goOn)
	if out := <-answered; out.Message == nil || out.Message.Text != "はい" {
		t.Errorf("got %+v", out)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestSocket_unreadable sends over the socket what Slack's simulator never would: everything with an envelope id is
// acknowledged, or Slack would send it again and again.
func TestSocket_unreadable(t *testing.T) {
	t.Parallel()
	envelopes := []string{
		`{"envelope_id":"e0","type":"events_api","payload":{"type":"event_callback","event":{"type":"message","blocks":[{"type":"actions","elements":[{"type":"hologram"}]}]}}}`,
		`{"envelope_id":"e1","type":"events_api","payload":7}`,
		`{"envelope_id":"e2","type":"slash_commands","payload":{"user_id":[]}}`,
		`{"envelope_id":"e3","type":"interactive","payload":{"type":"view_submission","user":{"id":"U1"},"view":{"state":{"values":[]}}}}`,
		`{"envelope_id":"e4","type":"unheard_of","payload":{}}`,
		`{"envelope_id":"e5","type":"interactive"}`,
		`{"envelope_id":"e6","type":"events_api","payload":{"type":"event_callback","event":{"type":{}}}}`,
	}
	acked := make(chan string, len(envelopes))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/link" {
			handOut(t, w, r, envelopes, acked)
			return
		}
		if r.URL.Path == "/api/apps.connections.open" {
			_, _ = fmt.Fprintf(w, `{"ok":true,"url":"ws://%s/link"}`, r.Host)
			return
		}
		_, _ = w.Write([]byte(`{"ok":false,"error":"internal_error"}`))
	}))
	t.Cleanup(server.Close)
	app, _ := served(t, server.URL)
	ctx, stop := testwait.Bound(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- app.Connect(ctx) }()
	got := map[string]bool{}
	for range envelopes {
		select {
		case id := <-acked:
			got[id] = true
		case <-ctx.Done():
			t.Fatalf("acknowledged only %v", got)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if len(got) != len(envelopes) {
		t.Errorf("acknowledged %v", got)
	}
}

func handOut(t *testing.T, w http.ResponseWriter, r *http.Request, envelopes []string, acked chan<- string) {
	upgrader := websocket.Upgrader{}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = conn.Close() }()
	lines := append([]string{`{"type":"hello"}`, `not JSON`, `[]`, `{"type":"events_api"}`}, envelopes...)
	for _, line := range lines {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(line)); err != nil {
			t.Error(err)
		}
	}
	for {
		var ack struct {
			ID string `json:"envelope_id"`
		}
		_, raw, err := conn.ReadMessage()
		if err != nil {
			return // the app has been stopped
		}
		if err := json.NewDecoder(strings.NewReader(string(raw))).Decode(&ack); err != nil || ack.ID == "" {
			t.Errorf("got %s", raw)
		}
		acked <- ack.ID
	}
}
