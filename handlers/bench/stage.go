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
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/handlers/slack/slacksim"
	"tsunagi/store/embedded"
)

// stage is what all scenarios stand on: the databases, the two platforms, and the built program.
type stage struct {
	plan
	pg     *embedded.PostgresServer
	redis  *embedded.RedisServer
	line   *platform
	slack  *slacksim.Sim
	office *http.Server
	slacks string // address of Slack's Web API
	dir    string // for the binary and the logs
	// profilePath is where the profile is that it serves
	profilePath string
	phase       atomic.Uint32
	bases       atomic.Uint32 // databases made
}

func newStage(ctx context.Context, p plan) (_ *stage, err error) {
	s := &stage{plan: p}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.dir, err = os.MkdirTemp("", "tsunagi-bench-"); err != nil {
		return nil, err
	}
	if err := errors.Join(s.build(ctx), s.copyProfile(ctx)); err != nil {
		return nil, err
	}
	if s.pg, err = embedded.StartPostgres(ctx, embedded.Postgres{}); err != nil {
		return nil, err
	}
	if s.redis, err = embedded.StartRedisServer(ctx); err != nil {
		return nil, err
	}
	if s.line, err = newPlatform(); err != nil {
		return nil, err
	}
	return s, s.openSlack()
}

// build makes the program as the Dockerfile does.
func (s *stage) build(ctx context.Context) error {
	if s.binary != "" {
		return nil
	}
	s.binary = filepath.Join(s.dir, "tsunagi")
	return compile(ctx, "", s.binary)
}

// compile makes the program of a folder; empty: of this one.
func compile(ctx context.Context, source, binary string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "tsunagi")
	cmd.Dir, cmd.Env = source, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build tsunagi: %w\n%s", err, out)
	}
	return nil
}

// copyProfile writes the desk's profile with bursts switched off: these people answer faster than any could read.
func (s *stage) copyProfile(ctx context.Context) error {
	mod, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("find the module: %w", err)
	}
	whole, err := os.ReadFile(filepath.Join(filepath.Dir(strings.TrimSpace(string(mod))), "config", "profiles", profile+".yaml"))
	if err != nil {
		return err
	}
	before, after, found := strings.Cut(string(whole), "\nintake:\n")
	if !found {
		return fmt.Errorf("the profile %s has no intake", profile)
	}
	s.profilePath = filepath.Join(s.dir, "desk.yaml")
	return os.WriteFile(s.profilePath, []byte(before+"\nintake:\n  talk: {burst: 0s}\n"+after), 0o600)
}

// openSlack makes a workspace in which one of the desk may type commands.
func (s *stage) openSlack() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.slack = slacksim.New(slacksim.Config{
		BotToken: slackToken, SigningSecret: slackSecret, Rates: slacksim.Rates{Off: true}, KeepRecord: 1000,
	})
	s.slack.AddUser(clerk, "clerk")
	for _, c := range channels() {
		s.slack.AddPrivateChannel(c, c, clerk)
	}
	base := "http://" + l.Addr().String()
	s.slack.SetBaseURL(base)
	s.slacks = base + "/api/"
	s.office = &http.Server{Handler: s.slack, ReadHeaderTimeout: 10 * time.Second}
	go s.office.Serve(l) //nolint:errcheck // ends with Close
	return nil
}

func (s *stage) close() {
	if s.office != nil {
		s.slack.Shutdown()
		_ = s.office.Close()
	}
	if s.line != nil {
		s.line.close()
	}
	var faults []error
	if s.redis != nil {
		faults = append(faults, s.redis.Stop())
	}
	if s.pg != nil {
		faults = append(faults, s.pg.Stop())
	}
	faults = append(faults, os.RemoveAll(s.dir))
	if err := errors.Join(faults...); err != nil {
		fmt.Fprintln(os.Stderr, "bench: tidy up:", err)
	}
}

// database makes an empty database and gives its address.
func (s *stage) database(ctx context.Context) (string, error) {
	name := fmt.Sprintf("bench_%d", s.bases.Add(1))
	return s.pg.URL(name), s.admin(ctx, "CREATE DATABASE "+name)
}

func (s *stage) admin(ctx context.Context, sql string) error {
	conn, err := pgx.Connect(ctx, s.pg.URL(""))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}

// seconds is how long to measure: so long, or a third of it when short.
func (s *stage) seconds(n int) time.Duration {
	d := time.Duration(n) * time.Second
	if s.short {
		return d / 3
	}
	return d
}

// times is how often to measure.
func (s *stage) times(n int) int {
	if s.short {
		return max(1, n/3)
	}
	return n
}
