package handlers

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"tsunagi/bot/outbox"
)

// Metrics counts what goes in and out. No label holds an id or a word of anybody.
type Metrics struct {
	requests   *prometheus.HistogramVec
	deliveries *prometheus.CounterVec
	waited     *prometheus.HistogramVec
	drafts     *prometheus.CounterVec
	due        *prometheus.CounterVec
	held       prometheus.Gauge
}

// NewMetrics makes the counters and enters them into the registry.
func NewMetrics(reg *prometheus.Registry) *Metrics {
	m := &Metrics{
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "tsunagi_request_seconds", Help: "Time to answer a request, by route and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
		}, []string{"route", "status"}),
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tsunagi_deliveries_total", Help: "Attempts to deliver, by platform, kind and outcome.",
		}, []string{"platform", "kind", "outcome"}),
		waited: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "tsunagi_delivery_wait_seconds", Help: "Time a delivery waited after it could have gone, by platform.",
			Buckets: []float64{.001, .005, .01, .05, .1, .5, 1, 5, 30, 120, 600},
		}, []string{"platform"}),
		drafts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tsunagi_drafts_left_total", Help: "Drafts that were left alone, by outcome: reminded, expired.",
		}, []string{"outcome"}),
		due: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tsunagi_proposals_due_total", Help: "Proposals whose date has come, by outcome: resumed, overdue.",
		}, []string{"outcome"}),
		held: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "tsunagi_deliveries_held", Help: "1 while all deliveries are held, since the database was restored from a backup; else 0.",
		}),
	}
	reg.MustRegister(m.requests, m.deliveries, m.waited, m.drafts, m.due, m.held, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Observe counts one attempt of the outbox.
func (m *Metrics) Observe(o outbox.Observation) {
	m.deliveries.WithLabelValues(string(o.Platform), o.Kind, o.Outcome).Inc()
	m.waited.WithLabelValues(string(o.Platform)).Observe(o.Waited.Seconds())
}

// LeftAlone counts what became of a draft that was left alone.
func (m *Metrics) LeftAlone(outcome string) { m.drafts.WithLabelValues(outcome).Inc() }

// Due counts what became of a proposal whose date has come.
func (m *Metrics) Due(outcome string) { m.due.WithLabelValues(outcome).Inc() }

// Held shows whether all deliveries are held.
func (m *Metrics) Held(all bool) {
	m.held.Set(0)
	if all {
		m.held.Set(1)
	}
}

// Count times the requests of a route.
func (m *Metrics) Count(route string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, s := time.Now(), &status{ResponseWriter: w, code: http.StatusOK}
		next.ServeHTTP(s, r)
		m.requests.WithLabelValues(route, strconv.Itoa(s.code)).Observe(time.Since(began).Seconds())
	})
}

// status remembers what was answered.
type status struct {
	http.ResponseWriter
	code int
}

// WriteHeader passes the status on and keeps it for the metrics.
func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// Unwrap leaves the connection in reach of http.ResponseController: a route bounds by it how long a body may take.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }
