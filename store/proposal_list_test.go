package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// lists are all questions of the desk's commands that give a page, each after a page somewhere in the middle.
func lists(after store.Cursor) map[string]func(context.Context, *store.Reader) ([]bot.Proposal, error) {
	type page = func(context.Context, *store.Reader) ([]bot.Proposal, error)
	const limit = 11
	out := map[string]page{
		"mine": func(ctx context.Context, r *store.Reader) ([]bot.Proposal, error) {
			return r.ListByOwner(ctx, "U7", after, limit)
		},
		"unowned": func(ctx context.Context, r *store.Reader) ([]bot.Proposal, error) {
			return r.ListByOwner(ctx, "", after, limit)
		},
		"open": func(ctx context.Context, r *store.Reader) ([]bot.Proposal, error) {
			return r.ListOpen(ctx, after, limit)
		},
		"topic": func(ctx context.Context, r *store.Reader) ([]bot.Proposal, error) {
			return r.ListByTopic(ctx, "topic3", after, limit)
		},
		"department": func(ctx context.Context, r *store.Reader) ([]bot.Proposal, error) {
			return r.ListByDepartment(ctx, "dep5", after, limit)
		},
		"overdue": func(ctx context.Context, r *store.Reader) ([]bot.Proposal, error) {
			return r.ListOverdue(ctx, store.Cursor{Date: begin.AddDate(0, 0, 200)}, after, limit)
		},
	}
	for _, s := range proposal.States() {
		out["state "+string(s)] = func(ctx context.Context, r *store.Reader) ([]bot.Proposal, error) {
			return r.ListByState(ctx, s, after, limit)
		}
	}
	for _, words := range searches() {
		out["search "+words] = func(ctx context.Context, r *store.Reader) ([]bot.Proposal, error) {
			found, _, err := r.Search(ctx, words, after, limit)
			return found, err
		}
	}
	return out
}

// searches are words that are in every proposal, in some, in few and in none.
func searches() []string {
	return []string{"株式会社", "見守り", "だんじり", "第77号", "第77号 見守り", "ここにはない言葉"}
}

var begin = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)

// fill puts n proposals over all states, 30 owners, 12 topics and 13 departments, as a desk has them: most have ended.
func fill(t testing.TB, url string, n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for _, sql := range fillings() {
		if strings.Contains(sql, "$1") {
			_, err = conn.Exec(t.Context(), sql, n)
		} else {
			_, err = conn.Exec(t.Context(), sql)
		}
		if err != nil {
			t.Fatalf("%v in %s", err, sql)
		}
	}
}

func fillings() []string {
	return []string{
		`SET synchronous_commit = off`,
		`DROP INDEX words_pairs_idx`, // it is made at the end, which is faster
		`CREATE FUNCTION pairs(s text, block bigint) RETURNS bigint[] IMMUTABLE LANGUAGE sql AS
			$$ SELECT array_agg(DISTINCT (block << 42) | (ascii(substr(s, i, 1))::bigint << 21) | ascii(substr(s, i + 1, 1)))
				FROM generate_series(1, length(s) - 1) i $$`,
		`INSERT INTO contacts (line_user, heard_at, created_at) VALUES ('U1', now(), now())`,
		`INSERT INTO proposals (kind, number, fiscal_year, seq, contact, organization, contact_name, title, topics, state, open,
				owner, next_date, received_at, changed_at)
			SELECT 'proposal', 'K2026-' || i, 2026, i, 1, organization, '佐藤', title, ARRAY['topic' || i % 12],
				state, open, CASE WHEN i % 7 = 0 THEN '' ELSE 'U' || i % 30 END,
				CASE WHEN open THEN '2026-04-01'::date + (i % 400)::int END, '2026-04-01'::timestamptz + i * interval '1 minute', now()
			FROM (SELECT i, (ARRAY['株式会社', '株式会社', 'NPO法人', '大学法人'])[1 + i % 4] || (ARRAY['岸和田', '泉州', 'だんじり', '大阪', '南海', '春木', '久米田'])[1 + i / 3 % 7]
					|| (ARRAY['食品', '交通', '建設', '研究所', '保険'])[1 + i / 5 % 5] AS organization,
				(ARRAY['高齢者の見守り', '弁当の配達', '子どもの学習支援', '避難所への物資', '健康教室', '公園の清掃', '特産品の販売', '里山の保全', '命名権', '出前授業'])
					[1 + (i * 7919) % 10] || '第' || i % 5000 || '号' AS title,
				(ARRAY['declined', 'reported', 'reported', 'withdrawn', 'out_of_scope', 'handed_off', 'completed', 'in_progress', 'coordinating', 'screening'])
					[1 + (i * 104729) % 10] AS s
				FROM generate_series(1, $1::bigint) i) base,
			LATERAL (SELECT CASE WHEN i % 1009 = 0 THEN 'received' WHEN i % 1013 = 0 THEN 'on_hold' WHEN i % 1019 = 0 THEN 'preparing'
				WHEN i % 1021 = 0 THEN 'in_dialogue' ELSE s END AS state) st,
			LATERAL (SELECT state NOT IN ('declined', 'reported', 'withdrawn', 'out_of_scope', 'handed_off') AS open) o`,
		`INSERT INTO words SELECT id, lower(organization || E'\n' || title), pairs(lower(organization), id >> 12) || pairs(title, id >> 12)
			FROM proposals ORDER BY id`,
		`INSERT INTO topics SELECT topics[1], id FROM proposals`,
		`INSERT INTO referrals (proposal, department, due, asked_by, asked_at) SELECT id, 'dep' || id % 13, '2026-05-01', 'U1', now() FROM proposals`,
		`CREATE INDEX words_pairs_idx ON words USING gin (pairs) WITH (fastupdate = off)`,
		`ANALYZE`,
	}
}

func TestLists_read_an_index_and_no_more(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	fill(t, url, 5000)
	db := storetest.Open(t, url, store.Options{})
	for name, ask := range lists(store.Cursor{ID: 2500, Date: begin}) {
		plan, err := db.Explain(t.Context(), func(r *store.Reader) error {
			_, err := ask(t.Context(), r)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if plan == "" || strings.Contains(plan, "Seq Scan") {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}

func BenchmarkLists(b *testing.B) {
	url := storetest.URL(b)
	fill(b, url, 1_000_000)
	db := storetest.Open(b, url, store.Options{})
	for _, at := range []struct {
		name  string
		after store.Cursor
	}{{"first", store.Cursor{}}, {"middle", store.Cursor{ID: 500_000, Date: begin.AddDate(0, 0, 90)}}} {
		for name, ask := range lists(at.after) {
			b.Run(fmt.Sprintf("%s/%s", name, at.name), func(b *testing.B) {
				for b.Loop() {
					if _, err := ask(b.Context(), &db.Reader); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
