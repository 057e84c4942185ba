// Package session keeps live conversations in Redis: where each talk stands, with the answers given so far, under the
// revision that Postgres counts.
//
// It never holds the only copy of an answer: what it has lost, or has older than Postgres, the concierge rebuilds from
// the draft. Begin reading with Store.
package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// TTL is how long an idle conversation stays in Redis; after that it is rebuilt from the draft.
const TTL = 7 * 24 * time.Hour

// Store is the conversations of one desk. It is safe for use by many goroutines.
type Store struct{ client redis.UniversalClient }

// New makes a store over a client; see Client for one that waits no longer than a talk may.
func New(client redis.UniversalClient) *Store { return &Store{client: client} }

// Close closes all connections.
func (s *Store) Close() error { return s.client.Close() }

// Ping tells whether Redis answers.
func (s *Store) Ping(ctx context.Context) error { return s.client.Ping(ctx).Err() }

// key has one hash tag per person, so that all keys of a person share a slot in a cluster and people spread over slots.
func key(user string) string { return "{" + user + "}:talk" }

// Talk is a conversation as it is kept, at a revision that Postgres counts.
type Talk struct {
	User     string
	Revision int64
	Data     []byte
}

// Load reads the conversations of several people in one round trip; whoever has none is not among them.
func (s *Store) Load(ctx context.Context, users ...string) (map[string][]byte, error) {
	pipe := s.client.Pipeline()
	asked := make([]*redis.StringCmd, len(users))
	for i, user := range users {
		asked[i] = pipe.HGet(ctx, key(user), "d")
	}
	_, _ = pipe.Exec(ctx) // each question has its own error
	found := make(map[string][]byte, len(users))
	for i, user := range users {
		data, err := asked[i].Bytes()
		switch {
		case err == nil:
			found[user] = data
		case !errors.Is(err, redis.Nil):
			return found, fmt.Errorf("load session: %w", err)
		}
	}
	return found, nil
}

// Save writes conversations in one round trip, each unless a newer revision is there already, as when two replicas finish
// out of order. Saving twice is harmless, so a retry by the client is too.
func (s *Store) Save(ctx context.Context, talks ...Talk) error {
	err := s.saveBy(ctx, save.EvalSha, talks)
	if redis.HasErrorPrefix(err, "NOSCRIPT") { // a Redis that has not heard of it yet
		err = s.saveBy(ctx, save.Eval, talks)
	}
	if err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	return nil
}

type runner func(ctx context.Context, c redis.Scripter, keys []string, args ...any) *redis.Cmd

func (s *Store) saveBy(ctx context.Context, run runner, talks []Talk) error {
	pipe := s.client.Pipeline()
	for _, t := range talks {
		run(ctx, pipe, []string{key(t.User)}, t.Revision, t.Data, int(TTL/time.Second))
	}
	_, err := pipe.Exec(ctx)
	return err
}

var save = redis.NewScript(`
	local have = redis.call('HGET', KEYS[1], 'r')
	if have and tonumber(have) > tonumber(ARGV[1]) then return 0 end
	redis.call('HSET', KEYS[1], 'r', ARGV[1], 'd', ARGV[2])
	redis.call('EXPIRE', KEYS[1], ARGV[3])
	return 1`)
