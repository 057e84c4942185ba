package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// LockDepartments reads the departments as an earlier start has kept them, and has other processes that start at the same
// time wait until this transaction ends. The desk itself is among them, without an id; of those that were asked before
// anything was kept, nothing but the id is known.
func (tx *Tx) LockDepartments(ctx context.Context) ([]bot.Department, error) {
	tx.queueAny(`LOCK TABLE departments IN SHARE ROW EXCLUSIVE MODE`)
	kept, err := all(ctx, &tx.Reader, scanDepartment, `SELECT id, name, channel FROM departments ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read kept departments: %w", err)
	}
	return kept, nil
}

func scanDepartment(row pgx.CollectableRow) (d bot.Department, err error) {
	err = row.Scan(&d.ID, &d.Name, &d.Channel)
	return d, err
}

// KeepDepartments writes names and channels as the profile has them now. Those that it no longer has stay as they were.
func (tx *Tx) KeepDepartments(ds []bot.Department) {
	ids, names, channels := columnsOf(ds)
	tx.queueAny(`
		INSERT INTO departments (id, name, channel) SELECT id, name, channel FROM unnest($1::text[], $2::text[], $3::text[]) AS d (id, name, channel)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, channel = excluded.channel
		WHERE (departments.name, departments.channel) <> (excluded.name, excluded.channel)`, ids, names, channels)
}

func columnsOf(ds []bot.Department) (ids, names, channels []string) {
	ids, names, channels = []string{}, []string{}, []string{}
	for _, d := range ds {
		ids, names, channels = append(ids, string(d.ID)), append(names, d.Name), append(channels, d.Channel)
	}
	return ids, names, channels
}

// ChannelNow is where a department, or the desk, reads, as the newest start has kept it; empty where nothing is kept.
func (r *Reader) ChannelNow(ctx context.Context, d bot.DepartmentID) (string, error) {
	found, err := all(ctx, r, pgx.RowTo[string], `SELECT channel FROM departments WHERE id = $1`, d)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// CardsElsewhere lists the cards of open proposals that stand in another channel than these departments have now; of those
// that have said no, none. They come in the order in which whoever changes several proposals locks them.
//
// Here and below each open proposal is looked at by itself (OFFSET 0 keeps it so): joined freely, Postgres may read the whole
// archive.
func (r *Reader) CardsElsewhere(ctx context.Context, ds []bot.Department) ([]Card, error) {
	ids, _, channels := columnsOf(ds)
	found, err := all(ctx, r, scanCard, `
		SELECT c.proposal, c.department, c.channel, c.ts, c.now FROM proposals p,
		LATERAL (
			SELECT proposal, department, channel, ts, d.now FROM cards
			JOIN unnest($1::text[], $2::text[]) AS d (id, now) ON d.id = cards.department AND d.now <> cards.channel
			WHERE cards.proposal = p.id AND NOT EXISTS (
				SELECT FROM referrals r WHERE r.proposal = p.id AND r.department = cards.department AND r.verdict IN ('unable', 'other')
			) OFFSET 0
		) c
		WHERE p.open ORDER BY p.contact, p.id, c.department`, ids, channels)
	if err != nil {
		return nil, fmt.Errorf("list cards in other channels: %w", err)
	}
	return found, nil
}

// Orphans lists the referrals of open proposals that wait for a department which is none of these, and of which nobody was
// told yet, in the order in which whoever changes several proposals locks them.
func (r *Reader) Orphans(ctx context.Context, known []bot.Department) ([]bot.Referral, error) {
	ids, _, _ := columnsOf(known)
	found, err := all(ctx, r, scanReferral, `
		SELECT r.* FROM proposals p,
		LATERAL (
			SELECT `+referralColumns+` FROM referrals
			WHERE proposal = p.id AND verdict = '' AND orphaned_at IS NULL AND department <> ALL($1) OFFSET 0
		) r
		WHERE p.open ORDER BY p.contact, p.id, r.department`, ids)
	if err != nil {
		return nil, fmt.Errorf("list referrals that nobody can answer: %w", err)
	}
	return found, nil
}

// OrphanedReferral notes that the desk is told that nobody can answer a referral any more.
func (tx *Tx) OrphanedReferral(id bot.ReferralID) {
	tx.write("note orphaned referral", `UPDATE referrals SET orphaned_at = $2 WHERE id = $1`, id, tx.Now)
}
