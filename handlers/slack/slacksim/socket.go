package slacksim

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// sockets are the app's Socket Mode connections and the envelopes that wait for an acknowledgement.
//
// https://docs.slack.dev/apis/events-api/using-socket-mode
type sockets struct {
	mu      sync.Mutex
	tickets map[string]bool
	open    []*socket
	next    int
	pending map[string]*envelope
	changed chan struct{} // closed and replaced when a connection opens or closes
}

// envelope is one request on its way through a socket.
type envelope struct {
	acked chan json.RawMessage // one acknowledgement, with its payload
}

// socket is one connection. Writes are serialized; reads happen in serveSocket.
type socket struct {
	conn *websocket.Conn
	mu   sync.Mutex
	gone chan struct{} // closed when reading has ended
}

const (
	pingEvery    = 5 * time.Second
	socketLife   = 3600 // seconds; told in hello
	writeTimeout = 2 * time.Second
)

func (k *sockets) init() {
	k.tickets, k.pending, k.changed = map[string]bool{}, map[string]*envelope{}, make(chan struct{})
}

// stir wakes who waits for a connection; the caller holds k.mu.
func (k *sockets) stir() {
	close(k.changed)
	k.changed = make(chan struct{})
}

func (k *socket) write(v any) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	return k.conn.WriteJSON(v)
}

func (s *Sim) connectionsOpen(c *call) (object, *refusal) {
	s.mu.Lock()
	ticket := s.id("ticket-")
	s.mu.Unlock()
	s.sockets.mu.Lock()
	s.sockets.tickets[ticket] = true
	s.sockets.mu.Unlock()
	base := "ws" + strings.TrimPrefix(c.base, "http") // https becomes wss
	return object{"url": base + "/link/?ticket=" + ticket + "&app_id=" + s.cfg.AppID}, nil
}

// serveSocket is the address that apps.connections.open gave out; it works once.
func (s *Sim) serveSocket(w http.ResponseWriter, r *http.Request) {
	k := &s.sockets
	ticket := r.URL.Query().Get("ticket")
	k.mu.Lock()
	valid := k.tickets[ticket]
	delete(k.tickets, ticket)
	k.mu.Unlock()
	if !valid {
		http.Error(w, "invalid ticket", http.StatusForbidden)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	s.attend(&socket{conn: conn, gone: make(chan struct{})})
}

// attend greets the connection and reads from it until it ends.
func (s *Sim) attend(k *socket) {
	defer func() { _ = k.conn.Close() }()
	number, full := s.admit(k)
	if full {
		s.note(Entry{Kind: SocketState, Error: "too_many_websockets"})
		_ = k.write(disconnect("too_many_websockets")) // it is closed next
		return
	}
	defer s.forget(k)
	s.note(Entry{Kind: SocketState, Method: "hello"})
	hello := object{
		"type": "hello", "num_connections": number, "connection_info": object{"app_id": s.cfg.AppID},
		"debug_info": object{"host": "sim", "approximate_connection_time": socketLife},
	}
	if k.write(hello) != nil {
		return
	}
	s.spawn(func(ctx context.Context) { k.ping(ctx) })
	for s.readOne(k) == nil {
	}
}

func (s *Sim) admit(k *socket) (number int, full bool) {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	if len(s.sockets.open) >= maxSockets || s.life.Err() != nil {
		return 0, true
	}
	s.sockets.open = append(s.sockets.open, k)
	s.sockets.stir()
	return len(s.sockets.open), false
}

func (s *Sim) forget(k *socket) {
	s.sockets.mu.Lock()
	s.sockets.open = slices.DeleteFunc(s.sockets.open, func(other *socket) bool { return other == k })
	s.sockets.stir()
	s.sockets.mu.Unlock()
	close(k.gone)
	s.note(Entry{Kind: SocketState, Method: "closed"})
}

// ping keeps the connection alive; clients give up when no ping comes.
func (k *socket) ping(ctx context.Context) {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		if k.conn.WriteControl(websocket.PingMessage, []byte("sim"), time.Now().Add(writeTimeout)) != nil {
			return
		}
		select {
		case <-tick.C:
		case <-k.gone:
			return
		case <-ctx.Done():
			return
		}
	}
}

// readOne takes one acknowledgement. What is too long is dropped without a word, as Slack does.
func (s *Sim) readOne(k *socket) error {
	_, raw, err := k.conn.ReadMessage()
	if err != nil {
		return err
	}
	if len(raw) >= maxSocketText {
		s.note(Entry{Kind: SocketState, Error: "response_too_large"})
		return nil
	}
	var ack struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload"`
	}
	if json.Unmarshal(raw, &ack) != nil {
		return nil
	}
	s.sockets.mu.Lock()
	env := s.sockets.pending[ack.ID]
	delete(s.sockets.pending, ack.ID)
	s.sockets.mu.Unlock()
	if env != nil {
		env.acked <- ack.Payload
	}
	return nil
}

// sendSocket sends an envelope over one of the connections. If that connection ends first, the envelope goes out
// again over another one, with the same id, until it is acknowledged or the time is over. With no connection at
// all it fails at once.
func (s *Sim) sendSocket(ctx context.Context, req request) answer {
	s.mu.Lock()
	id := s.id("envelope-")
	s.mu.Unlock()
	message := object{
		"envelope_id": id, "type": req.kind, "payload": req.payload, "accepts_response_payload": req.answers,
	}
	if req.kind == "events_api" {
		message["retry_attempt"], message["retry_reason"] = req.attempt, req.reason
	}
	env := &envelope{acked: make(chan json.RawMessage, 1)}
	s.sockets.mu.Lock()
	s.sockets.pending[id] = env
	s.sockets.mu.Unlock()
	defer s.unpend(id)
	for sent := false; ; sent = true {
		k := s.pick()
		if k == nil && !(sent && s.awaitSocket(ctx)) {
			return answer{problem: "dispatch_failed", reason: "connection_failed"}
		}
		if k == nil {
			continue
		}
		if k.write(message) != nil {
			_ = k.conn.Close() // it is of no more use; the next one is tried
		}
		select {
		case payload := <-env.acked:
			return acknowledged(req, payload)
		case <-k.gone:
		case <-ctx.Done():
			return failed(context.DeadlineExceeded)
		}
	}
}

func (s *Sim) unpend(id string) {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	delete(s.sockets.pending, id)
}

// pick takes the connections in turn; any payload may go to any of them.
func (s *Sim) pick() *socket {
	k := &s.sockets
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.open) == 0 {
		return nil
	}
	k.next++
	return k.open[k.next%len(k.open)]
}

// awaitSocket waits for a connection to come up.
func (s *Sim) awaitSocket(ctx context.Context) bool {
	s.sockets.mu.Lock()
	changed, up := s.sockets.changed, len(s.sockets.open) > 0
	s.sockets.mu.Unlock()
	if up {
		return true
	}
	select {
	case <-changed:
		return true
	case <-ctx.Done():
		return false
	}
}

func acknowledged(req request, payload json.RawMessage) answer {
	a := answer{status: http.StatusOK, header: http.Header{"Content-Type": {"application/json"}}}
	if req.answers && len(payload) > 0 && string(payload) != "null" {
		a.body = payload
	}
	return a
}

func disconnect(reason string) object {
	return object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "sim"}}
}

// Connections is the number of Socket Mode connections that are up.
func (s *Sim) Connections() int {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	return len(s.sockets.open)
}

// Disconnect tells every connection to go away: "warning" (about to close), "refresh_requested" or
// "link_disabled". Except for a warning the connections are closed from this side too.
func (s *Sim) Disconnect(reason string) {
	s.note(Entry{Kind: SocketState, Method: "disconnect", Text: reason})
	for _, k := range s.connected() {
		_ = k.write(disconnect(reason)) // a dead connection is what was asked for
		if reason != "warning" {
			_ = k.conn.Close()
		}
	}
}

// Cut breaks every connection without a word.
func (s *Sim) Cut() {
	for _, k := range s.connected() {
		_ = k.conn.Close()
	}
}

func (s *Sim) connected() []*socket {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	return slices.Clone(s.sockets.open)
}
