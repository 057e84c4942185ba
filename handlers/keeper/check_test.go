package keeper

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot/calendar"
	"tsunagi/config"
	"tsunagi/store/storetest"
)

// TestCheckProfile: whoever writes a profile has it judged with nothing but the file.
func TestCheckProfile(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile("../../config/profiles/kishiwada.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for content, want := range map[string]string{
		string(whole): "ok     profile",
		strings.Replace(string(whole), "language: ja", "language: jp", 1): `(did you mean "ja"?)`,
	} {
		path := filepath.Join(t.TempDir(), "desk.yaml")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		err := CheckProfile(path, &out)
		if !strings.Contains(out.String(), want) || (err == nil) != strings.HasPrefix(want, "ok") {
			t.Errorf("got %q, %v, want %q", out.String(), err, want)
		}
	}
	if err := CheckProfile("nowhere.yaml", io.Discard); err == nil {
		t.Error("a profile that is not there passes")
	}
}

// TestCheckPostgres_newer_tables: over what a newer version has made, check asks for that version, and not for a migration.
func TestCheckPostgres_newer_tables(t *testing.T) {
	t.Parallel()
	there := storetest.URL(t)
	conn, err := pgx.Connect(t.Context(), there)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)"); err != nil {
		t.Fatal(err)
	}
	s := config.Settings{DatabaseURL: config.NewSecret(there)}
	if found := checkPostgres(t.Context(), s); found[0].OK || !strings.Contains(found[0].Remedy, "newer") {
		t.Errorf("got %+v", found)
	}
}

// TestCheckHolidays: the holidays of a year that nobody has compared with the government's list are a fault once it has come.
func TestCheckHolidays(t *testing.T) {
	t.Parallel()
	verified, err := calendar.VerifiedThrough()
	if err != nil {
		t.Fatal(err)
	}
	if f := checkHolidays(time.Date(verified, 12, 31, 0, 0, 0, 0, time.UTC)); !f.OK {
		t.Errorf("in %d: %s", verified, f.Fault)
	}
	if f := checkHolidays(time.Date(verified+1, 1, 1, 0, 0, 0, 0, time.UTC)); f.OK || f.Remedy == "" {
		t.Errorf("in %d: %+v, want a fault and what to do", verified+1, f)
	}
}
