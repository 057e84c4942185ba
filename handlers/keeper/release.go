package keeper

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/config"
	"tsunagi/store"
)

// Release lets go what is held since a backup was restored.
type Release struct {
	Before string // drop what is older; empty: nothing
	Yes    bool   // ask nothing
	In     io.Reader
	Out    io.Writer
}

// Run shows what waits, by kind and age and without any content, asks, and releases.
func (r Release) Run(ctx context.Context, environ []string) error {
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

func (r Release) dropBefore() (time.Time, error) {
	if r.Before == "" {
		return time.Time{}, nil
	}
	before, err := time.Parse(time.RFC3339, r.Before)
	if err != nil {
		return before, fmt.Errorf("--drop-before: %q is not a time like 2026-12-01T09:00:00+09:00", r.Before)
	}
	return before, nil
}

func (r Release) of(ctx context.Context, db *store.DB, before time.Time) error {
	e, err := db.Epoch(ctx)
	if err != nil {
		return err
	}
	if e.HeldSince.IsZero() {
		fmt.Fprintln(r.Out, "no deliveries are held")
		return nil
	}
	waiting, err := db.WaitingDeliveries(ctx, db.Now())
	if err != nil {
		return err
	}
	r.show(e, waiting)
	if !r.agreed(before) {
		fmt.Fprintln(r.Out, "nothing was released; all deliveries are held as before")
		return nil
	}
	return r.letGo(ctx, db, before)
}

func (r Release) show(e store.Epoch, waiting []store.WaitingKind) {
	fmt.Fprintf(r.Out, "all deliveries are held since %s; these wait:\n", e.HeldSince.Local().Format(time.RFC3339))
	t := tabwriter.NewWriter(r.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "platform\tkind\tunder an hour\tunder a day\tolder\toldest")
	for _, w := range waiting {
		fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%d\t%s\n", w.Platform, w.Kind, w.Hour, w.Day, w.Earlier, w.Oldest.Local().Format(time.RFC3339))
	}
	_ = t.Flush() // it writes to where the rest goes, too
}

// agreed asks whoever releases. What cannot be read is a no.
func (r Release) agreed(before time.Time) bool {
	question := "release them all?"
	if !before.IsZero() {
		question = "drop those from before " + before.Format(time.RFC3339) + " and release the others?"
	}
	if r.Yes {
		return true
	}
	fmt.Fprintf(r.Out, "%s [y/N] ", question)
	answer, _ := bufio.NewReader(r.In).ReadString('\n')
	return strings.EqualFold(strings.TrimSpace(answer), "y")
}

func (r Release) letGo(ctx context.Context, db *store.DB, before time.Time) error {
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
	fmt.Fprintf(r.Out, "%d released, %d dropped\n", done.Gone, done.Dropped)
	return nil
}
