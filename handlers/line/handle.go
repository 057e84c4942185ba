package line

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"tsunagi/bot"
	"tsunagi/bot/concierge"
)

// maxPeople is how many people's events of one request are handled at once.
const maxPeople = 8

// handleAll handles the events of one person in their order, those of different people at once. When one fails, the rest
// of that person's events are left for the redelivery, so that they keep their order; other people's go on, and when
// they come again the inbox knows them.
func (h *Webhook) handleAll(ctx context.Context, list []incoming) error {
	if len(list) == 1 {
		return h.handle(ctx, list[0])
	}
	var all errgroup.Group
	all.SetLimit(maxPeople)
	faults := make(chan error, len(list))
	for _, events := range byPerson(list) {
		all.Go(func() error {
			faults <- h.handleInOrder(ctx, events)
			return nil
		})
	}
	_ = all.Wait()
	close(faults)
	var joined error
	for err := range faults {
		joined = errors.Join(joined, err)
	}
	return joined
}

// byPerson keeps the order within each person, and of their first events.
func byPerson(list []incoming) [][]incoming {
	var out [][]incoming
	at := map[string]int{}
	for _, in := range list {
		who := cmp.Or(in.group, in.User)
		i, known := at[who]
		if !known {
			i = len(out)
			at[who], out = i, append(out, nil)
		}
		out[i] = append(out[i], in)
	}
	return out
}

func (h *Webhook) handleInOrder(ctx context.Context, events []incoming) error {
	for _, in := range events {
		if err := h.handle(ctx, in); err != nil {
			return err
		}
	}
	return nil
}

// handle brings one event to its effect. What can never be handled is not asked for again.
func (h *Webhook) handle(ctx context.Context, in incoming) error {
	begun := time.Now()
	ctx = about(ctx, in.ID)
	err := h.safely(ctx, in)
	switch {
	case err == nil:
		h.log.LogAttrs(ctx, slog.LevelInfo, "line event", slog.String("event", in.ID), slog.String("kind", in.kind()),
			slog.Bool("again", in.Redelivered), slog.Duration("took", time.Since(begun)))
	case bot.KindOf(err) == bot.Invalid:
		h.log.WarnContext(ctx, "line event refused", "event", in.ID, "kind", in.kind(), "fault", err)
		return nil
	default:
		h.log.ErrorContext(ctx, "line event failed", "event", in.ID, "kind", in.kind(), "again", in.Redelivered, "fault", err)
	}
	return err
}

// safely keeps a fault of ours in one event from taking down its neighbours, who are handled beside it. What a panic says
// may quote a person, so the log has only where it was.
func (h *Webhook) safely(ctx context.Context, in incoming) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("handling event %s panicked with a %T", in.ID, fault)
			h.log.ErrorContext(ctx, "line event panicked", "event", in.ID, "stack", string(debug.Stack()))
		}
	}()
	return h.effect(ctx, in)
}

func (in incoming) kind() string {
	if in.group != "" {
		return "invited"
	}
	return string(in.Kind)
}

func (h *Webhook) effect(ctx context.Context, in incoming) error {
	if in.group != "" {
		return h.client.leave(ctx, in.group, in.ReplyToken)
	}
	if in.awaitsAnswer() {
		h.client.loading.waits(in.User)
	}
	err := h.concierge.Handle(ctx, in.Event)
	if err != nil {
		h.client.loading.answered(in.User)
	}
	return err
}

// awaitsAnswer is false for a redelivery too: it may have been answered before.
func (in incoming) awaitsAnswer() bool {
	return in.ReplyToken != "" && !in.Redelivered && in.Kind != concierge.Unsent && in.Kind != concierge.Blocked
}
