package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
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
Redis %s. One durable commit by one client takes %s here. %s The %s run; medians of several turns taken in rotation.`,
		time.Now().UTC().Format("2006-01-02"), runtime.NumCPU(), cpu(), kernel(), strings.TrimPrefix(runtime.Version(), "go"),
		number, sync, redisVersion(ctx), ms(commit), machineLoad(), length)
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
