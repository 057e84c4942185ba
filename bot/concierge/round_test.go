package concierge_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"tsunagi/bot/concierge"
	"tsunagi/bot/msg"
	"tsunagi/store"
	"tsunagi/store/session"
)

// person is the n-th of many.
func person(n int) string { return fmt.Sprintf("U%032x", n) }

// from is an event of somebody.
func (k *talk) from(n int, e concierge.Event) concierge.Event {
	k.prepare(&e)
	e.User = person(n)
	return e
}

func said(words string) concierge.Event { return concierge.Event{Kind: concierge.Said, Text: words} }

func proposes() concierge.Event {
	return concierge.Event{Kind: concierge.Pressed, Press: msg.Do("menu.propose")}
}

func TestTogether(t *testing.T) {
	t.Parallel()
	t.Run("everybody gets an answer of their own", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.allTogether(proposes())
		k.allTogether(said("企業"))
		for n := range 3 {
			k.stands(n, 2, 2)
		}
	})
	t.Run("a repeat changes nothing", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		first := k.from(0, proposes())
		for range 2 {
			k.together(first, k.from(1, said("状況")))
		}
		k.stands(0, 1, 1)
	})
	t.Run("who would have to wait goes alone, and the others do not wait", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.allTogether(proposes())
		err := k.db.InTx(t.Context(), func(tx *store.Tx) error {
			if _, _, err := tx.Hear(t.Context(), "elsewhere", person(1)); err != nil {
				return err
			}
			waits := k.from(1, said("企業"))
			took, err := k.c.Together(t.Context(), k.from(0, said("企業")), waits, k.from(2, said("企業")))
			if err == nil && (took[waits.ID] || len(took) != 3) {
				t.Errorf("took %v, want all but %s", took, waits.ID)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		k.stands(0, 2, 2)
		k.stands(1, 1, 1)
		k.stands(2, 2, 2)
	})
	t.Run("an event that fails brings nobody down", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.allTogether(proposes())
		bad := k.from(1, said("企業"))
		k.refuses(bad.ID)
		if _, err := k.c.Together(t.Context(), k.from(0, said("企業")), bad); err == nil {
			t.Fatal("want the round to fail")
		}
		k.stands(0, 1, 1)
		k.handleAll(k.from(0, said("企業")), bad, k.from(2, said("企業")))
		k.stands(0, 2, 2)
		k.stands(1, 1, 1)
		k.stands(2, 2, 2)
	})
}

// TestCrowd has everybody at once, with every event twice: each must have the effect of one.
func TestCrowd(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	const people = 40
	for i, e := range []concierge.Event{proposes(), said("企業"), said("連携の提案"), said("株式会社だんじり商事")} {
		var all []concierge.Event
		for n := range people {
			one := k.from(n, e)
			all = append(all, one, one)
		}
		k.handleAll(all...)
		for n := range people {
			k.stands(n, int64(i+1), i+1)
		}
	}
}

// together wants all events committed in one round.
func (k *talk) together(events ...concierge.Event) {
	k.t.Helper()
	took, err := k.c.Together(k.t.Context(), events...)
	for _, e := range events {
		if !took[e.ID] {
			k.t.Fatalf("%s did not go with the others: %v", e.ID, err)
		}
	}
}

// allTogether lets three people do the same in one round.
func (k *talk) allTogether(e concierge.Event) {
	k.t.Helper()
	k.together(k.from(0, e), k.from(1, e), k.from(2, e))
}

// handleAll handles events at the same time; some may be refused by Postgres.
func (k *talk) handleAll(events ...concierge.Event) {
	var all sync.WaitGroup
	for _, e := range events {
		all.Go(func() { _ = k.c.Handle(context.WithoutCancel(k.t.Context()), e) })
	}
	all.Wait()
}

// stands wants a person's talk to have moved so often, and so many answers put to the person: by this process,
// or, where it did not hear in time that it was committed, by whoever looks.
func (k *talk) stands(n int, revision int64, answers int) {
	k.t.Helper()
	talk, err := k.db.TalkOf(k.t.Context(), person(n))
	if err != nil {
		k.t.Fatal(err)
	}
	put := k.count(`SELECT count(*) FROM deliveries WHERE lane = $1`, store.LineLane(person(n)))
	if talk.Revision != revision || put != answers {
		k.t.Errorf("person %d is at revision %d with %d answers, want %d with %d", n, talk.Revision, put, revision, answers)
	}
}

// refuses lets Postgres fail on one event.
func (k *talk) refuses(event string) {
	k.t.Helper()
	conn, err := pgx.Connect(k.t.Context(), k.url)
	if err != nil {
		k.t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(k.t.Context()))
	_, err = conn.Exec(k.t.Context(), `ALTER TABLE deliveries ADD CONSTRAINT refused CHECK (event <> '`+event+`')`)
	if err != nil {
		k.t.Fatal(err)
	}
}

// TestSession: once a concierge is closed, Redis has each talk as it was committed.
func TestSession(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.handleAll(k.from(0, proposes()), k.from(1, proposes()), k.from(2, proposes()))
	if err := k.c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	o, err := redis.ParseURL(k.redis.URL())
	if err != nil {
		t.Fatal(err)
	}
	sessions := session.New(redis.NewClient(o))
	defer sessions.Close()
	found, err := sessions.Load(t.Context(), person(0), person(1), person(2))
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		var kept struct {
			Revision int64 `json:"r"`
		}
		if err := json.Unmarshal(found[person(n)], &kept); err != nil || kept.Revision != 1 {
			t.Errorf("person %d: Redis has revision %d, %v, want 1", n, kept.Revision, err)
		}
	}
}
