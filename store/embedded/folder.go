package embedded

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// folder is the private place of one server: its socket, its data, and the mark of the process it belongs to.
type folder struct {
	path string
	mark *owner
}

// longestBase leaves room for a folder and a socket name below the 107 bytes that the kernel takes for a socket's path
// (https://man7.org/linux/man-pages/man7/unix.7.html).
const longestBase = 60

// baseFolder is where this user's folders are: in the first of the given ones, TMPDIR and /tmp where a socket's path fits
// and the account gets.
func baseFolder(as *account, first ...string) (string, error) {
	var faults []error
	for _, tmp := range append(first, os.TempDir(), "/tmp") {
		base := filepath.Join(tmp, "tsunagi-"+strconv.Itoa(os.Geteuid()))
		err := makeBase(base, as)
		if err == nil {
			return base, nil
		}
		faults = append(faults, err)
	}
	return "", fmt.Errorf("find a folder for a private server: %w", errors.Join(faults...))
}

func makeBase(base string, as *account) error {
	if len(base) > longestBase {
		return fmt.Errorf("%s is too long for the path of a socket", base)
	}
	if err := os.Mkdir(base, 0o711); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	info, err := os.Lstat(base)
	if err != nil {
		return err
	}
	// Others can write to /tmp: a link or a folder of theirs under our name is refused.
	if !info.IsDir() || int(info.Sys().(*syscall.Stat_t).Uid) != os.Geteuid() || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s is not a folder that only this user can write to: remove it", base)
	}
	return as.canReach(base)
}

// newFolder makes a folder that belongs to this process until remove.
func newFolder(base string, as *account) (*folder, error) {
	var f *folder
	err := locked(base, syscall.LOCK_EX, func() error {
		path, err := os.MkdirTemp(base, runPrefix)
		if err != nil {
			return err
		}
		f = &folder{path: path}
		if f.mark, err = own(path); err != nil {
			return err
		}
		return as.give(path)
	})
	if err != nil {
		return nil, fmt.Errorf("make a private folder: %w", err)
	}
	return f, nil
}

const runPrefix = "run-"

func (f *folder) remove() error {
	defer f.mark.release()
	return os.RemoveAll(f.path)
}

// sweep removes the folders whose process has ended without doing so, and ends servers that still run in them. What it
// cannot remove waits for the next sweep: a leftover is no reason not to start.
func sweep(base string) {
	var left []*folder
	locked(base, syscall.LOCK_EX, func() error {
		paths, err := filepath.Glob(filepath.Join(base, runPrefix+"*"))
		for _, path := range paths {
			if mark, err := own(path); err == nil {
				left = append(left, &folder{path: path, mark: mark})
			}
		}
		return err
	})
	for _, f := range left {
		if err := reap(filepath.Join(f.path, "data"), syscall.SIGQUIT); err != nil {
			f.mark.release()
			continue
		}
		f.remove()
	}
}

// owner is the mark of a folder's process: a file that it holds locked and that says its pid. The kernel lets go of the
// lock when the process ends, so a number that another process has got since deceives nobody.
type owner struct{ file *os.File }

// own marks the folder as ours, or says whose it is.
func own(dir string) (*owner, error) {
	file, err := os.OpenFile(filepath.Join(dir, "owner"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("mark folder as in use: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer file.Close()
		pid, _ := io.ReadAll(file)
		return nil, fmt.Errorf("folder %s is in use by process %s", dir, strings.TrimSpace(string(pid)))
	}
	if err := writePid(file); err != nil {
		file.Close()
		return nil, fmt.Errorf("mark folder as in use: %w", err)
	}
	return &owner{file: file}, nil
}

func writePid(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// release gives the folder up.
func (o *owner) release() { unlock(o.file) }

// unlock lets go of a lock and closes its file. Closing alone would not do: a child that another goroutine forks at this
// moment has the file open until it becomes its own program.
func unlock(file *os.File) {
	syscall.Flock(int(file.Fd()), syscall.LOCK_UN) // closed already: there is nothing to let go of
	file.Close()
}

// locked runs f while no other process of this user does the like in the folder; how is LOCK_EX, or LOCK_SH to exclude
// only LOCK_EX.
func locked(dir string, how int, f func() error) error {
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer unlock(file)
	for {
		if err = syscall.Flock(int(file.Fd()), how); !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("lock %s: %w", dir, err)
	}
	return f()
}
