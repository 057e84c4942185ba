package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"tsunagi/bot"
	"tsunagi/config"
	"tsunagi/store"
)

// release lets go what is held since a backup was restored.
type release struct {
	before string // drop what is older; empty: nothing
	yes    bool   // ask nothing
	in     io.Reader
	out    io.Writer
}

func releaseCommand() *cobra.Command {
	r := release{in: os.Stdin, out: os.Stdout}
	c := subcommand("release", "After a backup was restored: show which deliveries are held, and let them go.", func(ctx context.Context) error {
		return r.run(ctx, os.Environ())
	})
	c.Flags().StringVar(&r.before, "drop-before", "", "drop what was to be sent before then, as in 2026-12-01T09:00:00+09:00")
	c.Flags().BoolVar(&r.yes, "yes", false, "do not ask")
	return c
}

// run shows what waits, by kind and age and without any content, asks, and releases.
func (r release) run(ctx context.Context, environ []string) error {
	before, err := r.dropBefore()
	if err != nil {
		return err
	}
	s, err := config.ReadSettings(environ, config.Release)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, s.DatabaseURL.Reveal(), store.Options{Now: time.Now, NewID: uuid.New, MaxConns: 1})
	if err != nil {
		return config.PostgresFault(s.DatabaseURL, err)
	}
	defer db.Close()
	return config.PostgresFault(s.DatabaseURL, r.of(ctx, db, before))
}

func (r release) dropBefore() (time.Time, error) {
	if r.before == "" {
		return time.Time{}, nil
	}
	before, err := time.Parse(time.RFC3339, r.before)
	if err != nil {
		return before, fmt.Errorf("--drop-before: %q is not a time like 2026-12-01T09:00:00+09:00", r.before)
	}
	return before, nil
}

func (r release) of(ctx context.Context, db *store.DB, before time.Time) error {
	e, err := db.Epoch(ctx)
	if err != nil {
		return err
	}
	if e.HeldSince.IsZero() {
		fmt.Fprintln(r.out, "no deliveries are held")
		return nil
	}
	waiting, err := db.WaitingDeliveries(ctx, db.Now())
	if err != nil {
		return err
	}
	r.show(e, waiting)
	if !r.agreed(before) {
		fmt.Fprintln(r.out, "nothing was released; all deliveries are held as before")
		return nil
	}
	return r.release(ctx, db, before)
}

func (r release) show(e store.Epoch, waiting []store.WaitingKind) {
	fmt.Fprintf(r.out, "all deliveries are held since %s; these wait:\n", e.HeldSince.Local().Format(time.RFC3339))
	t := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "platform\tkind\tunder an hour\tunder a day\tolder\toldest")
	for _, w := range waiting {
		fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%d\t%s\n", w.Platform, w.Kind, w.Hour, w.Day, w.Earlier, w.Oldest.Local().Format(time.RFC3339))
	}
	_ = t.Flush() // it writes to where the rest goes, too
}

// agreed asks whoever releases. What cannot be read is a no.
func (r release) agreed(before time.Time) bool {
	question := "release them all?"
	if !before.IsZero() {
		question = "drop those from before " + before.Format(time.RFC3339) + " and release the others?"
	}
	if r.yes {
		return true
	}
	fmt.Fprintf(r.out, "%s [y/N] ", question)
	answer, _ := bufio.NewReader(r.in).ReadString('\n')
	return strings.EqualFold(strings.TrimSpace(answer), "y")
}

func (r release) release(ctx context.Context, db *store.DB, before time.Time) error {
	var done store.Released
	err := db.InTx(ctx, func(tx *store.Tx) (err error) {
		done, err = tx.ReleaseAll(ctx, before)
		return err
	})
	if bot.KindOf(err) == bot.NotFound {
		return errors.New("somebody else has released them meanwhile")
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(r.out, "%d released, %d dropped\n", done.Gone, done.Dropped)
	return nil
}
