package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// platform is LINE as far as a load test needs it: it takes replies and pushes, gives each reply token one use, and
// counts. It judges no message; linesim does that.
type platform struct {
	current atomic.Pointer[tally]
	strays  atomic.Int64 // replies with a token that nobody was given
	ids     atomic.Int64 // of messages
	server  *http.Server
	url     string
}

// accessToken is the channel access token that calls must bring.
const accessToken = "bench-access-token"

func newPlatform() (*platform, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &platform{url: "http://" + l.Addr().String()}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}
	go p.server.Serve(l) //nolint:errcheck // ends with Close
	return p, nil
}

func (p *platform) close() { _ = p.server.Close() }

// ServeHTTP answers as api.line.me does.
func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	switch {
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
	case r.URL.Path == "/api/chat.postMessage": // Slack's, for the yardstick: the simulated workspace would cost too much
		w.Header()["Content-Type"] = []string{"application/json"}
		_, _ = w.Write([]byte(`{"ok":true,"channel":"C0DESK","ts":"1700000000.000100"}`))
	case r.Header.Get("Authorization") != "Bearer "+accessToken:
		p.refuse(w, http.StatusUnauthorized, "Authentication failed. Confirm that the access token in the authorization header is valid.")
	case r.URL.Path == "/v2/bot/message/reply":
		p.reply(w, body)
	case r.URL.Path == "/v2/bot/message/push":
		p.push(w, body)
	case r.URL.Path == "/v2/bot/chat/loading/start":
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte("{}"))
	case r.URL.Path == "/v2/bot/info":
		_, _ = w.Write([]byte(`{"userId":"` + botUser + `","basicId":"@bench","displayName":"Bench","chatMode":"bot","markAsReadMode":"auto"}`))
	default:
		p.refuse(w, http.StatusNotFound, "Not found")
	}
}

func (p *platform) refuse(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`{"message":"` + why + `"}`))
}

// reply gives each token one use.
func (p *platform) reply(w http.ResponseWriter, body []byte) {
	t := p.current.Load()
	var e *entry
	if t != nil {
		e = t.find(field(body, `"replyToken":"`))
	}
	switch {
	case e == nil:
		p.strays.Add(1)
		p.refuse(w, http.StatusBadRequest, "Invalid reply token")
	case !t.answer(e):
		p.refuse(w, http.StatusBadRequest, "Invalid reply token")
	default:
		p.sent(w)
	}
}

func (p *platform) push(w http.ResponseWriter, body []byte) {
	if field(body, `"to":"`) == "" {
		p.refuse(w, http.StatusBadRequest, "The property, 'to', in the request body is invalid")
		return
	}
	if t := p.current.Load(); t != nil {
		t.pushes.Add(1)
	}
	p.sent(w)
}

func (p *platform) sent(w http.ResponseWriter) {
	id := strconv.FormatInt(461230966842064897+p.ids.Add(1), 10)
	h := w.Header()
	h["Content-Type"] = []string{"application/json"}
	h["X-Line-Request-Id"] = []string{"5b59509c-c57b-11e9-aa8c-2a2ae2dbcce4"}
	_, _ = w.Write([]byte(`{"sentMessages":[{"id":"` + id + `","quoteToken":"IStG5h1Tz7b"}]}`))
}

// field reads a string of a JSON object without reading the object: the ids it is used for hold no escapes.
func field(body []byte, name string) string {
	_, rest, found := bytes.Cut(body, []byte(name))
	value, _, closed := bytes.Cut(rest, []byte{'"'})
	if !found || !closed {
		return ""
	}
	return string(value)
}
