package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// Signatures is when a platform's requests were last found signed rightly, and wrongly; zero: not yet.
type Signatures struct{ Verified, Refused time.Time }

// Signatures reads what all replicas have found of a platform's signatures.
func (r *Reader) Signatures(ctx context.Context, platform bot.Platform) (Signatures, error) {
	found, err := all(ctx, r, pgx.RowToStructByPos[Signatures], `
		SELECT COALESCE(verified_at, '0001-01-01Z'), COALESCE(refused_at, '0001-01-01Z') FROM signatures WHERE platform = $1`, platform)
	if err != nil || len(found) == 0 {
		return Signatures{}, err
	}
	return found[0], nil
}

// NoteSignatures writes what this replica has found; what another has found later stays. A zero time says nothing.
func (tx *Tx) NoteSignatures(ctx context.Context, platform bot.Platform, s Signatures) error {
	_, err := all(ctx, &tx.Reader, pgx.RowTo[bool], `
		INSERT INTO signatures (platform, verified_at, refused_at) VALUES ($1, NULLIF($2::timestamptz, '0001-01-01Z'), NULLIF($3::timestamptz, '0001-01-01Z'))
		ON CONFLICT (platform) DO UPDATE SET verified_at = GREATEST(signatures.verified_at, EXCLUDED.verified_at),
			refused_at = GREATEST(signatures.refused_at, EXCLUDED.refused_at) RETURNING true`, platform, s.Verified, s.Refused)
	if err != nil {
		return fmt.Errorf("note signatures: %w", err)
	}
	return nil
}
