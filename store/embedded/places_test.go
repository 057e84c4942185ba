package embedded_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"tsunagi/store/embedded"
)

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	check(t, err)
	return n
}

func checkProcessOwner(t *testing.T, pid, uid int) {
	t.Helper()
	var info unix.Stat_t
	check(t, unix.Stat(filepath.Join("/proc", strconv.Itoa(pid)), &info))
	if int(info.Uid) != uid {
		t.Errorf("Postgres runs as user %d, want %d", info.Uid, uid)
	}
}

// install puts files named as Postgres's programs into a folder.
func install(t *testing.T, dir string, mode fs.FileMode) string {
	t.Helper()
	check(t, os.MkdirAll(dir, 0o755))
	for _, name := range []string{"initdb", "postgres"} {
		check(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), mode))
	}
	return dir
}

func TestSearchBinaries(t *testing.T) {
	t.Parallel()
	debian := t.TempDir()
	nine := install(t, filepath.Join(debian, "9.6", "bin"), 0o755)
	sixteen := install(t, filepath.Join(debian, "16", "bin"), 0o755)
	install(t, filepath.Join(debian, "17", "bin"), 0o644) // removed but for rests
	elsewhere := install(t, t.TempDir(), 0o755)
	linked := t.TempDir()
	check(t, os.Symlink(filepath.Join(elsewhere, "postgres"), filepath.Join(linked, "postgres")))
	for _, c := range []struct{ name, debian, path, version, want string }{
		{"newest that is whole", debian, elsewhere, "", sixteen},
		{"the one that made the data", debian, elsewhere, "9.6", nine},
		{"newest when that one is gone", debian, elsewhere, "14", sixteen},
		{"path when Debian has none", t.TempDir(), "/nonexistent:" + elsewhere, "", elsewhere},
		{"through a link in the path", t.TempDir(), linked, "", elsewhere},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := embedded.SearchBinaries(c.debian, c.path, c.version)
			if err != nil || got != c.want {
				t.Errorf("got %s, %v, want %s", got, err, c.want)
			}
		})
	}
	t.Run("none, in one clear line", func(t *testing.T) {
		t.Parallel()
		_, err := embedded.SearchBinaries(t.TempDir(), "/nonexistent", "")
		if !errors.Is(err, embedded.ErrNoPostgres) || !strings.Contains(err.Error(), "apt-get install postgresql") || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want one line on how to install", err)
		}
	})
}

func TestPostgresBin(t *testing.T) {
	t.Parallel()
	_, err := embedded.StartPostgres(t.Context(), embedded.Postgres{Bin: "/nonexistent/bin"})
	if !errors.Is(err, embedded.ErrNoPostgres) || !strings.Contains(err.Error(), "/nonexistent/bin") {
		t.Errorf("got %v, want the folder named and how to install", err)
	}
	_, err = embedded.StartPostgres(t.Context(), embedded.Postgres{Bin: install(t, t.TempDir(), 0o755)})
	if err == nil || !strings.Contains(err.Error(), "version") {
		t.Errorf("got %v, want that it tells no version", err)
	}
}

func TestCanReach(t *testing.T) {
	t.Parallel()
	shared := sharedDir(t)
	closed := filepath.Join(shared, "closed")
	check(t, os.MkdirAll(filepath.Join(closed, "inner"), 0o755))
	check(t, os.Chmod(closed, 0o700))
	me, group := strconv.Itoa(os.Geteuid()), strconv.Itoa(os.Getegid())
	if err := embedded.CanReach("stranger", "12345", "12345", shared); err != nil {
		t.Errorf("stranger at an open folder: %v", err)
	}
	if err := embedded.CanReach("me", me, group, filepath.Join(closed, "inner")); err != nil {
		t.Errorf("owner at a folder closed to others: %v", err)
	}
	err := embedded.CanReach("stranger", "12345", "12345", filepath.Join(closed, "inner"))
	if err == nil || !strings.Contains(err.Error(), "cannot enter "+closed+":") {
		t.Errorf("stranger below a closed folder: %v, want that folder named", err)
	}
	check(t, os.Chmod(closed, 0o710))
	if err := embedded.CanReach("mate", "12345", group, filepath.Join(closed, "inner")); err != nil {
		t.Errorf("member of the group: %v", err)
	}
}

// These change the environment of the process, hence not in parallel.
func TestBaseFolder(t *testing.T) {
	t.Run("in TMPDIR", func(t *testing.T) {
		tmp := sharedDir(t)
		t.Setenv("TMPDIR", tmp)
		if got, err := embedded.BaseFolder(); err != nil || filepath.Dir(got) != tmp {
			t.Errorf("got %s, %v, want a folder in %s", got, err, tmp)
		}
	})
	t.Run("in /tmp when TMPDIR is too long for a socket", func(t *testing.T) {
		long := filepath.Join(sharedDir(t), strings.Repeat("long", 20))
		check(t, os.Mkdir(long, 0o755))
		t.Setenv("TMPDIR", long)
		if got, err := embedded.BaseFolder(); err != nil || filepath.Dir(got) != "/tmp" {
			t.Errorf("got %s, %v, want a folder in /tmp", got, err)
		}
	})
	t.Run("never one that others can write to", func(t *testing.T) {
		tmp := sharedDir(t)
		t.Setenv("TMPDIR", tmp)
		planted := filepath.Join(tmp, "tsunagi-"+strconv.Itoa(os.Geteuid()))
		check(t, os.Mkdir(planted, 0o700))
		check(t, os.Chmod(planted, 0o777))
		if got, err := embedded.BaseFolder(); err != nil || got == planted {
			t.Errorf("got %s, %v, want another than the planted folder", got, err)
		}
	})
}

// A folder given up is free at once, also while another goroutine starts a child, which holds all open files for a moment.
func TestOwnWhileChildrenStart(t *testing.T) {
	t.Parallel()
	dir, stop := t.TempDir(), make(chan struct{})
	var children sync.WaitGroup
	for range 3 {
		children.Go(func() { startChildren(t, stop) })
	}
	for range 300 {
		if err := embedded.OwnAndRelease(dir); err != nil {
			t.Error(err)
			break
		}
	}
	close(stop)
	children.Wait()
}

func startChildren(t *testing.T, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
			if err := exec.Command("true").Run(); err != nil {
				t.Error(err)
				return
			}
		}
	}
}
