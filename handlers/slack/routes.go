package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"

	"tsunagi/handlers/door"
)

// maxBodies is what may be signed and in memory at once: as many of the largest views as there are turns.
const maxBodies = 16 << 20

// errMalformed says that a request makes no sense. It holds nothing of the request.
var errMalformed = errors.New("malformed request")

// errAgain says that Slack has to send the request again. https://docs.slack.dev/apis/events-api
var errAgain = errors.New("to be sent again")

// errBroken says that a fault of ours ended the request. It holds nothing of the request.
var errBroken = errors.New("a fault of ours")

// Commands is POST /slack/commands.
func (a *App) Commands() http.Handler { return a.route(a.commandForm) }

// Interactions is POST /slack/interactions.
func (a *App) Interactions() http.Handler { return a.route(a.interactionForm) }

// Events is POST /slack/events.
func (a *App) Events() http.Handler { return a.route(a.event) }

// route lets in what Slack has signed and answers within its time: 200 with what there is to say; 400, 401 and 413 to
// what Slack would not send; 500 after a fault of ours; 503 when there is no room, or when Slack has to send it again. What
// was begun is brought to its end even if Slack hangs up.
func (a *App) route(handle func(context.Context, []byte) (answer, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), answerWithin)
		defer cancel()
		body, leave, admitted := a.gate.Admit(w, r)
		if !admitted {
			return
		}
		defer leave()
		if unsigned(r.Header) { // a probe, which needs no more than 200
			return
		}
		if !a.turn(ctx) {
			door.Refuse(w, http.StatusServiceUnavailable)
			return
		}
		defer a.done()
		said, err := a.safely(ctx, handle, body)
		if err != nil {
			a.Log.Warn("slack request refused", "why", err, "path", r.URL.Path)
			door.Refuse(w, statusOf(err))
			return
		}
		write(w, said.body)
	})
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, errAgain):
		return http.StatusServiceUnavailable
	case errors.Is(err, errBroken):
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// safely keeps a fault of ours in one request from ending all others with the process.
func (a *App) safely(ctx context.Context, handle func(context.Context, []byte) (answer, error), body []byte) (said answer, err error) {
	defer a.recovered(func() { said, err = answer{}, errBroken })
	return handle(ctx, body)
}

// recovered, deferred, ends a panic. What it says may quote a person, so the log has only where it was.
func (a *App) recovered(then func()) {
	if fault := recover(); fault != nil {
		a.Log.Error("slack request panicked", "type", fmt.Sprintf("%T", fault), "stack", string(debug.Stack()))
		then()
	}
}

func write(w http.ResponseWriter, body []byte) {
	if body == nil {
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(body) // Slack has hung up; the person sees its error
}

// turn takes a place among the requests being handled.
func (a *App) turn(ctx context.Context) bool {
	select {
	case a.turns <- struct{}{}:
		return true
	case <-ctx.Done():
		a.Log.Error("slack request refused", "why", "too many at once")
		return false
	}
}

func (a *App) done() { <-a.turns }
