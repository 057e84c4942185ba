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

// New makes a store over a client; see Open for one from an address.
func New(client redis.UniversalClient) *Store { return &Store{client: client} }

// Close closes all connections.
func (s *Store) Close() error { return s.client.Close() }

// Ping tells whether Redis answers.
func (s *Store) Ping(ctx context.Context) error { return s.client.Ping(ctx).Err() }

// key has one hash tag per person, so that all keys of a person share a slot in a cluster and people spread over slots.
func key(user string) string { return "{" + user + "}:talk" }

// Load reads a conversation; ok is false if there is none.
func (s *Store) Load(ctx context.Context, user string) (data []byte, ok bool, err error) {
	data, err = s.client.HGet(ctx, key(user), "d").Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("load session: %w", err)
	}
	return data, true, nil
}

// Save writes a conversation unless a newer revision is there already, as when two replicas finish out of order. Saving
// twice is harmless, so a retry by the client is too.
func (s *Store) Save(ctx context.Context, user string, revision int64, data []byte) error {
	err := save.Run(ctx, s.client, []string{key(user)}, revision, data, int(TTL/time.Second)).Err()
	if err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("save session: %w", err)
	}
	return nil
}

// Drop forgets a conversation.
func (s *Store) Drop(ctx context.Context, user string) error {
	if err := s.client.Del(ctx, key(user)).Err(); err != nil {
		return fmt.Errorf("drop session: %w", err)
	}
	return nil
}

var save = redis.NewScript(`
	local have = redis.call('HGET', KEYS[1], 'r')
	if have and tonumber(have) > tonumber(ARGV[1]) then return 0 end
	redis.call('HSET', KEYS[1], 'r', ARGV[1], 'd', ARGV[2])
	redis.call('EXPIRE', KEYS[1], ARGV[3])
	return 1`)
