package session_test

import (
	"testing"

	"github.com/redis/go-redis/v9"

	"tsunagi/store/session"
)

// TestEpoch: Redis remembers the newest epoch of each database, whoever comes with an older one.
func TestEpoch(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *session.Store, _ redis.UniversalClient) {
		expect := func(database string, want int64) {
			t.Helper()
			if got, err := s.Epoch(t.Context(), database); got != want || err != nil {
				t.Errorf("%s: %d, %v, want %d", database, got, err, want)
			}
		}
		remember := func(database string, epoch int64) {
			t.Helper()
			if err := s.Remember(t.Context(), database, epoch); err != nil {
				t.Fatal(err)
			}
		}
		expect("a", 0)
		remember("a", 9)
		remember("a", 10)
		remember("a", 7)
		remember("b", 2)
		expect("a", 10)
		expect("b", 2)
	})
}
