package main

import (
	"fmt"
	"io"
	"strings"
)

// report collects the figures as they come: each table goes out at once, and all of them make the page.
type report struct {
	out  io.Writer
	text strings.Builder
}

func (r *report) say(format string, args ...any) {
	words := fmt.Sprintf(format, args...)
	r.text.WriteString(words)
	_, _ = io.WriteString(r.out, words) // what cannot be printed cannot be complained about
}

// table writes rows under a heading, in columns of even width so that it reads well in a terminal too.
func (r *report) table(heading string, head []string, rows [][]string) {
	r.say("\n## %s\n\n", heading)
	wide := make([]int, len(head))
	for _, row := range append([][]string{head}, rows...) {
		for i, cell := range row {
			wide[i] = max(wide[i], len([]rune(cell)))
		}
	}
	r.row(head, wide)
	rule := make([]string, len(head))
	for i := range rule {
		rule[i] = strings.Repeat("-", wide[i])
	}
	r.row(rule, wide)
	for _, row := range rows {
		r.row(row, wide)
	}
}

func (r *report) row(cells []string, wide []int) {
	for i, cell := range cells {
		r.say("| %s%s ", cell, strings.Repeat(" ", wide[i]-len([]rune(cell))))
	}
	r.say("|\n")
}

func (r *report) head(lines string) { r.say("%s\n", lines) }

func (r *report) foot(line string) { r.say("\n%s\n", line) }

// page is docs/performance.md.
func page(r *report) string {
	return `# Performance

What ` + "`make bench`" + ` printed in one run, goals beside it. It builds the program, runs it with settings from the
environment alone against a real Postgres that syncs and a real redis-server, and counts every answer at platforms of
its own. The generator, the platforms and both databases share the cores with the bot, so figures of different runs or
machines do not compare; figures within a run do. ` + "`bare`" + ` verifies, parses with the SDK and replies, and keeps
nothing. ` + "`plain`" + ` adds one Redis read and write and one durable insert; it keeps no order, knows no repeats and
loses an answer with its process.

` + r.text.String()
}

// against says how a figure stands to its goal.
func against(reached bool, goal string) string {
	if reached {
		return goal + " ✓"
	}
	return goal + " ✗"
}
