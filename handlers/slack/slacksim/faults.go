package slacksim

import (
	"net/http"
	"strconv"
	"time"
)

// FaultKind is one way for the platform to misbehave.
type FaultKind string

// Faults of the Web API, the upload address and response_urls.
const (
	TooMany          FaultKind = "429"                // status 429, with Retry-After when the fault has one
	RateLimited      FaultKind = "ratelimited"        // status 200 with the error ratelimited
	ServerError      FaultKind = "500"                // status 500, nothing done
	Timeout          FaultKind = "timeout"            // no answer, nothing done
	ApplyThenFail    FaultKind = "apply-then-fail"    // done, then status 500
	ApplyThenTimeout FaultKind = "apply-then-timeout" // done, then no answer
	MalformedJSON    FaultKind = "malformed"          // done, then an answer that is cut short
	Refuse           FaultKind = "refuse"             // status 200 with the fault's Error, nothing done
)

// Faults of events on their way to the app. Name the event's type, as "message", in Method.
const (
	Duplicate FaultKind = "duplicate" // delivered twice with the same id
	Reorder   FaultKind = "reorder"   // held back until the next event has been delivered
	Drop      FaultKind = "drop"      // never delivered
)

// Fault is one planned misbehaviour.
type Fault struct {
	Kind       FaultKind     `json:"kind"`
	Method     string        `json:"method,omitempty"`  // API method, "upload", "response_url" or event type; empty for any
	Channel    string        `json:"channel,omitempty"` // only calls for this channel; empty for any
	Times      int           `json:"times,omitempty"`   // how often; 0 is once, negative until Behave
	RetryAfter time.Duration `json:"retry_after,omitempty"`
	Error      string        `json:"error,omitempty"`
}

// Misbehave plans a fault. Faults of the same sort are used up in the order they were planned.
func (s *Sim) Misbehave(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults = append(s.faults, &f)
}

// Behave forgets all planned faults and the history lag.
func (s *Sim) Behave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.lag = nil, 0
}

// SetHistoryLag makes conversations.history and .replies blind for what is newer than d.
func (s *Sim) SetHistoryLag(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lag = d
}

// takeFault uses up the first fault planned for this call, if any.
func (s *Sim) takeFault(method, channel string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.takeFaultLocked(method, channel, func(k FaultKind) bool { return !k.ofEvents() })
}

func (s *Sim) takeFaultLocked(method, channel string, ok func(FaultKind) bool) *Fault {
	for i, f := range s.faults {
		if !ok(f.Kind) || (f.Method != "" && f.Method != method) || (f.Channel != "" && f.Channel != channel) {
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		if f.Times == 0 {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
		}
		return f
	}
	return nil
}

func (k FaultKind) ofEvents() bool { return k == Duplicate || k == Reorder || k == Drop }

// before reports whether the fault strikes before anything is done.
func (f *Fault) before() bool {
	if f == nil {
		return false
	}
	switch f.Kind {
	case ApplyThenFail, ApplyThenTimeout, MalformedJSON:
		return false
	}
	return true
}

// misbehave answers as the fault says.
func (s *Sim) misbehave(w http.ResponseWriter, r *http.Request, f *Fault) {
	switch f.Kind {
	case Timeout, ApplyThenTimeout:
		s.hang(r.Context())
		cut(w)
	case ServerError, ApplyThenFail:
		http.Error(w, "<html>Server Error</html>", http.StatusInternalServerError)
	case TooMany:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
		}
		writeJSON(w, http.StatusTooManyRequests, `{"ok":false,"error":"ratelimited"}`)
	case RateLimited:
		writeJSON(w, http.StatusOK, `{"ok":false,"error":"ratelimited"}`)
	case MalformedJSON:
		writeJSON(w, http.StatusOK, `{"ok":true,"channel":"C0`)
	case Refuse:
		writeJSON(w, http.StatusOK, `{"ok":false,"error":`+strconv.Quote(f.Error)+`}`)
	}
}

// cut ends the connection without an answer.
func cut(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close() // nothing was promised on it
	}
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body)) // the client may be gone
}
