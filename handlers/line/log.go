package line

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// LINE keeps no logs for its customers: who asks its support about a call must know its request id.
// https://developers.line.biz/en/docs/messaging-api/development-guidelines/#save-logs
const requestID = "X-Line-Request-Id"

// logged writes one line per call, with ids only; at the level of debugging when all went well with a call of which the
// outbox logs how it went.
type logged struct {
	http.RoundTripper
	log *slog.Logger
}

// RoundTrip makes the call and logs how it ended.
func (l logged) RoundTrip(r *http.Request) (*http.Response, error) {
	begun := time.Now()
	res, err := l.RoundTripper.RoundTrip(r)
	level, status, id := levelOf(r.Context()), 0, ""
	if res != nil {
		status, id = res.StatusCode, res.Header.Get(requestID)
	}
	if err != nil || status >= 400 {
		level = slog.LevelWarn
	}
	l.log.LogAttrs(r.Context(), level, "line call",
		slog.String("event", eventOf(r.Context())), slog.String("method", r.Method), slog.String("path", r.URL.Path),
		slog.Int("status", status), slog.String("request", id), slog.Duration("took", time.Since(begun)))
	return res, err
}

type (
	eventKey    struct{}
	reportedKey struct{}
)

// reported marks the calls made with a context as ones whose outcome and request id the outbox logs.
func reported(ctx context.Context) context.Context {
	return context.WithValue(ctx, reportedKey{}, true)
}

func levelOf(ctx context.Context) slog.Level {
	if ctx.Value(reportedKey{}) != nil {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// about marks the calls made with a context as caused by an event, for the log.
func about(ctx context.Context, event string) context.Context {
	return context.WithValue(ctx, eventKey{}, event)
}

func eventOf(ctx context.Context) string {
	id, _ := ctx.Value(eventKey{}).(string)
	return id
}
