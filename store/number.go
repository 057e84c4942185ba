package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// counter counts the proposals of a fiscal year within a transaction that holds its row.
type counter struct{ year, last int }

// numbers are what a transaction has of running numbers: the year's counter, which it holds from the first number on, and
// ids of proposals to come. What is left over of the ids is given to nobody; of the numbers nothing is left over.
type numbers struct {
	counter
	ids []bot.ProposalID
}

// idsAtOnce is how many ids are asked for when one transaction submits a second time.
const idsAtOnce = 16

// NextNumber gives the next running number of a fiscal year, and the id of the proposal that is to have it. Others wait
// until this transaction ends, so that numbers have neither gaps nor doubles and ids have their order; ask as late as
// possible.
func (tx *Tx) NextNumber(ctx context.Context, fiscalYear int) (seq int, id bot.ProposalID, err error) {
	switch {
	case tx.numbers.year != fiscalYear:
		err = tx.holdCounter(ctx, fiscalYear)
	case len(tx.numbers.ids) == 0:
		tx.askIDs(idsAtOnce)
		err = tx.flush(ctx)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("next number of %d: %w", fiscalYear, err)
	}
	n := &tx.numbers
	n.last++
	id, n.ids = n.ids[0], n.ids[1:]
	tx.gathered.counter = &counter{n.year, n.last}
	return n.last, id, nil
}

func (tx *Tx) holdCounter(ctx context.Context, year int) error {
	tx.numbers = numbers{}
	tx.queueRow(func(row pgx.Row) error { return row.Scan(&tx.numbers.last) }, `
		INSERT INTO counters (fiscal_year, last) VALUES ($1, 0)
		ON CONFLICT (fiscal_year) DO UPDATE SET last = counters.last RETURNING last`, year)
	tx.askIDs(1)
	err := tx.flush(ctx)
	tx.numbers.year = year
	return err
}

func (tx *Tx) askIDs(n int) {
	tx.queueRows(func(rows pgx.Rows) (err error) {
		tx.numbers.ids, err = pgx.CollectRows(rows, pgx.RowTo[bot.ProposalID])
		return err
	}, `SELECT nextval(pg_get_serial_sequence('proposals', 'id')) FROM generate_series(1, $1)`, n)
}

func (tx *Tx) queueCounter(c counter) {
	tx.queueAny(`UPDATE counters SET last = $2 WHERE fiscal_year = $1`, c.year, c.last)
}
