package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode. The SDK's client is not used for it: it closes
// the old connection before it opens the new one, drops what is still to be acknowledged when it is stopped, reads every
// event with types that refuse what they do not know, and then leaves that unacknowledged.
const (
	socketRead    = 1 << 20
	socketWrite   = 32 << 10 // one frame for every answer; Slack takes no parts
	socketAnswer  = 20 << 10 // longer ones are dropped without a word
	socketSilence = 40 * time.Second
	socketWrites  = 2 * time.Second
	dialWithin    = 15 * time.Second
	firstAgain    = 500 * time.Millisecond
	longestAgain  = 30 * time.Second
)

// Connect takes requests over Socket Mode until ctx ends, connecting again whenever the connection is lost and before
// Slack closes one. When ctx ends, what has come in is answered and brought to its end first.
func (a *App) Connect(ctx context.Context) error {
	var open sync.WaitGroup
	defer a.finish(ctx)
	defer open.Wait()
	for wait := firstAgain; ; {
		s, err := a.dial(ctx)
		if ctx.Err() != nil {
			if s != nil {
				_ = s.conn.Close() // nothing has come in on it
			}
			return nil
		}
		if err != nil {
			a.Log.Error("socket mode: no connection", "error", err, "again", wait)
			if !pause(ctx, wait) {
				return nil
			}
			wait = min(2*wait, longestAgain)
			continue
		}
		open.Go(func() { a.serve(ctx, s) })
		select {
		case <-s.leaving:
		case <-ctx.Done():
			return nil
		}
		if s.greeted.Load() {
			wait = firstAgain
			continue
		}
		if !pause(ctx, wait) { // let in and sent off again: too many connections, say
			return nil
		}
		wait = min(2*wait, longestAgain)
	}
}

// finish waits for what goes on after the answers that were given over the socket.
func (a *App) finish(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), laterWithin)
	defer cancel()
	if err := a.Close(ctx); err != nil {
		a.Log.Error("socket mode: something is still going on", "error", err)
	}
}

// pause waits, but not beyond ctx.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// socket is one connection.
type socket struct {
	conn    *websocket.Conn
	write   sync.Mutex
	greeted atomic.Bool
	leaving chan struct{} // closed when another connection is wanted
	once    sync.Once
}

func (s *socket) leave() { s.once.Do(func() { close(s.leaving) }) }

func (a *App) dial(ctx context.Context) (*socket, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	_, address, err := a.Client.api.StartSocketModeContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for a connection: %w", err)
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: dialWithin, WriteBufferSize: socketWrite}
	conn, resp, err := dialer.DialContext(ctx, address, nil)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", withoutAddress(err))
	}
	if resp != nil && resp.Body != nil {
		_ = resp.Body.Close() // the handshake's, empty
	}
	conn.SetReadLimit(socketRead)
	return &socket{conn: conn, leaving: make(chan struct{})}, nil
}

// serve reads until the connection ends, and answers each request in a goroutine of its own. When ctx ends, it stops
// reading, lets the answers go out, and closes.
func (a *App) serve(ctx context.Context, s *socket) {
	var answers sync.WaitGroup
	stop := context.AfterFunc(ctx, func() {
		_ = s.conn.SetReadDeadline(time.Now()) // ends the reading
	})
	defer stop()
	defer s.leave()
	defer func() { _ = s.conn.Close() }()
	defer answers.Wait()
	s.conn.SetPingHandler(func(data string) error {
		s.heard(ctx)
		err := s.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(socketWrites))
		if errors.Is(err, websocket.ErrCloseSent) {
			return nil
		}
		return err
	})
	for {
		s.heard(ctx)
		_, raw, err := s.conn.ReadMessage()
		if err != nil {
			a.lost(ctx, err)
			return
		}
		a.take(ctx, s, raw, &answers)
	}
}

// heard gives the connection time until the next sign of life; Slack pings every few seconds.
func (s *socket) heard(ctx context.Context) {
	_ = s.conn.SetReadDeadline(time.Now().Add(socketSilence)) // a broken connection shows in the next read
	if ctx.Err() != nil {
		_ = s.conn.SetReadDeadline(time.Now())
	}
}

func (a *App) lost(ctx context.Context, err error) {
	if ctx.Err() == nil {
		a.Log.Warn("socket mode: connection ended", "error", err)
	}
}

// envelope is one request over the socket, or word about the connection itself.
type envelope struct {
	Type    string          `json:"type"`
	ID      string          `json:"envelope_id"`
	Reason  string          `json:"reason"`
	Payload json.RawMessage `json:"payload"`
	Answers bool            `json:"accepts_response_payload"`
}

// take begins the answer to one envelope once there is room. What cannot be read is acknowledged all the same, or Slack
// sends it again.
func (a *App) take(ctx context.Context, s *socket, raw []byte, answers *sync.WaitGroup) {
	var e envelope
	if err := loosely(raw, &e); err != nil {
		a.Log.Warn("socket mode: unreadable message", "bytes", len(raw))
		return
	}
	switch e.Type {
	case "hello":
		s.greeted.Store(true)
		a.Log.Info("socket mode: connected")
		return
	case "disconnect":
		a.Log.Info("socket mode: connection to be renewed", "reason", e.Reason)
		s.leave()
		return
	}
	if e.ID == "" {
		return
	}
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWithin)
	if !a.turn(within) {
		cancel()
		return
	}
	answers.Go(func() {
		defer cancel()
		defer a.done()
		if said, ok := a.dispatch(within, e); ok {
			a.acknowledge(within, s, e, said)
		}
	})
}

// dispatch gives an envelope to the same answers as stand behind HTTP. One that is not ok is not acknowledged, so that Slack
// sends it again, or shows its own error to whoever waits for an answer.
func (a *App) dispatch(ctx context.Context, e envelope) (said answer, ok bool) {
	handle := map[string]func(context.Context, []byte) (answer, error){
		"slash_commands": a.commandJSON, "interactive": a.interaction, "events_api": a.event,
	}[e.Type]
	if handle == nil {
		a.Log.Warn("socket mode: unknown envelope", "type", e.Type)
		return answer{}, true
	}
	said, err := a.safely(ctx, handle, e.Payload)
	if err != nil {
		a.Log.Warn("slack request refused", "why", err, "type", e.Type)
	}
	return said, !errors.Is(err, errAgain) && !errors.Is(err, errBroken)
}

// acknowledge sends the answer; one that is too long for the socket goes another way right after.
func (a *App) acknowledge(ctx context.Context, s *socket, e envelope, said answer) {
	payload := said.body
	if !e.Answers {
		payload = nil
	}
	if len(payload)+len(e.ID)+100 >= socketAnswer {
		payload = said.short
		if said.whole != nil {
			defer a.after(ctx, "long answer", e.ID, said.whole)
		}
	}
	out := compact(struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload,omitempty"`
	}{e.ID, payload})
	s.write.Lock()
	defer s.write.Unlock()
	_ = s.conn.SetWriteDeadline(time.Now().Add(socketWrites)) // a broken connection shows in the write
	if err := s.conn.WriteMessage(websocket.TextMessage, out); err != nil {
		a.Log.Warn("socket mode: answer not sent", "event", e.ID, "error", err)
	}
}
