package playground

import (
	"context"
	"slices"
	"time"

	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/slack/slacksim"
)

// flushRedis happens once; all other faults stay until they are switched off.
const flushRedis = "redis_flush"

// faultIDs are the ways to break the network, in the order in which the page shows them.
func faultIDs() []string {
	return []string{
		"line_429", "line_500", "line_timeout", "line_apply_fail",
		"slack_429", "slack_500", "slack_timeout", "slack_apply_fail", "duplicate_events", flushRedis,
	}
}

// retryAfter is what a crowded Slack asks for.
const retryAfter = 5 * time.Second

// Fault breaks the network between the platforms and the application, or mends it.
func (c *Console) Fault(ctx context.Context, do FaultDo) error {
	r := c.touch()
	defer c.notice()
	if do.ID == flushRedis {
		return r.Flush(ctx)
	}
	if !slices.Contains(faultIDs(), do.ID) {
		return Refuse("unknown")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults[do.ID] = do.On
	r.misbehave(c.faults)
	return nil
}

// misbehave makes the platforms go wrong in all the ways that are on.
func (w *World) misbehave(on map[string]bool) {
	w.Line.Behave()
	w.Slack.Behave()
	for id, how := range map[string]linesim.Deed{
		"line_429": linesim.Fail429Rate, "line_500": linesim.Fail500, "line_timeout": linesim.Timeout,
		"line_apply_fail": linesim.ApplyThenFail,
	} {
		if on[id] {
			w.Line.Misbehave(linesim.Fault{Do: how, Method: "POST", Path: "/v2/bot/message/*", Times: -1})
		}
	}
	for id, how := range map[string]slacksim.FaultKind{
		"slack_429": slacksim.TooMany, "slack_500": slacksim.ServerError, "slack_timeout": slacksim.Timeout,
		"slack_apply_fail": slacksim.ApplyThenFail,
	} {
		if on[id] {
			w.Slack.Misbehave(slacksim.Fault{Kind: how, Times: -1, RetryAfter: retryAfter})
		}
	}
	if on["duplicate_events"] {
		w.Line.Misbehave(linesim.Fault{Do: linesim.Duplicate, Times: -1})
		w.Slack.Misbehave(slacksim.Fault{Kind: slacksim.Duplicate, Times: -1})
	}
}
