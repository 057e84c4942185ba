package main

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"tsunagi/store"
)

//go:embed archive/fill.sql
var fillSQL string

//go:embed archive/words.txt
var wordsText string

// archive makes a migrated database with so many proposals, nearly all of them ended, and gives its address.
func (s *stage) archive(ctx context.Context, n int) (string, error) {
	url, err := s.database(ctx)
	if err != nil {
		return "", err
	}
	if _, err := store.Migrate(ctx, url); err != nil {
		return "", err
	}
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return "", err
	}
	// Rows are right by construction, and what is lost by a crash is filled again: no foreign keys, no waiting for disk.
	for name, value := range map[string]string{
		"session_replication_role": "replica", "synchronous_commit": "off", "maintenance_work_mem": "1GB",
	} {
		cfg.ConnConfig.RuntimeParams[name] = value
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return "", err
	}
	defer pool.Close()
	if err := fill(ctx, pool, n); err != nil {
		return "", fmt.Errorf("fill %d proposals: %w", n, err)
	}
	return url, nil
}

// fill drops the indexes first and makes them again as the migrations did: much faster than keeping them up to date.
func fill(ctx context.Context, pool *pgxpool.Pool, n int) error {
	v := readVocabulary()
	if err := v.store(ctx, pool); err != nil {
		return err
	}
	indexes, err := dropIndexes(ctx, pool)
	if err != nil {
		return err
	}
	if err := twoAtOnce(ctx, pool, strings.Split(v.sql(n), "\n----\n")); err != nil {
		return err
	}
	if err := twoAtOnce(ctx, pool, indexes); err != nil {
		return err
	}
	last := []string{"DROP TABLE titles_made, organizations_made", "VACUUM ANALYZE", "CHECKPOINT"}
	for _, t := range []string{"contacts", "proposals"} {
		last = append(last, fmt.Sprintf("SELECT setval(pg_get_serial_sequence('%s', 'id'), (SELECT max(id) FROM %s))", t, t))
	}
	for _, sql := range last {
		if _, err := pool.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

func twoAtOnce(ctx context.Context, pool *pgxpool.Pool, statements []string) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for _, sql := range statements {
		g.Go(func() error {
			if _, err := pool.Exec(ctx, sql); err != nil {
				return fmt.Errorf("%.60s: %w", strings.TrimSpace(sql), err)
			}
			return nil
		})
	}
	return g.Wait()
}

// dropIndexes drops all that are not constraints and gives the statements that make them again.
func dropIndexes(ctx context.Context, pool *pgxpool.Pool) ([]string, error) {
	rows, err := pool.Query(ctx, `
		SELECT indexname, indexdef FROM pg_indexes
		WHERE schemaname = 'public' AND indexname NOT IN (SELECT conname FROM pg_constraint)
		ORDER BY indexname = 'words_pairs_idx' DESC`)
	if err != nil {
		return nil, err
	}
	type index struct{ Name, Definition string }
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[index])
	if err != nil {
		return nil, err
	}
	made := make([]string, len(all))
	for i, x := range all {
		if _, err := pool.Exec(ctx, "DROP INDEX "+x.Name); err != nil {
			return nil, fmt.Errorf("drop index %s: %w", x.Name, err)
		}
		made[i] = x.Definition
	}
	return made, nil
}

// vocabulary is what titles and organizations are made of.
type vocabulary struct{ titles, organizations []string }

// rareTitle, seldomTitle and pastTitle are the places of titles that few proposals have; the common ones follow from 0.
const (
	rareTitle = iota - 3
	seldomTitle
	pastTitle
)

// title is the title at a place.
func (v vocabulary) title(place int) string { return v.titles[place-rareTitle] }

func readVocabulary() vocabulary {
	lists := map[string][]string{}
	for line := range strings.Lines(wordsText) {
		if name, words, ok := strings.Cut(line, ": "); ok && line[0] != '#' {
			lists[name] = strings.Fields(words)
		}
	}
	v := vocabulary{titles: []string{lists["rare"][0], lists["seldom"][0], lists["past"][0]}}
	for _, about := range lists["about"] {
		for _, what := range lists["what"] {
			v.titles = append(v.titles, about+what)
		}
	}
	for _, name := range lists["name"] {
		for _, kind := range lists["kind"] {
			v.organizations = append(v.organizations, name+kind)
		}
	}
	return v
}

// store makes the tables that fill.sql joins.
func (v vocabulary) store(ctx context.Context, pool *pgxpool.Pool) error {
	for name, texts := range map[string][]string{"title": v.titles, "organization": v.organizations} {
		table := name + "s_made"
		if _, err := pool.Exec(ctx, fmt.Sprintf("CREATE TABLE %s (n int PRIMARY KEY, %s text)", table, name)); err != nil {
			return err
		}
		first := 0
		if name == "title" {
			first = rareTitle
		}
		_, err := pool.CopyFrom(ctx, pgx.Identifier{table}, []string{"n", name}, pgx.CopyFromSlice(len(texts),
			func(i int) ([]any, error) { return []any{first + i, texts[i]}, nil }))
		if err != nil {
			return err
		}
	}
	return nil
}

// people is how many contacts an archive of n proposals has.
func people(n int) int { return n/10 + 1 }

// openAmong is how many of n proposals are open.
func openAmong(n int) int { return min(3000, n/4) }

func (v vocabulary) sql(n int) string {
	_, statements, _ := strings.Cut(fillSQL, "\n\n")
	array := func(names []string) string { return "ARRAY['" + strings.Join(names, "', '") + "']" }
	return strings.NewReplacer(
		":n", fmt.Sprint(n), ":open", fmt.Sprint(openAmong(n)), ":people", fmt.Sprint(people(n)),
		":titles", fmt.Sprint(len(v.titles)+rareTitle), ":organizations", fmt.Sprint(len(v.organizations)),
		":topics", array(topics()), ":departments", array(departments()),
	).Replace(statements)
}

// topics and departments are those of the profile.
func topics() []string {
	return []string{
		"welfare", "health", "children", "education", "industry", "culture", "environment", "safety", "community", "town", "digital",
	}
}

func departments() []string {
	return []string{
		"welfare", "health", "children", "education", "lifelong", "industry", "tourism", "farming", "environment", "safety",
		"community", "town", "digital",
	}
}
