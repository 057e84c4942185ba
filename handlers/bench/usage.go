package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tickLength is what /proc counts processor time in: USER_HZ is 100 on every Linux that Go runs on.
// https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
const tickLength = 10 * time.Millisecond

// process is what /proc tells of one process.
type process struct {
	pid, parent int
	name        string
	busy        time.Duration
}

func readProcess(pid int) (p process, err error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return p, err
	}
	open, shut := bytes.IndexByte(raw, '('), bytes.LastIndexByte(raw, ')')
	if open < 0 || shut < open {
		return p, fmt.Errorf("read /proc/%d/stat: no name", pid)
	}
	rest := strings.Fields(string(raw[shut+1:]))
	if len(rest) < 13 {
		return p, fmt.Errorf("read /proc/%d/stat: too short", pid)
	}
	p = process{pid: pid, name: string(raw[open+1 : shut])}
	p.parent, _ = strconv.Atoi(rest[1])
	user, _ := strconv.Atoi(rest[11])
	system, _ := strconv.Atoi(rest[12])
	p.busy = time.Duration(user+system) * tickLength
	return p, nil
}

// memory reads a line of /proc/<pid>/status in MiB: VmHWM is the most that was ever resident, VmRSS what is now.
func memory(pid int, line string) float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), line+":")
	kib, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, _ := strconv.Atoi(kib)
	return float64(n) / 1024
}

// usage is the processor time spent so far by the bot and by whom it works with.
type usage struct{ bot, postgres, redis, self time.Duration }

func (u usage) minus(v usage) usage {
	return usage{u.bot - v.bot, u.postgres - v.postgres, u.redis - v.redis, u.self - v.self}
}

// spent looks at all our descendants: the databases are children of this process, and Postgres' servers theirs.
func spent(bot int) usage {
	all := map[int]process{}
	paths, _ := filepath.Glob("/proc/[0-9]*") // the pattern is right
	for _, path := range paths {
		if pid, err := strconv.Atoi(filepath.Base(path)); err == nil {
			if p, err := readProcess(pid); err == nil {
				all[pid] = p
			}
		}
	}
	var u usage
	me := os.Getpid()
	for pid, p := range all {
		ours := p.parent == me || all[p.parent].parent == me
		switch {
		case pid == me:
			u.self = p.busy
		case pid == bot:
			u.bot = p.busy
		case ours && strings.HasPrefix(p.name, "postgres"):
			u.postgres += p.busy
		case ours && strings.HasPrefix(p.name, "redis"):
			u.redis += p.busy
		}
	}
	return u
}
