// Package handlers is the front door: all public routes in one function, health, and metrics; and what runs in one process,
// so that it ends gracefully.
//
// It never parses what a platform sends; that is handlers/line and handlers/slack. Begin reading with Routes.
package handlers

import (
	"context"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Public is what the public routes lead to. The three of Slack are nil in Socket Mode, where nothing comes over HTTP.
type Public struct {
	LineWebhook       http.Handler
	SlackCommands     http.Handler
	SlackInteractions http.Handler
	SlackEvents       http.Handler
	Ready             func(context.Context) error // what is missing before traffic may come; nil error: nothing
	Now               func() time.Time
}

// Routes is the table of contents of what the world can reach.
func Routes(p Public, m *Metrics) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /line/webhook", m.Count("line/webhook", p.LineWebhook))
	if p.SlackCommands != nil {
		mux.Handle("POST /slack/commands", m.Count("slack/commands", p.SlackCommands))
		mux.Handle("POST /slack/interactions", m.Count("slack/interactions", p.SlackInteractions))
		mux.Handle("POST /slack/events", m.Count("slack/events", p.SlackEvents))
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.Handle("GET /readyz", &ready{check: p.Ready, now: p.Now})
	return collected(mux)
}

// collectedWithin is how long an answer may lie on its way: who never reads it would keep its connection for good.
const collectedWithin = time.Minute

func collected(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(collectedWithin)) // only tests answer over what has none
		next.ServeHTTP(w, r)
	})
}

// Admin is what only the machine's keeper can reach: metrics and profiles.
func Admin(reg *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}
