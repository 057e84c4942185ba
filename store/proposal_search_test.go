package store_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// wholeSearch goes on until nothing is left, in pages of ten that go through so many blocks, and gives all it found.
func wholeSearch(t *testing.T, db *store.DB, words string, blocks int) (found []bot.ProposalID, pages int) {
	t.Helper()
	for after := (store.Cursor{}); ; pages++ {
		page, rest, err := db.SearchFor(t.Context(), words, after, 10, blocks)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page {
			found = append(found, p.ID)
		}
		switch {
		case rest.ID > 0 && (len(page) == 10 || after.ID > 0 && rest.ID >= after.ID):
			t.Fatalf("%s: after %d of %d it would go on below %d", words, len(page), after.ID, rest.ID)
		case rest.ID > 0:
			after = rest
		case len(page) < 10:
			return found, pages + 1
		default:
			after = store.Cursor{ID: page[9].ID}
		}
	}
}

func TestSearch_finds_words_and_not_only_their_letters(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	fill(t, url, 12_500) // over several blocks
	db := storetest.Open(t, url, store.Options{})
	for _, words := range []string{
		"第77号", "第4999号", "号第", "77号 第1", "Npo法人 泉州", "だんじり 見守り", "株式会社 大学法人", "研究所 食品", "NPO 法人 だん じり 見守 高齢", "第%号",
		"第__号", `守り\`,
	} {
		want := lookThrough(t, url, words)
		for _, blocks := range []int{1, 2, 100} {
			found, pages := wholeSearch(t, db, words, blocks)
			if !slices.Equal(found, want) {
				t.Errorf("%s: got %d, want %d: %v, %v", words, len(found), len(want), found, want)
			}
			if want := 4 / blocks; pages < want { // 12,500 stand in four blocks
				t.Errorf("%s: %d pages, want %d or more", words, pages, want)
			}
		}
	}
}

// Plans are kept, so the first one, of an empty table, must be right for a full one.
func TestSearch_reads_its_index_from_the_beginning(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	plan, err := db.Explain(t.Context(), func(r *store.Reader) error {
		_, _, err := r.Search(t.Context(), "見守り", store.Cursor{}, 10)
		return err
	})
	if err != nil || strings.Count(plan, "words_pairs_idx") != 1 || strings.Contains(plan, "Seq Scan") {
		t.Errorf("%v\n%s", err, plan)
	}
}

// lookThrough finds what holds all words by reading everything.
func lookThrough(t *testing.T, url, words string) []bot.ProposalID {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	rows, _ := conn.Query(t.Context(), `
		SELECT id FROM proposals
		WHERE NOT EXISTS (SELECT FROM unnest($1::text[]) w WHERE strpos(lower(organization), w) = 0 AND strpos(title, w) = 0)
		ORDER BY id DESC`, strings.Fields(strings.ToLower(words)))
	found, err := pgx.CollectRows(rows, pgx.RowTo[bot.ProposalID])
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestSearch_of_what_was_just_added(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	id := addProposal(t, db, "ＡＢＣ 食品", "100%_だ\\ん じり")
	for words, want := range map[string]int{
		"abc食品": 1, "bc 100%": 1, "%_だ": 1, `だ\ん`: 1, "だんじり": 0, "んじり": 1, "品100": 0, "食品 ん": 1, "食品 か": 0, "食品 __": 0,
	} {
		found, rest, err := db.Search(t.Context(), words, store.Cursor{}, 10)
		if err != nil || len(found) != want || want == 1 && found[0].ID != id || rest.ID != 0 {
			t.Errorf("%s: got %v, rest %v, %v", words, found, rest, err)
		}
	}
}

func TestSearch_finds_no_more_what_was_taken_back(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	id := addProposal(t, db, "岸和田食品", "見守り")
	if err := db.InTx(t.Context(), func(tx *store.Tx) error {
		tx.HideParticular(id, "title")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if found, _, err := db.Search(t.Context(), "見守り", store.Cursor{}, 10); err != nil || len(found) > 0 {
		t.Errorf("got %v, %v", found, err)
	}
}

func addProposal(t *testing.T, db *store.DB, organization, title string) (id bot.ProposalID) {
	t.Helper()
	err := db.InTx(t.Context(), func(tx *store.Tx) error {
		talk, _, err := tx.Hear(t.Context(), "01EVENT", "U1")
		if err != nil {
			return err
		}
		var seq int
		if seq, id, err = tx.NextNumber(t.Context(), 2026); err != nil {
			return err
		}
		return tx.AddProposal(store.NewProposal{FiscalYear: 2026, Seq: seq, Proposal: bot.Proposal{
			ID: id, Kind: "proposal", Number: "K2026-0001", Contact: talk.Contact.ID, Organization: organization, Title: title,
			State: proposal.Received, NextDate: begin,
		}}, true)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
