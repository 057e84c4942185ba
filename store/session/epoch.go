package session

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"
)

// epochKey keeps databases apart that share a Redis. It never expires: what Redis may evict first is what does.
func epochKey(database string) string { return "epoch:{" + database + "}" }

// Epoch is the newest epoch of a database that Redis remembers; 0 if it remembers none, which means nothing.
func (s *Store) Epoch(ctx context.Context, database string) (int64, error) {
	n, err := s.client.Get(ctx, epochKey(database)).Int64()
	if err != nil && !errors.Is(err, redis.Nil) {
		return 0, fmt.Errorf("read the remembered epoch: %w", err)
	}
	return n, nil
}

// Remember keeps an epoch of a database, unless a newer one is remembered already.
func (s *Store) Remember(ctx context.Context, database string, epoch int64) error {
	if err := remember.Run(ctx, s.client, []string{epochKey(database)}, epoch).Err(); err != nil {
		return fmt.Errorf("remember the epoch: %w", err)
	}
	return nil
}

var remember = redis.NewScript(`
	local have = redis.call('GET', KEYS[1])
	if have and tonumber(have) >= tonumber(ARGV[1]) then return 0 end
	redis.call('SET', KEYS[1], ARGV[1])
	return 1`)
