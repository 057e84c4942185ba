package embedded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// process is a server that runs as a child and does not outlive this process.
type process struct {
	name  string
	cmd   *exec.Cmd
	ready chan struct{} // closed when it has said that it is ready
	gone  chan struct{} // closed when it and every child of it have ended
	last  []string      // the end of what it printed; read only after gone
}

// program says what to run and how to know that it is ready.
type program struct {
	name  string // in errors
	path  string
	args  []string
	env   []string
	dir   string
	as    *account       // nil: as ourselves
	ready string         // part of the line that means ready
	death syscall.Signal // what it gets when this process dies
	holds []*os.File     // what it and its children keep open
}

// start runs the program until it is ready. When it ends before that, the error carries its last words.
func start(ctx context.Context, p program) (*process, error) {
	out, in, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	c := &process{name: p.name, cmd: p.command(in), ready: make(chan struct{}), gone: make(chan struct{})}
	started := make(chan error, 1)
	go c.run(out, in, p.ready, started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	select {
	case <-c.ready:
		return c, nil
	case <-c.gone:
		return nil, fmt.Errorf("start %s: it ended at once (%s): %s", p.name, c.cmd.ProcessState, c.lastWords())
	case <-ctx.Done():
		err := c.stop(signal{syscall.SIGQUIT, time.Second})
		return nil, errors.Join(fmt.Errorf("start %s: not ready in time: %w", p.name, ctx.Err()), err)
	}
}

func (p program) command(output *os.File) *exec.Cmd {
	cmd := exec.Command(p.path, p.args...)
	cmd.Dir, cmd.Env = p.dir, p.env
	cmd.Stdout, cmd.Stderr = output, output
	cmd.ExtraFiles = p.holds
	cmd.SysProcAttr = childAttributes(p.as, p.death)
	return cmd
}

// childAttributes tie a child to this process: it gets the signal when we die. Its own process group keeps a Ctrl-C at
// the terminal from it, so that a graceful stop still finds its database.
func childAttributes(as *account, death syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: death, Credential: as.credential()}
}

// run starts the child and stays with it on one OS thread: the parent-death signal is sent when the thread that forked
// ends, which the Go runtime would be free to do (https://go.dev/issue/27505). The pipe is at its end only when every
// child of the child has let go of it.
func (c *process) run(out, in *os.File, ready string, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer out.Close()
	err := c.cmd.Start()
	in.Close()
	started <- err
	if err != nil {
		return
	}
	c.listen(out, ready)
	c.cmd.Wait() // how it ended is in cmd.ProcessState
	close(c.gone)
}

func (c *process) listen(out io.Reader, ready string) {
	waiting := true
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if line = strings.TrimSpace(line); line != "" {
			c.last = append(c.last[max(0, len(c.last)-9):], line)
		}
		if waiting && strings.Contains(line, ready) {
			waiting = false
			close(c.ready)
		}
		if err != nil {
			return
		}
	}
}

func (c *process) lastWords() string {
	return strings.Join(c.last, " | ")
}

// signal is one way to ask a process to end, and how long to wait for it.
type signal struct {
	send     syscall.Signal
	patience time.Duration
}

// stop sends the signals in turn until the process has ended, and kills it when they were not heeded.
func (c *process) stop(signals ...signal) error {
	for _, s := range append(signals, signal{syscall.SIGKILL, 30 * time.Second}) {
		// A process that has ended meanwhile is what we want: gone tells.
		c.cmd.Process.Signal(s.send)
		patience := time.NewTimer(s.patience)
		select {
		case <-c.gone:
			patience.Stop()
			return nil
		case <-patience.C:
		}
	}
	return fmt.Errorf("stop %s: process %d is still there after being killed", c.name, c.cmd.Process.Pid)
}

// serverEnv is all that a server gets of an environment: nothing of ours changes how it behaves.
func serverEnv() []string {
	return []string{"LC_ALL=C.UTF-8", "TZ=UTC", "PATH=" + os.Getenv("PATH")}
}
