package store

import (
	"context"
	"fmt"
	"time"

	"tsunagi/bot"
)

// HeldDeliveries lists what matters to organizations and has waited to go since before then, the oldest first. Only what is
// pending is looked into.
func (r *Reader) HeldDeliveries(ctx context.Context, before time.Time, limit int) ([]Delivery, error) {
	found, err := all(ctx, r, scanDelivery, `
		SELECT `+deliveryColumns+` FROM deliveries d
		WHERE d.due IS NOT NULL AND d.matters AND d.lane LIKE 'line/%' AND d.created_at < $1 ORDER BY d.seq LIMIT $2`, before, limit)
	if err != nil {
		return nil, fmt.Errorf("list held deliveries: %w", err)
	}
	return found, nil
}

// HeldUntold lists deliveries of a kind that have waited to go since before then and of which no other of the kind told speaks
// yet, the oldest first.
func (r *Reader) HeldUntold(ctx context.Context, kind, told string, before time.Time, limit int) ([]Delivery, error) {
	found, err := all(ctx, r, scanDelivery, `
		SELECT `+deliveryColumns+` FROM deliveries d
		WHERE d.due IS NOT NULL AND d.kind = $1 AND d.created_at < $3 AND NOT EXISTS (
			SELECT FROM deliveries t WHERE t.proposal = d.proposal AND t.kind = $2 AND t.args->>'message' = d.args->>'message' OFFSET 0)
		ORDER BY d.seq LIMIT $4`, kind, told, before, limit)
	if err != nil {
		return nil, fmt.Errorf("list held deliveries that nobody was told of: %w", err)
	}
	return found, nil
}

// Held reads the oldest delivery of a kind about a proposal that waits to go; bot.NotFound if none does.
func (r *Reader) Held(ctx context.Context, p bot.ProposalID, kind string) (Delivery, error) {
	return one(ctx, r, scanDelivery, `
		SELECT `+deliveryColumns+` FROM deliveries d
		WHERE d.proposal = $1 AND d.kind = $2 AND d.state = 'pending' ORDER BY d.seq LIMIT 1`, p, kind)
}

// Told reports whether a delivery of a kind about a message of a proposal speaks of it already.
func (r *Reader) Told(ctx context.Context, p bot.ProposalID, kind, message string) (bool, error) {
	found, err := all(ctx, r, scanDelivery, `
		SELECT `+deliveryColumns+` FROM deliveries d WHERE d.proposal = $1 AND d.kind = $2 AND d.args->>'message' = $3 LIMIT 1`, p, kind, message)
	return len(found) > 0, err
}
