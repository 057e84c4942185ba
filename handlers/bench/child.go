package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// child is a running bot: a process of its own, whose settings are its environment.
type child struct {
	name     string
	cmd      *exec.Cmd
	log      *os.File
	ended    chan error
	addr     string
	admin    string
	database string
	ready    time.Duration // from its start to its first 200 of /readyz
}

// slackToken and the other names are what the bot and its platforms know each other by.
const (
	slackToken  = "xoxb-bench"
	slackSecret = "3a7bc9cd5c0e4d7f9f1f4a1d2b3c4d5e"
	clerk       = "U0CLERK"
	profile     = "kishiwada"
)

// channels are those of the profile: its desk's, and its departments'.
func channels() []string {
	return []string{
		"C0DESK", "C0WELFARE", "C0HEALTH", "C0CHILDREN", "C0EDUCATION", "C0LIFELONG", "C0INDUSTRY", "C0TOURISM", "C0FARMING",
		"C0ENVIRONMENT", "C0SAFETY", "C0COMMUNITY", "C0TOWN", "C0DIGITAL",
	}
}

// serve starts tsunagi over a database, with a Redis database of its own.
func (s *stage) serve(ctx context.Context, database string, redis int) (*child, error) {
	return s.start(ctx, "tsunagi", database, redis, s.binary, "serve")
}

// yardstick starts one of the bots of this program over a database of its own.
func (s *stage) yardstick(ctx context.Context, name string, redis int) (*child, error) {
	database, err := s.database(ctx)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return s.start(ctx, name, database, redis, self, "bot", name)
}

func (s *stage) start(ctx context.Context, name, database string, redis int, argv ...string) (*child, error) {
	b := &child{name: name, database: database, ended: make(chan error, 1)}
	var err error
	if b.addr, err = freeAddr(); err != nil {
		return nil, err
	}
	if b.admin, err = freeAddr(); err != nil {
		return nil, err
	}
	if b.log, err = os.Create(filepath.Join(s.dir, name+"-"+b.addr[len("127.0.0.1:"):]+".log")); err != nil {
		return nil, err
	}
	b.cmd = exec.Command(argv[0], argv[1:]...)
	b.cmd.Env, b.cmd.Stderr, b.cmd.Stdout = s.settings(b, redis), b.log, b.log
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	began := time.Now()
	if err := b.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() { b.ended <- b.cmd.Wait() }()
	if err := b.awaitReady(ctx); err != nil {
		return nil, errors.Join(err, b.stop())
	}
	b.ready = time.Since(began)
	return b, nil
}

// settings is the whole environment, so that nothing of this shell decides.
func (s *stage) settings(b *child, redis int) []string {
	slack := s.slacks
	if b.name == "command" {
		slack = s.line.url + "/api/"
	}
	return []string{
		"DATABASE_URL=" + b.database, "REDIS_URL=" + strings.TrimSuffix(s.redis.URL(), "0") + fmt.Sprint(redis),
		"LISTEN_ADDR=" + b.addr, "ADMIN_ADDR=" + b.admin, "PUBLIC_URL=https://desk.example.jp", "DESK_PROFILE=" + s.profilePath,
		"LINE_CHANNEL_SECRET=" + channelSecret, "LINE_CHANNEL_ACCESS_TOKEN=" + accessToken,
		"LINE_API_URL=" + s.line.url, "LINE_DATA_API_URL=" + s.line.url,
		"SLACK_BOT_TOKEN=" + slackToken, "SLACK_SIGNING_SECRET=" + slackSecret, "SLACK_API_URL=" + slack,
	}
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// startPatience is how long a bot may take until it is ready.
const startPatience = 30 * time.Second

func (b *child) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if b.isReady(ctx) {
				return nil
			}
		case err := <-b.ended:
			b.ended <- err
			return fmt.Errorf("%s ended at its start: %w\n%s", b.name, err, b.tail())
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w\n%s", b.name, ctx.Err(), b.tail())
		}
	}
}

func (b *child) isReady(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+b.addr+"/readyz", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	return res.Body.Close() == nil && res.StatusCode == http.StatusOK
}

// tail is the end of what the bot has logged.
func (b *child) tail() string {
	raw, _ := os.ReadFile(b.log.Name()) // without it there is less to say
	return string(raw[max(0, len(raw)-2000):])
}

// complaints counts the lines of the log at the level of errors, and shows the first of them.
func (b *child) complaints() int {
	raw, _ := os.ReadFile(b.log.Name()) // without it there is nothing to count
	n := 0
	for line := range strings.Lines(string(raw)) {
		if strings.Contains(line, `"level":"ERROR"`) {
			if n++; n <= 3 {
				fmt.Fprintf(os.Stderr, "bench: %s logged: %s", b.name, line)
			}
		}
	}
	return n
}

// stop ends the bot as a supervisor does.
func (b *child) stop() error {
	defer b.log.Close()
	if err := b.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	patience := time.NewTimer(30 * time.Second)
	defer patience.Stop()
	select {
	case err := <-b.ended:
		return err
	case <-patience.C:
		return errors.Join(fmt.Errorf("%s did not stop", b.name), b.cmd.Process.Kill())
	}
}

func (b *child) pid() int { return b.cmd.Process.Pid }
