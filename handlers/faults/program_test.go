package faults_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"tsunagi/store/testwait"
)

// The fault tests run the whole program as its keeper does: the binary, told by its environment alone, between a
// simulated LINE and a simulated Slack, over a real Postgres and a Redis. What people saw, as the two simulators have
// recorded it, is compared with what the database holds. TSUNAGI_FAULTS=long lets them run for longer.

// waiting is how many of these tests run at once: they wait for most of their time.
const waiting = "10"

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.parallel").Value.String() == fmt.Sprint(runtime.GOMAXPROCS(0)) {
		_ = flag.Set("test.parallel", waiting) // a flag of package testing, which takes a number
	}
	os.Exit(inFolder(m.Run))
}

// folderName is where the name of the folder for the binary is kept while the tests run.
const folderName = "TSUNAGI_FAULTS_FOLDER"

// inFolder runs the tests with a folder for the binary, which is removed afterwards.
func inFolder(run func() int) int {
	dir, err := os.MkdirTemp("", "tsunagi-faults-")
	if err == nil {
		err = os.Setenv(folderName, dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	return run()
}

// long reports whether there is time for the counts of a night.
func long() bool { return os.Getenv("TSUNAGI_FAULTS") == "long" }

// times is a count: few as a rule, many when there is time.
func times(few, many int) int {
	if long() {
		return many
	}
	return few
}

// built is the binary, made once; it looks for data races as the tests themselves do.
var built = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(os.Getenv(folderName), "tsunagi")
	args := []string{"build", "-o", binary}
	if racing {
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, "tsunagi")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return binary, nil
})

// program is one process of Tsunagi.
type program struct {
	cmd         *exec.Cmd
	addr, admin string // where it serves
	begun, gone chan struct{}
	ended       error // how it ended; read after gone

	mu     sync.Mutex
	log    []string
	killed bool
}

// start runs `tsunagi serve` and returns once it serves.
func start(ctx context.Context, env []string) (*program, error) {
	binary, err := built()
	if err != nil {
		return nil, err
	}
	p := &program{cmd: exec.Command(binary, "serve"), begun: make(chan struct{}), gone: make(chan struct{})}
	p.cmd.Env = env
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	ready := make(chan error, 1)
	go p.run(ready)
	select {
	case err := <-ready:
		return p, err
	case <-ctx.Done():
		p.kill()
		return nil, fmt.Errorf("start the program: %w\n%s", ctx.Err(), p.said())
	}
}

// run stays on one thread, with which the process would be ended: https://go.dev/issue/27505.
func (p *program) run(ready chan<- error) {
	runtime.LockOSThread()
	defer close(p.gone)
	out, err := p.cmd.StderrPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	close(p.begun)
	if err != nil {
		ready <- err
		return
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		p.hear(lines.Text(), ready)
	}
	p.ended = p.cmd.Wait()
	select {
	case ready <- fmt.Errorf("the program ended at once (%v): %s", p.ended, p.said()):
	default:
	}
}

func (p *program) hear(line string, ready chan<- error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = append(p.log, line)
	var serving struct{ Msg, Addr, Admin string }
	if p.addr == "" && json.Unmarshal([]byte(line), &serving) == nil && serving.Msg == "serving" {
		p.addr, p.admin = serving.Addr, serving.Admin
		ready <- nil
	}
}

// said is all that the program has logged.
func (p *program) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.log, "\n")
}

// kill ends the process as a crash does, and waits until it is gone.
func (p *program) kill() {
	p.mu.Lock()
	p.killed = true
	p.mu.Unlock()
	<-p.begun
	if p.cmd.Process != nil {
		_ = p.cmd.Process.Kill() // one that has ended is what we want
	}
	<-p.gone
}

// stop ends the process as its keeper does.
func (p *program) stop() error {
	p.mu.Lock()
	killed := p.killed
	p.mu.Unlock()
	if killed {
		return nil
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // one that has ended says why below
	ctx, cancel := testwait.Bound(context.Background())
	defer cancel()
	select {
	case <-p.gone:
		return p.ended
	case <-ctx.Done():
		p.kill()
		return errors.New("the program does not stop")
	}
}
