package linesim

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A request may have 2 MB. https://developers.line.biz/en/reference/messaging-api/#status-codes
const maxBody = 2 << 20

// call is one API call under way.
type call struct {
	*Sim
	r        *http.Request
	route    *route
	id       string // X-Line-Request-Id
	now      time.Time
	body     []byte
	retryKey string
}

// answer is what the platform says to a call.
type answer struct {
	status      int
	body        []byte
	contentType string // JSON when empty
	acceptedID  string // X-Line-Accepted-Request-Id
	reason      string // of a refusal
	recorded    bool   // the endpoint has put its own entries on record
}

// empty is the body of an answer that has nothing to say.
const empty = "{}"

func ok() answer { return answer{status: 200, body: []byte(empty)} }

// reply200 answers with v as JSON.
func reply200(v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		return refuse(500, "Internal Server Error")
	}
	return answer{status: 200, body: body}
}

// refuse makes an error answer in LINE's form.
// https://developers.line.biz/en/reference/messaging-api/#error-responses
func refuse(status int, message string, details ...fault) answer {
	body, _ := json.Marshal(struct { // strings only: cannot fail
		Message string  `json:"message"`
		Details []fault `json:"details,omitempty"`
	}{message, details})
	return answer{status: status, body: body, reason: message}
}

// handler leads every call through the same steps.
func (s *Sim) handler(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{Sim: s, r: r, route: &rt, id: s.ids.uuid(), now: s.cfg.Now()}
		c.retryKey = r.Header.Get("X-Line-Retry-Key")
		no := c.read()
		deed := s.takeFault(r.Method, r.URL.Path)
		if deed != nil && !deed.Do.applies() {
			s.misbehave(w, c, deed)
			return
		}
		a := no
		if a == nil {
			done := c.admitted()
			a = &done
		}
		c.note(a)
		if deed != nil {
			s.misbehave(w, c, deed)
			return
		}
		c.write(w, a)
	})
}

// admitted answers a call that could be read: it is let in, or told why not.
func (c *call) admitted() answer {
	if no := c.admit(); no != nil {
		return *no
	}
	return c.route.serve(c)
}

// read takes in the body, so that the server notices when the caller hangs up. It returns a refusal, or nil.
func (c *call) read() *answer {
	if c.r.Body == nil {
		return nil
	}
	body, err := readAll(http.MaxBytesReader(nil, c.r.Body, maxBody), c.r.ContentLength)
	c.body = body
	if err == nil {
		return nil
	}
	no := refuse(400, "The request body could not be read")
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		no = refuse(413, "Request exceeds the max size of 2MB")
	}
	return &no
}

// readAll reads into a slice of the announced length.
func readAll(r io.Reader, length int64) ([]byte, error) {
	if length <= 0 || length > maxBody {
		return io.ReadAll(r)
	}
	b := make([]byte, length)
	n, err := io.ReadFull(r, b)
	return b[:n], err
}

// admit checks what concerns every endpoint: token, rate, retry key, content type.
func (c *call) admit() *answer {
	if no := c.authorize(); no != nil {
		return no
	}
	if !c.allow() {
		no := refuse(429, "The API rate limit has been exceeded. Try again later.")
		return &no
	}
	if c.retryKey != "" && !c.route.keyed && !c.route.open {
		no := refuse(400, "The X-Line-Retry-Key header is not supported by this endpoint")
		return &no
	}
	if kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); c.route.json && kind != "application/json" {
		no := refuse(415, "The content type, "+c.r.Header.Get("Content-Type")+", is not supported")
		return &no
	}
	return nil
}

func (c *call) authorize() *answer {
	if c.route.open {
		return nil
	}
	token, found := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if found && c.knows(token) {
		return nil
	}
	reason := "invalid token"
	if !found {
		reason = "missing token"
	}
	no := refuse(401, "Authentication failed due to the following reason: "+reason+
		". Confirm that the access token in the authorization header is valid.")
	return &no
}

func (c *call) knows(token string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	end, issued := c.issued[token]
	return token != "" && (token == c.cfg.AccessToken || issued && c.now.Before(end))
}

// json reads the body as one JSON object.
func (c *call) json() (*node, *answer) {
	n, bad := parse(c.body)
	if bad != nil {
		no := refuse(400, bad.message())
		return nil, &no
	}
	if n.kind != object {
		no := refuse(400, (&badJSON{1, 1}).message())
		return nil, &no
	}
	return n, nil
}

// note puts the call on record, unless the endpoint did.
func (c *call) note(a *answer) {
	if a.recorded {
		return
	}
	e := c.entry(Called)
	e.Status = a.status
	if a.status >= 400 {
		e.Kind, e.Reason, e.Answer = Refused, a.reason, a.body
		if json.Valid(c.body) {
			e.Message = c.body
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(e)
}

// entry begins an entry about this call.
func (c *call) entry(k Kind) Entry {
	return Entry{Kind: k, Time: c.now, Method: c.r.Method, Path: c.r.URL.Path, Status: 200, RequestID: c.id, RetryKey: c.retryKey}
}

func (c *call) write(w http.ResponseWriter, a *answer) {
	h := w.Header()
	h["X-Line-Request-Id"] = []string{c.id}
	if a.acceptedID != "" {
		h["X-Line-Accepted-Request-Id"] = []string{a.acceptedID}
	}
	kind := a.contentType
	if kind == "" {
		kind = "application/json"
	}
	h["Content-Type"] = []string{kind}
	h["Content-Length"] = []string{strconv.Itoa(len(a.body))}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a caller that is gone learns nothing
}
