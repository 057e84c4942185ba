package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// reap ends a Postgres that still runs over the data folder of a process that is no more, first with the given signal.
func reap(data string, first syscall.Signal) error {
	pid, ok := postmaster(data)
	if !ok {
		return nil
	}
	handle, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, syscall.ESRCH) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("watch process %d: %w", pid, err)
	}
	defer unix.Close(handle)
	// Between reading the pid and opening its handle the number may have changed hands.
	if again, ok := postmaster(data); !ok || again != pid {
		return nil
	}
	for _, s := range []signal{{first, 20 * time.Second}, {syscall.SIGQUIT, 5 * time.Second}, {syscall.SIGKILL, 5 * time.Second}} {
		unix.PidfdSendSignal(handle, unix.Signal(s.send), nil, 0) // if it has ended, the wait says so
		if ended(handle, s.patience) {
			return nil
		}
	}
	return fmt.Errorf("end the Postgres left over in %s: process %d does not go", data, pid)
}

// postmaster is the process that serves the data folder. The number in its pid file counts only if that process works in
// the folder, as a postmaster does.
func postmaster(data string) (int, bool) {
	content, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return 0, false
	}
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		return 0, false
	}
	cwd, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	return pid, err == nil && cwd == data
}

// ended waits for the process behind the handle.
func ended(handle int, patience time.Duration) bool {
	until := time.Now().Add(patience)
	for {
		left := max(0, time.Until(until).Milliseconds())
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(handle), Events: unix.POLLIN}}, int(left))
		if !errors.Is(err, syscall.EINTR) {
			return n > 0
		}
	}
}
