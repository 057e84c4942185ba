package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// notClosed leaves out what is to go into a channel that is closed: d is the delivery.
const notClosed = `NOT EXISTS (SELECT FROM closed_channels c WHERE c.channel = split_part(d.lane, '/', 2) AND d.lane LIKE 'slack/%')`

// CloseChannel lets nothing go into a channel for the time being; news is true if that was not so before, or for another reason.
// Of several processes that find the same at once, one has the news.
func (tx *Tx) CloseChannel(ctx context.Context, channel string, why bot.ChannelFault) (news bool, err error) {
	done, err := all(ctx, &tx.Reader, pgx.RowTo[string], `
		INSERT INTO closed_channels (channel, fault, since) VALUES ($1, $2, $3)
		ON CONFLICT (channel) DO UPDATE SET fault = excluded.fault, since = excluded.since WHERE closed_channels.fault <> excluded.fault
		RETURNING channel`, channel, why, tx.Now)
	if err != nil {
		return false, fmt.Errorf("close channel %s: %w", channel, err)
	}
	return len(done) > 0, nil
}

// OpenChannels opens all closed channels but these, and gives those it has opened. What has waited for them is due from now on: the
// time of its waiting is held against nothing.
func (tx *Tx) OpenChannels(ctx context.Context, but []string) ([]string, error) {
	opened, err := all(ctx, &tx.Reader, pgx.RowTo[string], `DELETE FROM closed_channels WHERE channel <> ALL($1) RETURNING channel`, but)
	if err != nil {
		return nil, fmt.Errorf("open channels: %w", err)
	}
	if len(opened) > 0 {
		tx.queueAny(`
			UPDATE deliveries SET not_before = $2
			WHERE due IS NOT NULL AND lane LIKE 'slack/%' AND split_part(lane, '/', 2) = ANY($1) AND leased_by IS NULL`, opened, tx.Now)
	}
	return opened, nil
}

// ClosedChannels lists the channels that carry nothing for the time being.
func (r *Reader) ClosedChannels(ctx context.Context) ([]string, error) {
	closed, err := all(ctx, r, pgx.RowTo[string], `SELECT channel FROM closed_channels ORDER BY channel`)
	if err != nil {
		return nil, fmt.Errorf("list closed channels: %w", err)
	}
	return closed, nil
}
