package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"tsunagi/bot"
)

// blockBits says how many ids stand in one block, 4096: so many proposals are read in 2 ms, should each be a candidate, and
// among a million the blocks without any are passed in 1 ms.
const blockBits = 12

// patience is how far a search goes before its page is full: through so many blocks in any case, and no further once so
// much time is gone.
type patience struct {
	blocks int
	time   time.Duration
}

// Search lists proposals whose organization and title together hold all the words, newest first, after the cursor. Words
// of a single letter are too short to look for and give a bot.Invalid error.
//
// Where it ended before the page was full and with older proposals to look through, rest is the cursor that goes on; else
// rest is zero. The newest 65,536 are always looked through, and mostly a million: but for words that each stand in many
// proposals and together in hardly any.
func (r *Reader) Search(ctx context.Context, query string, after Cursor, limit int) (found []bot.Proposal, rest Cursor, err error) {
	return r.search(ctx, query, after, limit, patience{blocks: 16, time: 2 * time.Millisecond})
}

func (r *Reader) search(ctx context.Context, query string, after Cursor, limit int, p patience) ([]bot.Proposal, Cursor, error) {
	wanted := strings.Fields(query)
	pairs := pairsOf(2, wanted...)
	if len(pairs) == 0 {
		return nil, Cursor{}, bot.Refuse(bot.Invalid, "desk.search.short")
	}
	w, err := r.walk(ctx, patterns(wanted), pairs, after, limit, p)
	if err != nil {
		return nil, Cursor{}, fmt.Errorf("search: %w", err)
	}
	found, err := r.list(ctx, `WHERE proposals.id = ANY($1) ORDER BY proposals.id DESC`, w.Found)
	if len(w.Found) == limit {
		return found, Cursor{}, err
	}
	return found, Cursor{ID: w.Rest}, err
}

// walked is what was found, and below which id nothing has been looked at.
type walked struct {
	Found []bot.ProposalID
	Rest  bot.ProposalID
}

// walk goes through the blocks from the newest to the oldest until there are enough or patience ends. The cursor's
// condition stands in a FILTER: beside the index's, Postgres would read all older ids for it.
func (r *Reader) walk(ctx context.Context, patterns []string, pairs []int64, after Cursor, limit int, p patience) (walked, error) {
	return one(ctx, r, pgx.RowToStructByPos[walked], `
		WITH RECURSIVE walk (block, found, sure, patient) AS (
			SELECT COALESCE(max(proposal) >> $5, -1), '{}'::bigint[], $6::int, true FROM words WHERE proposal < $3
			UNION ALL
			SELECT block - 1, found || here, sure - 1, sure > 1 OR clock_timestamp() < statement_timestamp() + $7
			FROM walk, LATERAL (
				SELECT array_agg(proposal) FILTER (WHERE proposal < $3) AS here FROM words
				WHERE pairs @> ARRAY(SELECT block << 42 | pair FROM unnest($2::bigint[]) pair) AND text LIKE ALL ($1)) held
			WHERE block >= 0 AND cardinality(found) < $4 AND patient)
		SELECT ARRAY(SELECT id FROM unnest(found) id ORDER BY id DESC LIMIT $4), (block + 1) << $5
		FROM walk ORDER BY block LIMIT 1`, patterns, pairs, after.before(), limit, blockBits, p.blocks, p.time)
}

// addWords writes what search looks through.
func (tx *Tx) addWords(id bot.ProposalID, organization, title string) {
	pairs := pairsOf(1, organization, title)
	for i := range pairs {
		pairs[i] |= int64(id) >> blockBits << (2 * letterBits)
	}
	text := fold(organization) + "\n" + fold(title) // no word reaches over a line
	tx.insert(`INSERT INTO words (proposal, text, pairs) VALUES ($1, $2, $3)`, id, text, pairs)
}

// patterns are what a text is LIKE that holds the words.
func patterns(wanted []string) []string {
	literally := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	out := make([]string, len(wanted))
	for i, w := range wanted {
		out[i] = "%" + literally.Replace(fold(w)) + "%"
	}
	return out
}

// letterBits are enough for any letter: two and a block go into one number.
const letterBits = 21

// pairsOf are the pairs of neighbouring letters of all texts, folded, each pair in one number: Japanese has no spaces to
// cut at, and pairs find 福祉 within 地域福祉課. With step 1 they are all; with step 2 each letter is still in one.
func pairsOf(step int, texts ...string) []int64 {
	out := []int64{}
	for _, t := range texts {
		letters := []rune(fold(t))
		last := len(letters) - 2
		for i := 0; i < last; i += step {
			out = append(out, pair(letters[i:]))
		}
		if last >= 0 {
			out = append(out, pair(letters[last:]))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func pair(letters []rune) int64 { return int64(letters[0])<<letterBits | int64(letters[1]) }

// fold brings width, composition and case to one form and leaves spaces out.
func fold(s string) string {
	s = strings.ToLower(norm.NFKC.String(width.Fold.String(s)))
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
