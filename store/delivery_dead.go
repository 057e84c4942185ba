package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// DeadDelivery is a delivery that was set aside, with the catalogue key of why.
type DeadDelivery struct {
	Delivery
	Fault string
}

// DeadDeliveries lists what was set aside, newest first, with Seq below the last one of the page before; 0 starts.
func (r *Reader) DeadDeliveries(ctx context.Context, before int64, limit int) ([]DeadDelivery, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	dead, err := all(ctx, r, scanDead, `
		SELECT `+deliveryColumns+`, d.fault FROM deliveries d
		WHERE d.state = 'dead' AND d.seq < $1 ORDER BY d.seq DESC LIMIT $2`, before, limit)
	if err != nil {
		return nil, fmt.Errorf("list dead deliveries: %w", err)
	}
	return dead, nil
}

// DeadDelivery reads what was set aside by its id; bot.NotFound if it is not any more.
func (r *Reader) DeadDelivery(ctx context.Context, id uuid.UUID) (DeadDelivery, error) {
	return one(ctx, r, scanDead, `SELECT `+deliveryColumns+`, d.fault FROM deliveries d WHERE d.id = $1 AND d.state = 'dead'`, id)
}

func scanDead(row pgx.CollectableRow) (d DeadDelivery, err error) {
	err = row.Scan(append(d.columns(), &d.Fault)...)
	return d, err
}

// ReleaseDelivery lets a dead delivery go after all, as if put anew at the end of its lane; bot.NotFound if it is not
// dead. Somebody has decided that it is to be sent, so it is no longer in doubt, and it matters; its reply token is long
// over. It keeps its id: within a day LINE still knows the retry key.
func (tx *Tx) ReleaseDelivery(ctx context.Context, id uuid.UUID) (Lane, error) {
	lane, err := one(ctx, &tx.Reader, pgx.RowTo[Lane], `
		UPDATE deliveries SET state = 'pending', seq = DEFAULT, tries = 0, doubtful = false, matters = true, reply_token = '',
			fault = '', not_before = $2, leased_by = NULL, leased_until = NULL
		WHERE id = $1 AND state = 'dead' RETURNING lane`, id, tx.Now)
	if err != nil {
		return "", fmt.Errorf("release delivery %s: %w", id, err)
	}
	return lane, nil
}

// DropDelivery gives a dead delivery up; bot.NotFound if it is not dead.
func (tx *Tx) DropDelivery(ctx context.Context, id uuid.UUID) (Lane, error) {
	lane, err := one(ctx, &tx.Reader, pgx.RowTo[Lane], `
		UPDATE deliveries SET state = 'dropped' WHERE id = $1 AND state = 'dead' RETURNING lane`, id)
	if err != nil {
		return "", fmt.Errorf("drop delivery %s: %w", id, err)
	}
	return lane, nil
}

// HoldDeliveries sets aside all that should have gone before then, with a fault, and tells how many. It is for the start
// after a backup was restored without anybody noticing: what it holds may have gone long ago. Where somebody has noticed, an
// operator decides on all that waits.
func (tx *Tx) HoldDeliveries(ctx context.Context, before time.Time, fault string) (int, error) {
	held, err := one(ctx, &tx.Reader, pgx.RowTo[int], `
		WITH held AS (
			UPDATE deliveries d SET state = 'dead', fault = $2, doubtful = true, leased_by = NULL, leased_until = NULL
			WHERE due < $1 AND NOT `+held+` AND `+notClosed+`
			RETURNING 1
		) SELECT count(*) FROM held`, before, fault)
	if err != nil {
		return 0, fmt.Errorf("hold old deliveries: %w", err)
	}
	return held, nil
}

// PendingDeliveries counts what waits on each platform.
func (r *Reader) PendingDeliveries(ctx context.Context) (map[bot.Platform]int, error) {
	type count struct {
		Platform bot.Platform
		N        int
	}
	counts, err := all(ctx, r, pgx.RowToStructByPos[count], `
		SELECT split_part(lane, '/', 1), count(*) FROM deliveries WHERE state = 'pending' GROUP BY 1`)
	if err != nil {
		return nil, fmt.Errorf("count pending deliveries: %w", err)
	}
	out := make(map[bot.Platform]int, len(counts))
	for _, c := range counts {
		out[c.Platform] = c.N
	}
	return out, nil
}
