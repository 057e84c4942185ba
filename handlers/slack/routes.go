package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"
)

// maxBody is above what Slack sends; a view has 250 kB at most.
const maxBody = 1 << 20

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
		body, status := a.admit(w, r)
		if status != 0 {
			refuse(w, status)
			return
		}
		if !a.turn(ctx) {
			refuse(w, http.StatusServiceUnavailable)
			return
		}
		defer a.done()
		said, err := a.safely(ctx, handle, body)
		if err != nil {
			a.Log.Warn("slack request refused", "why", err, "path", r.URL.Path)
			refuse(w, statusOf(err))
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

// admit reads the body and verifies its signature. A status other than 0 is the refusal. A probe of the certificate
// comes unsigned and has no effect.
func (a *App) admit(w http.ResponseWriter, r *http.Request) ([]byte, int) {
	body, err := read(w, r)
	if err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return nil, http.StatusRequestEntityTooLarge
		}
		return nil, http.StatusBadRequest
	}
	if !signed(r.Header, body, a.SigningSecret.Reveal(), a.Now()) {
		if r.Header.Get("X-Slack-Signature") == "" && probe(body) {
			return nil, http.StatusOK
		}
		a.Log.Warn("slack request refused", "why", "signature does not match", "path", r.URL.Path)
		return nil, http.StatusUnauthorized
	}
	return body, 0
}

// probe reports whether Slack only tries the certificate.
// https://docs.slack.dev/interactivity/implementing-slash-commands
func probe(body []byte) bool {
	form, err := url.ParseQuery(string(body))
	return err == nil && form.Get("ssl_check") == "1"
}

// read takes in the whole body; who sends slowly must not fill the house.
func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	conn := http.NewResponseController(w)
	if conn.SetReadDeadline(time.Now().Add(answerWithin)) == nil {
		defer func() { _ = conn.SetReadDeadline(time.Time{}) }()
	}
	return io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
}

func refuse(w http.ResponseWriter, status int) {
	if status == http.StatusOK {
		return
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	http.Error(w, http.StatusText(status), status)
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
