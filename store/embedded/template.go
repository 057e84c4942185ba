package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// initialize fills the data folder unless it is there. It appears under its name only when complete.
func (s *PostgresServer) initialize(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(s.data, "PG_VERSION")); err == nil {
		return nil
	}
	fresh := s.data + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("clear an unfinished data folder: %w", err)
	}
	if err := s.fill(ctx, fresh); err != nil {
		return fmt.Errorf("make a data folder: %w", err)
	}
	if !s.volatile && s.kept != nil {
		if err := syncTree(fresh); err != nil {
			return fmt.Errorf("make a data folder durable: %w", err)
		}
	}
	if err := os.Rename(fresh, s.data); err != nil {
		return fmt.Errorf("make a data folder: %w", err)
	}
	return nil
}

// fill copies the template, which the first process to need it makes: a copy takes a fifth of what initdb does.
func (s *PostgresServer) fill(ctx context.Context, data string) error {
	cache, err := s.templateFolder(ctx)
	if err != nil {
		return err
	}
	template := filepath.Join(cache, "data")
	copied := func() error { return copyTree(template, data, s.as) }
	err = locked(cache, syscall.LOCK_SH, copied)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return locked(cache, syscall.LOCK_EX, func() error {
		if err := s.makeTemplate(ctx, template); err != nil {
			return err
		}
		return copied()
	})
}

// templateFolder is where the template for these binaries and this user is kept: the user's cache, or for a user
// without a home the folder of the private servers.
func (s *PostgresServer) templateFolder(ctx context.Context) (string, error) {
	major, err := s.bin.major(ctx)
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("postgres-%s-%d", major, os.Geteuid())
	if cache, err := os.UserCacheDir(); err == nil {
		dir := filepath.Join(cache, "tsunagi", name)
		if os.MkdirAll(dir, 0o700) == nil && unix.Access(dir, unix.W_OK) == nil {
			return dir, nil
		}
	}
	dir := filepath.Join(filepath.Dir(s.run.path), name)
	return dir, os.MkdirAll(dir, 0o700)
}

// makeTemplate runs initdb where the server's account may write, and moves the result to its place when complete.
func (s *PostgresServer) makeTemplate(ctx context.Context, template string) error {
	if _, err := os.Stat(template); err == nil {
		return nil // another process was first
	}
	made := filepath.Join(s.run.path, "initdb")
	if err := s.initdb(ctx, made); err != nil {
		return err
	}
	defer os.RemoveAll(made)
	unfinished := template + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	if err := copyTree(made, unfinished, nil); err != nil {
		return err
	}
	return os.Rename(unfinished, template)
}

func (s *PostgresServer) initdb(ctx context.Context, data string) error {
	// The thread that forks must outlive the child, see process.run.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(ctx, s.bin.initdb(), "-D", data, "-U", superuser, "--auth=trust",
		"--encoding=UTF8", "--no-sync", "--no-instructions")
	cmd.Dir, cmd.Env = s.run.path, serverEnv()
	cmd.SysProcAttr = childAttributes(s.as, syscall.SIGKILL)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

// copyTree copies a data folder and hands the copy to the account. It is fs.ErrNotExist when there is none to copy.
func copyTree(from, to string, as *account) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		if entry.IsDir() {
			err = os.Mkdir(target, 0o700)
		} else {
			err = copyFile(path, target)
		}
		if err != nil {
			return err
		}
		return as.give(target)
	})
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// syncTree makes sure that what was copied survives a crash of the machine.
func syncTree(dir string) error {
	handle, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer handle.Close()
	return unix.Syncfs(int(handle.Fd()))
}
