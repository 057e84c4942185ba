package embedded_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"

	"tsunagi/store/embedded"
	"tsunagi/store/testwait"
)

func startPostgres(t *testing.T, o embedded.Postgres) *embedded.PostgresServer {
	t.Helper()
	pg, err := embedded.StartPostgres(t.Context(), o)
	check(t, err)
	t.Cleanup(func() { check(t, pg.Stop()) })
	return pg
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	check(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func show(t *testing.T, conn *pgx.Conn, setting string) string {
	t.Helper()
	var value string
	check(t, conn.QueryRow(t.Context(), "SELECT current_setting($1)", setting).Scan(&value))
	return value
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	t.Run("is private, in UTF-8, UTC, and durable", func(t *testing.T) {
		t.Parallel()
		conn := connect(t, startPostgres(t, embedded.Postgres{}).URL(""))
		got := map[string]string{}
		for _, setting := range []string{"listen_addresses", "server_encoding", "lc_collate", "lc_messages", "TimeZone", "fsync", "synchronous_commit"} {
			got[setting] = show(t, conn, setting)
		}
		want := map[string]string{
			"listen_addresses": "", "server_encoding": "UTF8", "lc_collate": "C.UTF-8", "lc_messages": "C",
			"TimeZone": "UTC", "fsync": "on", "synchronous_commit": "on",
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
	t.Run("gives up durability when told to", func(t *testing.T) {
		t.Parallel()
		conn := connect(t, startPostgres(t, embedded.Postgres{Volatile: true}).URL(""))
		if got := show(t, conn, "fsync"); got != "off" {
			t.Errorf("fsync is %s, want off", got)
		}
	})
	t.Run("closes its folder to others", func(t *testing.T) {
		t.Parallel()
		pg := startPostgres(t, embedded.Postgres{Volatile: true})
		info, err := os.Stat(pg.Folder())
		check(t, err)
		if got := info.Mode().Perm(); got != 0o700 {
			t.Errorf("folder of socket and data has mode %o, want 700", got)
		}
		if socket := filepath.Join(pg.Folder(), ".s.PGSQL.5432"); len(socket) >= 100 {
			t.Errorf("socket path %s has %d bytes, want less than 100", socket, len(socket))
		}
	})
}

func TestPostgresStop(t *testing.T) {
	t.Parallel()
	t.Run("ends it and leaves nothing", func(t *testing.T) {
		t.Parallel()
		pg := startPostgres(t, embedded.Postgres{Volatile: true})
		connect(t, pg.URL("")) // an open connection does not hold it up
		pid := pg.Pid()
		check(t, pg.Stop())
		if _, err := os.Stat(pg.Folder()); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("folder after Stop: %v, want it gone", err)
		}
		if err := unix.Kill(pid, 0); !errors.Is(err, unix.ESRCH) {
			t.Errorf("process after Stop: %v, want it gone", err)
		}
		check(t, pg.Stop())
	})
	t.Run("outlived by a crash and resumed", func(t *testing.T) {
		t.Parallel()
		pg := startPostgres(t, embedded.Postgres{Volatile: true})
		conn := connect(t, pg.URL(""))
		_, err := conn.Exec(t.Context(), "CREATE TABLE kept AS SELECT 7 AS n")
		check(t, err)
		check(t, pg.Crash())
		if _, err := pgx.Connect(t.Context(), pg.URL("")); err == nil {
			t.Error("a crashed server took a connection")
		}
		check(t, pg.Resume(t.Context()))
		var n int
		check(t, connect(t, pg.URL("")).QueryRow(t.Context(), "SELECT n FROM kept").Scan(&n))
		if n != 7 {
			t.Errorf("row after a crash is %d, want 7", n)
		}
	})
}

func TestPostgresKeep(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(sharedDir(t), "data")
	pg, err := embedded.StartPostgres(t.Context(), embedded.Postgres{Dir: dir})
	check(t, err)
	_, err = connect(t, pg.URL("")).Exec(t.Context(), "CREATE TABLE kept AS SELECT 'つなぎ' AS word")
	check(t, err)

	if _, err := embedded.StartPostgres(t.Context(), embedded.Postgres{Dir: dir}); err == nil || !strings.Contains(err.Error(), "in use by process") {
		t.Errorf("second server over the same data: %v, want it refused as in use", err)
	}
	check(t, pg.Stop())

	var word string
	again := startPostgres(t, embedded.Postgres{Dir: dir})
	check(t, connect(t, again.URL("")).QueryRow(t.Context(), "SELECT word FROM kept").Scan(&word))
	if word != "つなぎ" {
		t.Errorf("kept row is %q, want つなぎ", word)
	}
}

func TestPostgresParentDies(t *testing.T) {
	t.Parallel()
	t.Run("it goes too, and its folder is swept", func(t *testing.T) {
		t.Parallel()
		tmp := sharedDir(t)
		c := startChild(t, "", tmp, nil)
		connect(t, c.url)
		gone := watch(t, c.pid)
		check(t, c.cmd.Process.Kill())
		gone()
		c.cmd.Wait()
		startChild(t, "", tmp, nil)
		if _, err := os.Stat(c.folder); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("folder of the dead process: %v, want it swept", err)
		}
	})
	t.Run("what is in memory goes at once", func(t *testing.T) {
		t.Parallel()
		c := startChild(t, "volatile", os.TempDir(), nil)
		if !strings.HasPrefix(c.folder, "/dev/shm/") {
			t.Skip("no room in memory")
		}
		check(t, c.cmd.Process.Kill())
		c.cmd.Wait()
		testwait.Until(t, "its folder is gone", func() bool {
			_, err := os.Stat(c.folder)
			return errors.Is(err, fs.ErrNotExist)
		})
	})
	t.Run("kept data are there for the next", func(t *testing.T) {
		t.Parallel()
		dir := sharedDir(t)
		c := startChild(t, dir, os.TempDir(), nil)
		_, err := connect(t, c.url).Exec(t.Context(), "CREATE TABLE kept AS SELECT 7 AS n")
		check(t, err)
		check(t, c.cmd.Process.Kill())
		c.cmd.Wait() // its Postgres may still be closing down
		_, err = connect(t, startPostgres(t, embedded.Postgres{Dir: dir}).URL("")).Exec(t.Context(), "SELECT n FROM kept")
		check(t, err)
	})
	t.Run("kept data still served are taken over", func(t *testing.T) {
		t.Parallel()
		dir := sharedDir(t)
		left := startPostgres(t, embedded.Postgres{Dir: dir})
		_, err := connect(t, left.URL("")).Exec(t.Context(), "CREATE TABLE kept AS SELECT 7 AS n")
		check(t, err)
		left.Abandon()
		_, err = connect(t, startPostgres(t, embedded.Postgres{Dir: dir}).URL("")).Exec(t.Context(), "SELECT n FROM kept")
		check(t, err)
	})
	t.Run("one left running is ended by the next start", func(t *testing.T) {
		t.Parallel()
		left := startPostgres(t, embedded.Postgres{Volatile: true})
		connect(t, left.URL(""))
		left.Abandon()
		startPostgres(t, embedded.Postgres{Volatile: true})
		select {
		case <-left.Gone():
		default:
			t.Error("the server of a dead process still runs after the next start")
		}
		if _, err := os.Stat(left.Folder()); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("its folder: %v, want it swept", err)
		}
	})
	t.Run("a live one is let be", func(t *testing.T) {
		t.Parallel()
		c := startChild(t, "", os.TempDir(), nil)
		startPostgres(t, embedded.Postgres{Volatile: true})
		_, err := connect(t, c.url).Exec(t.Context(), "SELECT 1")
		check(t, err)
	})
}

// watch returns a function that waits for the process to end.
func watch(t *testing.T, pid int) func() {
	t.Helper()
	handle, err := unix.PidfdOpen(pid, 0)
	check(t, err)
	t.Cleanup(func() { unix.Close(handle) })
	return func() {
		t.Helper()
		if !embedded.Ended(handle, testwait.Limit) {
			t.Error("Postgres outlives its parent")
		}
	}
}

func TestPostgresAccount(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Run("ourselves", func(t *testing.T) {
			t.Parallel()
			checkProcessOwner(t, startPostgres(t, embedded.Postgres{Volatile: true}).Pid(), os.Geteuid())
		})
		return
	}
	t.Run("root is not root to Postgres", func(t *testing.T) {
		t.Parallel()
		as, err := user.Lookup("postgres")
		if err != nil {
			as, err = user.Lookup("nobody")
		}
		check(t, err)
		checkProcessOwner(t, startPostgres(t, embedded.Postgres{Volatile: true}).Pid(), number(t, as.Uid))
	})
	t.Run("another user without a home", func(t *testing.T) {
		t.Parallel()
		as, err := user.Lookup("nobody")
		check(t, err)
		c := startChild(t, "", os.TempDir(), as)
		checkProcessOwner(t, c.pid, number(t, as.Uid))
		check(t, c.input.Close())
		check(t, c.cmd.Wait())
		if _, err := os.Stat(c.folder); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("folder after a clean end: %v, want it gone", err)
		}
	})
	t.Run("root's closed folders are refused in words", func(t *testing.T) {
		t.Parallel()
		closed := filepath.Join(t.TempDir(), "data")
		_, err := embedded.StartPostgres(t.Context(), embedded.Postgres{Dir: closed})
		if err == nil || !strings.Contains(err.Error(), "cannot enter") {
			t.Errorf("data in a folder closed to the server: %v, want it refused with the folder named", err)
		}
	})
}
