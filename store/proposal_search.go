package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"tsunagi/bot"
)

const (
	// searchSpare is how many candidates are read for each one wanted: some have the pairs of letters, but not the words.
	searchSpare = 4
	// searchRounds bounds how often we look on for words whose pairs of letters are there without the words themselves.
	searchRounds = 20
	// searchNewest is how many of the newest are looked through one by one, in about 3 ms, before the index is asked.
	searchNewest = 6000
)

// Search lists proposals whose organization and title together hold all the words, newest first, after the cursor. Words
// of a single letter are too short to look for and give a bot.Invalid error.
//
// Words that many proposals have are found at once among the newest; for the others there is the index. Left to itself
// Postgres, which cannot know which words never meet, at times walks through all.
func (r *Reader) Search(ctx context.Context, query string, after Cursor, limit int) ([]bot.Proposal, error) {
	wanted := strings.Fields(query)
	pairs := words(wanted...)
	if len(pairs) == 0 {
		return nil, bot.Refuse(bot.Invalid, "desk.search.short")
	}
	found, err := r.searchNewest(ctx, pairs, after, searchSpare*limit)
	out := holding(found, wanted)
	if err == nil && len(out) < limit {
		out, err = r.searchIndex(ctx, pairs, wanted, after, limit)
	}
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return out[:min(len(out), limit)], nil
}

func (r *Reader) searchNewest(ctx context.Context, pairs []string, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.list(ctx, `
		JOIN (SELECT id, words FROM proposals WHERE id < $2 ORDER BY id DESC LIMIT $4) newest ON newest.id = proposals.id
		WHERE newest.words @> $1 ORDER BY newest.id DESC LIMIT $3`, pairs, after.before(), limit, searchNewest)
}

func (r *Reader) searchIndex(ctx context.Context, pairs, wanted []string, after Cursor, limit int) ([]bot.Proposal, error) {
	var out []bot.Proposal
	for range searchRounds {
		found, err := r.list(ctx, `
			JOIN (SELECT id FROM (SELECT id FROM proposals WHERE words @> $1 AND id < $2 OFFSET 0) held ORDER BY id DESC LIMIT $3) page
				ON page.id = proposals.id
			ORDER BY page.id DESC`, pairs, after.before(), searchSpare*limit)
		out = append(out, holding(found, wanted)...)
		if err != nil || len(out) >= limit || len(found) < searchSpare*limit {
			return out, err
		}
		after = Cursor{ID: found[len(found)-1].ID}
	}
	return out, nil
}

// holding leaves those that have the words themselves, and not only their pairs of letters.
func holding(found []bot.Proposal, wanted []string) []bot.Proposal {
	return slices.DeleteFunc(slices.Clone(found), func(p bot.Proposal) bool { return !holds(p, wanted) })
}

func holds(p bot.Proposal, wanted []string) bool {
	organization, title := fold(p.Organization), fold(p.Title)
	for _, w := range wanted {
		if w = fold(w); !strings.Contains(organization, w) && !strings.Contains(title, w) {
			return false
		}
	}
	return true
}

// words are the pairs of neighbouring letters of all texts, folded in width and case: Japanese has no spaces to cut at,
// and pairs find 福祉 within 地域福祉課.
func words(texts ...string) []string {
	seen := map[string]bool{}
	out := []string{}
	for _, t := range texts {
		letters := []rune(fold(t))
		for i := 0; i+1 < len(letters); i++ {
			pair := string(letters[i : i+2])
			if !seen[pair] {
				seen[pair] = true
				out = append(out, pair)
			}
		}
	}
	return out
}

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
