// Package playground is one browser page in which a company's phone stands beside the city's Slack workspace, over the
// two simulators: who presses a button there sends what the platforms would send, and sees what went over the wire.
//
// The package serves the page and carries the page's wishes to a Backend; what there is to see comes from a Feed that
// the backend fills. World is both platforms, simulated, with people on them; Demo starts the ordinary program in it. It
// never changes a fact of the desk itself, never talks to the real platforms, and is not part of serve. Begin reading at
// Handler for the page, at Demo for the world; the page's source is in web, what is served in dist, made by bundle.
package playground

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// maxBody bounds a request: a file of 21 MB, so that one too large can be tried, grows by a third in base64.
const maxBody = 32 << 20

// Backend does what the page asks for. An error made by Refuse is shown to the one who pressed; any other is a fault.
type Backend interface {
	Line(ctx context.Context, do LineDo) error
	Slack(ctx context.Context, do SlackDo) error
	Clock(ctx context.Context, do ClockDo) error
	Fault(ctx context.Context, do FaultDo) error
	Story(ctx context.Context, do StoryDo) error
}

// Handler serves everything below /playground/: the page, what there is to see, and what can be done.
func Handler(backend Backend, feed *Feed) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /playground", http.RedirectHandler("/playground/", http.StatusFound))
	mux.Handle("GET /playground/", Page())
	mux.HandleFunc("GET /playground/state", feed.state)
	mux.HandleFunc("GET /playground/stream", feed.stream)
	mux.HandleFunc("POST /playground/line", ask(backend.Line))
	mux.HandleFunc("POST /playground/slack", ask(backend.Slack))
	mux.HandleFunc("POST /playground/clock", ask(backend.Clock))
	mux.HandleFunc("POST /playground/fault", ask(backend.Fault))
	mux.HandleFunc("POST /playground/story", ask(backend.Story))
	return byAddress(http.NewCrossOriginProtection().Handler(mux))
}

// refusal is an error that the page words for the one who pressed.
type refusal struct{ answer }

// Error is what was refused, and why.
func (r refusal) Error() string { return strings.TrimSpace(r.answer.Error + " " + r.Why) }

// Refuse makes an error that the page shows by its texts refused.*, in the language chosen there; what has no text is shown as
// it is. why, if given, says more.
func Refuse(key string, why ...string) error { return refusal{answer{key, strings.Join(why, " ")}} }

// answer is empty when all is well.
type answer struct {
	Error string `json:"error,omitempty"`
	Why   string `json:"why,omitempty"`
}

// ask decodes one wish, has it done, and answers {} or {"error": key or words}.
func ask[T any](do func(context.Context, T) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var wish T
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&wish); err != nil {
			reply(w, http.StatusBadRequest, answer{Error: fmt.Sprintf("the request could not be read: %v", err)})
			return
		}
		err := do(r.Context(), wish)
		var refused refusal
		switch {
		case err == nil:
			reply(w, http.StatusOK, answer{})
		case errors.As(err, &refused):
			reply(w, http.StatusOK, refused.answer)
		default:
			reply(w, http.StatusInternalServerError, answer{Error: err.Error()})
		}
	}
}

func reply(w http.ResponseWriter, status int, a answer) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// A browser that has gone away needs no answer.
	_ = json.NewEncoder(w).Encode(a)
}
