package linesim

import (
	"net/http"
	glob "path"
	"slices"
)

// Deed is what goes wrong.
type Deed string

// Faults of API calls. Those that begin with Apply do what was asked and only then go wrong.
const (
	Fail429Rate      Deed = "429-rate"
	Fail429Quota     Deed = "429-quota"
	Fail500          Deed = "500"
	FailStatus       Deed = "status"  // answer Fault.Status with Fault.Message
	Timeout          Deed = "timeout" // no answer until the caller hangs up
	Hangup           Deed = "hang-up" // the connection breaks at once
	Answer202        Deed = "202"     // accepted, with an empty body: content that is not ready
	ApplyThenFail    Deed = "apply, then 500"
	ApplyThenTimeout Deed = "apply, then timeout"
	ApplyThenHangup  Deed = "apply, then hang-up"
)

// Faults of webhooks.
const (
	Duplicate  Deed = "duplicate"   // the event arrives twice
	Reorder    Deed = "reorder"     // the event waits until the next one has arrived
	Drop       Deed = "drop"        // the event does not arrive; Redeliver brings it
	LoseAnswer Deed = "lose-answer" // the event arrives but counts as failed; Redeliver brings it again
)

// Fault says when something goes wrong. Faults are tried in the order in which they were given; the first that matches
// is used up.
type Fault struct {
	Do      Deed
	Method  string // of the API call; empty is any
	Path    string // of the API call, as for path.Match; empty is any
	Person  string // of the webhook; empty is any
	Skip    int    // let so many pass first
	Times   int    // how often; 0 is once, below 0 always
	Status  int    // for FailStatus
	Message string // for FailStatus
}

// Misbehave makes the platform go wrong as f says.
func (s *Sim) Misbehave(f Fault) {
	if f.Times == 0 {
		f.Times = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// Behave ends all misbehaviour. Events that were held back for Reorder wait for the next event or for Redeliver.
func (s *Sim) Behave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

func (d Deed) applies() bool {
	return d == ApplyThenFail || d == ApplyThenTimeout || d == ApplyThenHangup
}

func (d Deed) ofWebhooks() bool {
	return d == Duplicate || d == Reorder || d == Drop || d == LoseAnswer
}

// takeFault finds the fault that meets an API call.
func (s *Sim) takeFault(method, p string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.take(func(f *Fault) bool {
		return !f.Do.ofWebhooks() && (f.Method == "" || f.Method == method) && matches(f.Path, p)
	})
}

// takeWebhookFault finds the fault that meets an event. The lock is held.
func (s *Sim) takeWebhookFault(person string) Deed {
	f := s.take(func(f *Fault) bool { return f.Do.ofWebhooks() && (f.Person == "" || f.Person == person) })
	if f == nil {
		return ""
	}
	return f.Do
}

func (s *Sim) take(fits func(f *Fault) bool) *Fault {
	for i, f := range s.faults {
		if !fits(f) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		if f.Times--; f.Times == 0 {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		return f
	}
	return nil
}

func matches(pattern, p string) bool {
	if pattern == "" || pattern == p {
		return true
	}
	ok, err := glob.Match(pattern, p)
	return ok && err == nil
}

// misbehave answers as the fault says, or not at all.
func (s *Sim) misbehave(w http.ResponseWriter, c *call, f *Fault) {
	a := f.answer()
	e := c.entry(Failed)
	e.Status, e.Reason = a.status, string(f.Do)
	s.mu.Lock()
	s.add(e)
	s.mu.Unlock()
	switch f.Do {
	case Timeout, ApplyThenTimeout:
		s.hang(c.r)
	case Hangup, ApplyThenHangup:
		breakOff()
	default:
		c.write(w, &a)
	}
}

func (f *Fault) answer() answer {
	switch f.Do {
	case Fail429Rate:
		return refuse(429, "The API rate limit has been exceeded. Try again later.")
	case Fail429Quota:
		return refuse(429, "You have reached your monthly limit.")
	case Fail500, ApplyThenFail:
		return refuse(500, "Internal Server Error")
	case FailStatus:
		return refuse(f.Status, f.Message)
	case Answer202:
		return answer{status: 202}
	}
	return answer{}
}

// hang gives no answer until the caller goes away or the simulator is closed.
func (s *Sim) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.life.Done():
	}
	breakOff()
}

// breakOff is how a handler closes a connection without an answer; the server takes this panic for just that.
func breakOff() { panic(http.ErrAbortHandler) }
