package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"tsunagi/store"
	"tsunagi/store/storetest"
)

// Copies of one event come to two replicas, to one alone and to the other in a round, each of which has what it has when the
// other begins. One of them takes the event, and neither fails: everybody takes hold of the person first and of the event
// then (docs/locks.md). With the other order in one of them Postgres ends it with 40P01.
func TestHear_copies_on_two_replicas(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]bool{"of somebody known": true, "of a stranger": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t)
			one := storetest.Open(t, url, store.Options{NewID: uuid.New})
			two := storetest.Open(t, url, store.Options{NewID: uuid.New})
			if known {
				hear(t.Context(), one, "E-before", "U1")
			}
			round, alone := make(chan taken, 1), make(chan taken, 1)
			_ = one.InTx(t.Context(), func(tx *store.Tx) error { // keeps the round in its middle, where it holds the person
				for _, event := range []string{"E-first", "E-last"} { // Postgres may begin with either
					if _, err := tx.Take(t.Context(), event); err != nil {
						t.Error(err)
					}
				}
				go func() { round <- hearTogether(t.Context(), two, "U1", "E-first", "E", "E-last") }()
				waiters(t, url, 1)
				go func() { alone <- hear(t.Context(), one, "E", "U1") }()
				waiters(t, url, 2)
				return errors.New("the event was not to be taken")
			})
			together, single := <-round, <-alone
			if together.err != nil || single.err != nil {
				t.Fatalf("in a round: %v; alone: %v", together.err, single.err)
			}
			if !together.fresh || single.fresh {
				t.Errorf("taken in a round: %v, which came first; alone: %v", together.fresh, single.fresh)
			}
		})
	}
}

// taken is whether an event was taken by a transaction, and how that ended.
type taken struct {
	fresh bool
	err   error
}

func hear(ctx context.Context, db *store.DB, event, user string) (got taken) {
	got.err = db.InTx(ctx, func(tx *store.Tx) (err error) {
		_, got.fresh, err = tx.Hear(ctx, event, user)
		return err
	})
	return got
}

// hearTogether tells of E.
func hearTogether(ctx context.Context, db *store.DB, user string, events ...string) (got taken) {
	var sounds []store.Sound
	for _, event := range events {
		sounds = append(sounds, store.Sound{Event: event, LineUser: user})
	}
	got.err = db.InTx(ctx, func(tx *store.Tx) error {
		heard, err := tx.HearTogether(ctx, sounds)
		got.fresh = heard["E"].Fresh
		return err
	})
	return got
}
