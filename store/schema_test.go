package store_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"tsunagi/bot/proposal"
	"tsunagi/store/storetest"
)

// TestSchema holds schema.sql, which people read, against the migrations, which run: both must make the same database.
func TestSchema(t *testing.T) {
	t.Parallel()
	migrated := describe(t, storetest.URL(t))
	url := storetest.EmptyURL(t)
	text, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	execute(t, url, string(text))
	if diff := cmp.Diff(migrated, describe(t, url)); diff != "" {
		t.Errorf("schema.sql differs from the migrations (-migrations +schema.sql):\n%s", diff)
	}
}

// TestStateCheck holds the database's list of states against the table of the life of a proposal.
func TestStateCheck(t *testing.T) {
	t.Parallel()
	var quoted []string
	for _, s := range proposal.States() {
		quoted = append(quoted, "'"+string(s)+"'::text")
	}
	want := "ARRAY[" + strings.Join(quoted, ", ") + "]"
	for _, line := range describe(t, storetest.URL(t)) {
		if strings.Contains(line, "proposals_state_check") {
			if !strings.Contains(line, want) {
				t.Errorf("got  %s\nwant %s", line, want)
			}
			return
		}
	}
	t.Error("no constraint proposals_state_check")
}

func execute(t *testing.T, url, sql string) {
	t.Helper()
	conn := connect(t, url)
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// describe lists columns, constraints and indexes of all our tables, one a line.
func describe(t *testing.T, url string) []string {
	t.Helper()
	rows, err := connect(t, url).Query(t.Context(), `
		SELECT line FROM (
			SELECT 'column ' || c.relname || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
				|| CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || ' ' || a.attidentity::text::text
				|| COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
			FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
			LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
			WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'goose_db_version'
			UNION ALL
			SELECT 'table ' || relname || ' ' || COALESCE(array_to_string(reloptions, ','), '') FROM pg_class
			WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'goose_db_version'
			UNION ALL
			SELECT 'constraint ' || c.relname || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
			FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
			WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> 'goose_db_version'
			UNION ALL
			SELECT 'index ' || pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
			WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> 'goose_db_version'
		) lines ORDER BY line`)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
