package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// RecentDelivery is a delivery with how far it has come and the catalogue key of why it did not go, if so.
type RecentDelivery struct {
	Delivery
	State DeliveryState
	Fault string
}

// RecentDeliveries lists the newest deliveries whatever became of them, newest first. It reads the whole table: it is
// for whoever watches a small world, such as the playground.
func (r *Reader) RecentDeliveries(ctx context.Context, limit int) ([]RecentDelivery, error) {
	recent, err := all(ctx, r, scanRecent, `
		SELECT `+deliveryColumns+`, d.state, d.fault FROM deliveries d ORDER BY d.seq DESC LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list recent deliveries: %w", err)
	}
	return recent, nil
}

func scanRecent(row pgx.CollectableRow) (d RecentDelivery, err error) {
	err = row.Scan(append(d.columns(), &d.State, &d.Fault)...)
	return d, err
}

// CountDeliveries counts all deliveries by what became of them. It reads the whole table, as RecentDeliveries does.
func (r *Reader) CountDeliveries(ctx context.Context) (map[DeliveryState]int, error) {
	type count struct {
		state DeliveryState
		n     int
	}
	counts, err := all(ctx, r, func(row pgx.CollectableRow) (c count, err error) {
		err = row.Scan(&c.state, &c.n)
		return c, err
	}, `SELECT state, count(*) FROM deliveries GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count deliveries: %w", err)
	}
	by := map[DeliveryState]int{}
	for _, c := range counts {
		by[c.state] = c.n
	}
	return by, nil
}

// RecentProposals lists the newest proposals in any state, newest first.
func (r *Reader) RecentProposals(ctx context.Context, limit int) ([]bot.Proposal, error) {
	return r.list(ctx, `ORDER BY proposals.id DESC LIMIT $1`, limit)
}
