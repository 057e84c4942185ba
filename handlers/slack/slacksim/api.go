package slacksim

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// object is a JSON object on its way out.
type object = map[string]any

// call is one call of the Web API, however its arguments were written.
type call struct {
	method string
	token  string
	args   map[string]string // JSON arguments that are not strings are kept as JSON text
	base   string
}

func (c *call) arg(name string) string { return c.args[name] }

func (c *call) flag(name string) bool { return c.args[name] == "true" || c.args[name] == "1" }

// maxBody is more than any well-formed call needs; Slack's own bound is not published.
const maxBody = 4 << 20

// refusal is an answer with "ok": false.
type refusal struct {
	code       string
	messages   []string
	needed     string
	retryAfter int // seconds; with code "ratelimited"
}

// Error is Slack's code.
func (r *refusal) Error() string { return r.code }

func refuse(code string, messages ...string) *refusal {
	return &refusal{code: code, messages: messages}
}

// serveAPI answers one call: fault, token, scope, rate, then the method itself.
func (s *Sim) serveAPI(w http.ResponseWriter, r *http.Request) {
	c, err := s.parseCall(w, r)
	if err != nil {
		s.note(Entry{Kind: Called, Method: c.method, Error: err.code})
		s.write(w, c, nil, err)
		return
	}
	fault := s.takeFault(c.method, c.arg("channel"))
	if fault.before() {
		s.note(s.callEntry(c, nil, nil, fault))
		s.misbehave(w, r, fault)
		return
	}
	answer, refused := s.run(c)
	s.note(s.callEntry(c, answer, refused, fault))
	if fault != nil {
		s.misbehave(w, r, fault)
		return
	}
	s.write(w, c, answer, refused)
}

func (s *Sim) run(c *call) (object, *refusal) {
	m, known := s.methods[c.method]
	if !known {
		return nil, refuse("unknown_method")
	}
	if err := s.authorize(c, m); err != nil {
		return nil, err
	}
	if err := s.spend(c, m); err != nil {
		return nil, err
	}
	return m.run(s, c)
}

func (s *Sim) callEntry(c *call, answer object, err *refusal, f *Fault) Entry {
	e := Entry{
		Kind: Called, Method: c.method, Channel: c.arg("channel"), TS: c.arg("ts"), ThreadTS: c.arg("thread_ts"),
		View: c.arg("view_id"), User: c.arg("user"),
	}
	if ts, ok := answer["ts"].(string); ok {
		e.TS = ts
	}
	if err != nil {
		e.Error = err.code
	}
	if f != nil {
		e.Fault = string(f.Kind)
	}
	return e
}

func (s *Sim) parseCall(w http.ResponseWriter, r *http.Request) (*call, *refusal) {
	c := &call{method: r.PathValue("method"), args: map[string]string{}, base: s.base(r)}
	for name, values := range r.URL.Query() {
		c.args[name] = values[0]
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := c.readBody(r); err != nil {
		return c, err
	}
	c.token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if c.token == "" {
		c.token = c.args["token"]
	}
	return c, nil
}

func (c *call) readBody(r *http.Request) *refusal {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		return c.readJSON(r)
	case "application/x-www-form-urlencoded", "multipart/form-data", "":
		if r.ParseMultipartForm(maxBody) != nil && r.PostForm == nil {
			return refuse("invalid_form_data")
		}
		for name, values := range r.PostForm {
			c.args[name] = values[0]
		}
		return nil
	}
	return refuse("invalid_post_type")
}

func (c *call) readJSON(r *http.Request) *refusal {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return refuse("request_timeout")
	}
	if len(strings.TrimSpace(string(raw))) == 0 {
		return nil
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return refuse("invalid_json")
	}
	for name, value := range fields {
		c.args[name] = argument(value)
	}
	return nil
}

// argument is a JSON value written as a form would write it.
func argument(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text // also for null
	}
	return string(value)
}

func (s *Sim) write(w http.ResponseWriter, c *call, answer object, err *refusal) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-OAuth-Scopes", strings.Join(s.cfg.Scopes, ","))
	status := http.StatusOK
	if err != nil {
		answer = s.refused(c, err)
		if err.retryAfter > 0 {
			status = http.StatusTooManyRequests
			h.Set("Retry-After", strconv.Itoa(err.retryAfter))
		}
		if err.needed != "" {
			h.Set("X-Accepted-OAuth-Scopes", err.needed)
		}
	} else {
		answer["ok"] = true
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // the client may be gone; nothing is left to do
}

func (s *Sim) refused(c *call, err *refusal) object {
	answer := object{"ok": false, "error": err.code}
	if len(err.messages) > 0 {
		answer["response_metadata"] = object{"messages": err.messages}
		answer["errors"] = plainMessages(err.messages)
	}
	if err.needed != "" {
		answer["needed"], answer["provided"] = err.needed, strings.Join(s.cfg.Scopes, ",")
	}
	if err.code == "unknown_method" {
		answer["req_method"] = c.method
	}
	return answer
}

// plainMessages are the same complaints as Slack repeats them under "errors".
func plainMessages(messages []string) []string {
	var list []string
	for _, m := range messages {
		list = append(list, strings.TrimPrefix(m, "[ERROR] "))
	}
	return list
}

// required reads an argument that the method cannot do without.
func (c *call) required(name string) (string, *refusal) {
	if v := c.args[name]; v != "" {
		return v, nil
	}
	return "", refuse("invalid_arguments", fmt.Sprintf("[ERROR] missing required field: %s", name))
}

// number reads a whole number between low and high, or gives the default.
func (c *call) number(name string, low, high, otherwise int) (int, *refusal) {
	if c.args[name] == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(c.args[name])
	if err != nil || n < low || n > high {
		return 0, refuse("invalid_limit")
	}
	return n, nil
}

// hang keeps the client waiting until it gives up or the workspace shuts down.
func (s *Sim) hang(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-s.life.Done():
	}
}
