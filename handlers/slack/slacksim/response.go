package slacksim

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// hook is a response_url: five uses within thirty minutes. What is posted there stands in the channel unless it names a thread
// itself, also when the message that was pressed has replies or is one; apps have been surprised by it:
// https://github.com/slackapi/bolt-js/issues/963
//
// https://docs.slack.dev/interactivity/handling-user-interaction#publishing_in_thread
type hook struct {
	id      string
	user    string
	channel string
	message string // ts of the message that was pressed, or of the last answer to a command
	command bool
	expires time.Time
	uses    int
}

// hookMessage is what an app posts to a response_url or answers to a command. Other fields are ignored, as SDKs
// send many.
type hookMessage struct {
	Text        string          `json:"text"`
	Blocks      json.RawMessage `json:"blocks"`
	Attachments json.RawMessage `json:"attachments"`
	Type        string          `json:"response_type"`
	Replace     bool            `json:"replace_original"`
	Delete      bool            `json:"delete_original"`
	Thread      string          `json:"thread_ts"`
	Unfurl      *bool           `json:"unfurl_links"`
	Media       *bool           `json:"unfurl_media"`
}

func (m hookMessage) empty() bool {
	return m.Text == "" && emptyList(m.Blocks) && emptyList(m.Attachments) && !m.Delete
}

func (m hookMessage) draft(s *Sim) (draft, *refusal) {
	d := draft{text: m.Text, hasText: m.Text != "", unfurls: m.Unfurl == nil || *m.Unfurl || m.Media == nil || *m.Media}
	if err := d.setBlocks(s, string(m.Blocks)); err != nil {
		return d, err
	}
	return d, d.setAttachments(string(m.Attachments))
}

// newHook makes a response_url; the caller holds the lock.
func (s *Sim) newHook(h hook) *hook {
	now := s.cfg.Now()
	if len(s.hooks) > 10_000 {
		maps.DeleteFunc(s.hooks, func(_ string, h *hook) bool { return now.After(h.expires) })
	}
	h.id = s.cfg.TeamID + "." + s.id("")
	h.expires = now.Add(hookLife)
	s.hooks[h.id] = &h
	return &h
}

// serveHook is a response_url. It asks for no token and heeds no posting rights.
func (s *Sim) serveHook(w http.ResponseWriter, r *http.Request) {
	fault := s.takeFault("response_url", "")
	if fault.before() {
		s.note(Entry{Kind: Called, Method: "response_url", Fault: string(fault.Kind)})
		s.misbehave(w, r, fault)
		return
	}
	said, err := readHook(w, r)
	status, code := http.StatusOK, ""
	if err != nil {
		status, code = http.StatusBadRequest, "invalid_payload"
	} else {
		status, code = s.useHook(r.PathValue("hook"), said)
	}
	e := Entry{Kind: Called, Method: "response_url", Status: status, Error: code}
	if fault != nil {
		e.Fault = string(fault.Kind)
		s.note(e)
		s.misbehave(w, r, fault)
		return
	}
	s.note(e)
	if code != "" {
		writeJSON(w, status, fmt.Sprintf(`{"ok":false,"error":%q}`, code))
		return
	}
	writeJSON(w, status, `{"ok":true}`)
}

func readHook(w http.ResponseWriter, r *http.Request) (hookMessage, error) {
	var said hookMessage
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return said, fmt.Errorf("read an answer to a response_url: %w", err)
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(raw))
		if err != nil {
			return said, fmt.Errorf("read an answer to a response_url: %w", err)
		}
		raw = []byte(form.Get("payload"))
	}
	return said, json.Unmarshal(raw, &said)
}

func (s *Sim) useHook(id string, said hookMessage) (int, string) {
	d, err := said.draft(s)
	if err != nil {
		return http.StatusBadRequest, err.code
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hooks[id]
	switch {
	case h == nil:
		return http.StatusNotFound, "invalid_url"
	case !s.cfg.Now().Before(h.expires):
		return http.StatusNotFound, "expired_url"
	case h.uses >= hookUses:
		return http.StatusNotFound, "used_url"
	case d.empty() && !said.Delete:
		return http.StatusBadRequest, "no_text"
	}
	h.uses++
	if said.Delete {
		s.deleteOriginal(h)
		return http.StatusOK, ""
	}
	s.respond(h, d, said)
	return http.StatusOK, ""
}

// deleteOriginal does nothing for what a person typed: a command's own text cannot be deleted.
func (s *Sim) deleteOriginal(h *hook) {
	ch := s.channels[h.channel]
	m := ch.find(h.message)
	switch {
	case m == nil:
	case m.EphemeralTo != "":
		delete(ch.ephemeral, m.TS)
		s.note(Entry{Kind: Deleted, User: m.EphemeralTo, Channel: ch.id, TS: m.TS, ThreadTS: m.ThreadTS})
	default:
		s.erase(ch, m)
	}
}

// respond shows an answer: in place of the original, in the channel, or to the person alone. An ephemeral
// message stays ephemeral. The caller holds the lock.
func (s *Sim) respond(h *hook, d draft, said hookMessage) *Message {
	ch := s.channels[h.channel]
	if m := ch.find(h.message); said.Replace && m != nil {
		s.replace(ch, m, d)
		return m
	}
	thread := ""
	if strings.Contains(said.Thread, ".") && ch.byTS[said.Thread] != nil {
		thread = said.Thread
	}
	var m *Message
	if said.Type == "in_channel" {
		m = s.post(ch, d, thread, false)
	} else {
		m = s.whisper(ch, d, h.user, thread)
	}
	if h.command {
		h.message = m.TS
	}
	return m
}

func (s *Sim) replace(ch *channel, m *Message, d draft) {
	if m.EphemeralTo == "" {
		s.change(ch, m, d)
		return
	}
	m.Blocks, m.Attachments, m.Unfurls = d.blocks, d.attachments, d.unfurls
	m.setText(d.text)
	m.Mentions = FindMentions(m.Text, m.Blocks, m.Attachments)
	s.noteMessage(Ephemeral, m, nil)
}
