package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// machine says where this was measured, and how fast its disk and its databases are by themselves.
func machine(ctx context.Context, s *stage) string {
	var postgres, sync string
	commit := time.Duration(0)
	if conn, err := pgx.Connect(ctx, s.pg.URL("")); err == nil {
		defer conn.Close(ctx)
		_ = conn.QueryRow(ctx, `SELECT current_setting('server_version'), current_setting('fsync') || '/' ||
			current_setting('synchronous_commit')`).Scan(&postgres, &sync) // what cannot be read is left out
		commit = commitTime(ctx, conn)
	}
	number, _, _ := strings.Cut(postgres, " ")
	length := "whole"
	if s.short {
		length = "short"
	}
	return fmt.Sprintf(`Measured %s: %d cores of %s, %s, Go %s, Postgres %s (fsync/synchronous_commit %s, else as installed),
Redis %s. One durable commit by one client takes %s here. %s %s
The %s run; medians of several turns taken in rotation.`,
		time.Now().UTC().Format("2006-01-02"), runtime.NumCPU(), cpu(), kernel(), strings.TrimPrefix(runtime.Version(), "go"),
		number, sync, redisVersion(ctx), ms(commit), holes(3*time.Second), machineLoad(), length)
}

// commitTime is the median of small durable transactions.
func commitTime(ctx context.Context, conn *pgx.Conn) time.Duration {
	if _, err := conn.Exec(ctx, `CREATE TABLE commits (n int)`); err != nil {
		return 0
	}
	var took []float64
	for n := range 500 {
		began := time.Now()
		if _, err := conn.Exec(ctx, `INSERT INTO commits VALUES ($1)`, n); err != nil {
			return 0
		}
		took = append(took, float64(time.Since(began)))
	}
	return time.Duration(median(took))
}

// holes are what the host takes from this machine: a loop on each core looks at the clock and at nothing else, and notes when
// it could not. No bot can be faster at its 99th percentile than these allow.
func holes(d time.Duration) string {
	const long = 2 * time.Millisecond
	var mu sync.Mutex
	var number int
	var longest time.Duration
	var cores sync.WaitGroup
	for range runtime.NumCPU() {
		cores.Go(func() {
			runtime.LockOSThread()
			for end, last := time.Now().Add(d), time.Now(); last.Before(end); {
				now := time.Now()
				if hole := now.Sub(last); hole >= long {
					mu.Lock()
					number, longest = number+1, max(longest, hole)
					mu.Unlock()
				}
				last = now
			}
		})
	}
	cores.Wait()
	return fmt.Sprintf("An idle core stands still for %s or more %.1f times a second, at most for %s.", ms(long),
		float64(number)/d.Seconds()/float64(runtime.NumCPU()), ms(longest))
}

// machineLoad shows whether somebody else was at work.
func machineLoad() string {
	raw, _ := os.ReadFile("/proc/loadavg")
	load, _, _ := strings.Cut(string(raw), " ")
	return fmt.Sprintf("Load average %s.", load)
}

func cpu() string {
	raw, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(raw)) {
		if name, model, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(model)
		}
	}
	return runtime.GOARCH
}

func kernel() string {
	raw, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return "Linux " + strings.TrimSpace(string(raw))
}

func redisVersion(ctx context.Context) string {
	out, _ := exec.CommandContext(ctx, "redis-server", "--version").Output()
	for _, word := range strings.Fields(string(out)) {
		if v, ok := strings.CutPrefix(word, "v="); ok {
			return v
		}
	}
	return "?"
}
