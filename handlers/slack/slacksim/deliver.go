package slacksim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// request is something for the app: a command, an interaction or an event, before it is put on a wire.
type request struct {
	kind    string // slash_commands, interactive or events_api, as Socket Mode names them
	what    string // what the record calls it
	user    string
	payload object
	event   string // event id
	attempt int    // retries before this one
	reason  string // why it is sent again
	answers bool   // the answer may carry content
}

// answer is what the app said.
type answer struct {
	status  int
	body    []byte
	header  http.Header
	problem string // operation_timeout, dispatch_failed; empty when the app acknowledged
	reason  string // x-slack-retry-reason for the next attempt
}

// send delivers a request over whichever wire the app uses, and records it.
func (s *Sim) send(ctx context.Context, req request) answer {
	ctx, cancel := context.WithTimeout(ctx, s.ackTimeout())
	defer cancel()
	var a answer
	if s.cfg.SocketMode {
		a = s.sendSocket(ctx, req)
	} else {
		a = s.sendHTTP(ctx, req)
	}
	s.note(Entry{
		Kind: Sent, Method: req.what, User: req.user, Event: req.event, Attempt: req.attempt,
		Status: a.status, Error: a.problem,
	})
	return a
}

func (s *Sim) sendHTTP(ctx context.Context, req request) answer {
	to, body, kind, err := s.encode(req)
	if err != nil {
		return answer{problem: "dispatch_failed", reason: "unknown_error"}
	}
	if to == "" {
		return answer{problem: "dispatch_failed", reason: "connection_failed"}
	}
	h := http.Header{"Content-Type": {kind}, "User-Agent": {"Slackbot 1.0 (+https://api.slack.com/robots)"}}
	if req.attempt > 0 {
		h.Set("X-Slack-Retry-Num", strconv.Itoa(req.attempt))
		h.Set("X-Slack-Retry-Reason", req.reason)
	}
	return s.postSigned(ctx, to, body, h)
}

// encode writes the request as Slack does over HTTP: commands as a form, interactions as a form with one field,
// events as JSON.
func (s *Sim) encode(req request) (to string, body []byte, kind string, err error) {
	const form = "application/x-www-form-urlencoded"
	s.mu.Lock()
	cfg := s.cfg
	s.mu.Unlock()
	if req.kind == "slash_commands" {
		values := url.Values{}
		for name, v := range req.payload {
			values.Set(name, fmt.Sprint(v))
		}
		return cfg.CommandsURL, []byte(values.Encode()), form, nil
	}
	raw, err := json.Marshal(req.payload)
	if err != nil {
		return "", nil, "", fmt.Errorf("encode %s: %w", req.what, err)
	}
	if req.kind == "interactive" {
		return cfg.InteractionsURL, []byte(url.Values{"payload": {string(raw)}}.Encode()), form, nil
	}
	return cfg.EventsURL, raw, "application/json", nil
}

// postSigned posts a signed body and waits for the acknowledgement as long as the context lives.
func (s *Sim) postSigned(ctx context.Context, to string, body []byte, h http.Header) answer {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return answer{problem: "dispatch_failed", reason: "unknown_error"}
	}
	r.Header = h
	stamp := strconv.FormatInt(s.cfg.Now().Unix(), 10)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", Sign(s.cfg.SigningSecret, stamp, body))
	resp, err := s.client.Do(r)
	if err != nil {
		return failed(err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return failed(err)
	}
	a := answer{status: resp.StatusCode, body: got, header: resp.Header}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		a.problem, a.reason = "dispatch_failed", "http_error"
	}
	return a
}

func failed(err error) answer {
	if errors.Is(err, context.DeadlineExceeded) {
		return answer{problem: "operation_timeout", reason: "http_timeout"}
	}
	if errors.Is(err, errRedirects) {
		return answer{problem: "dispatch_failed", reason: "too_many_redirects"}
	}
	return answer{problem: "dispatch_failed", reason: "connection_failed"}
}

// errRedirects says that the app sent Slack on more than twice.
const errRedirects = Refusal("too many redirects")

func twoRedirects(_ *http.Request, via []*http.Request) error {
	if len(via) > 2 {
		return errRedirects
	}
	return nil
}

// Sign makes the value of X-Slack-Signature for a body sent at a Unix time.
//
// https://docs.slack.dev/authentication/verifying-requests-from-slack
func Sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte("v0:" + timestamp + ":")) // a hash never fails
	_, _ = mac.Write(body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// Forged is a request that no client of Slack would make, for tests of what the app refuses.
type Forged struct {
	To     string // the app's address
	Body   []byte
	Header http.Header // Content-Type and the like; a signature here replaces the right one
}

// Forge posts a request of any content to the app, rightly signed unless its headers say otherwise, and returns
// the status of the answer and its body.
func (s *Sim) Forge(ctx context.Context, f Forged) (int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, f.To, bytes.NewReader(f.Body))
	if err != nil {
		return 0, nil, fmt.Errorf("forge a request to %s: %w", f.To, err)
	}
	stamp := strconv.FormatInt(s.cfg.Now().Unix(), 10)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", Sign(s.cfg.SigningSecret, stamp, f.Body))
	for name, values := range f.Header {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	resp, err := s.client.Do(r)
	if err != nil {
		return 0, nil, fmt.Errorf("forge a request to %s: %w", f.To, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	return resp.StatusCode, body, err
}
