package embedded

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	// sharedMemory is the file system in memory that Linux mounts for everybody.
	sharedMemory = "/dev/shm"
	// room is what has to be free there: far more than a test run fills, which is some hundred megabytes.
	room = 2 << 30
)

// hasRoom says whether the folder is in memory, with room for servers. In a container it often has 64 MB alone.
func hasRoom(dir string) bool {
	var info unix.Statfs_t
	if unix.Statfs(dir, &info) != nil || info.Type != unix.TMPFS_MAGIC {
		return false
	}
	return info.Bavail*uint64(info.Bsize) >= room
}

// volatileBase is where volatile servers live: in memory if possible. A database of its own for each test is three
// hundred files, and to make and remove those on a disk takes longer than most tests.
func volatileBase(as *account) (base string, inMemory bool, err error) {
	if hasRoom(sharedMemory) {
		if base, err = baseFolder(as, sharedMemory); err == nil && hasRoom(base) {
			return base, true, nil
		}
	}
	base, err = baseFolder(as)
	return base, false, err
}

// janitor removes a folder in memory as soon as this process and the server have ended, however they ended: memory does
// not wait for the next start to sweep.
type janitor struct{ held *os.File }

// newJanitor starts one. It waits for the end of a pipe whose other end this process holds, and the server, too.
func newJanitor(dir string) (*janitor, error) {
	wait, held, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("watch over %s: %w", dir, err)
	}
	defer wait.Close()
	cmd := exec.Command("/bin/sh", "-c", `read -r _; exec rm -rf -- "$1"`, "janitor", dir)
	cmd.Dir, cmd.Env, cmd.Stdin = "/", serverEnv(), wait
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a Ctrl-C is not for it
	if err := cmd.Start(); err != nil {
		held.Close()
		return nil, fmt.Errorf("watch over %s: %w", dir, err)
	}
	go cmd.Wait()
	return &janitor{held: held}, nil
}

// holds is what the server has to hold open.
func (j *janitor) holds() []*os.File {
	if j == nil {
		return nil
	}
	return []*os.File{j.held}
}

// release lets it do its work.
func (j *janitor) release() {
	if j != nil {
		j.held.Close()
	}
}
