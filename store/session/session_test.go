package session_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"tsunagi/store/embedded"
	"tsunagi/store/session"
)

const user = "Uaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// each runs a suite against a real redis-server and against the in-process one.
func each(t *testing.T, suite func(t *testing.T, s *session.Store, raw redis.UniversalClient)) {
	t.Run("redis-server", func(t *testing.T) {
		server, err := embedded.StartRedisServer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { server.Stop() })
		run(t, server.URL(), suite)
	})
	t.Run("in-process", func(t *testing.T) {
		server, err := embedded.StartRedis(t.Context(), embedded.Redis{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Stop)
		run(t, server.URL(), suite)
	})
}

func run(t *testing.T, url string, suite func(*testing.T, *session.Store, redis.UniversalClient)) {
	t.Helper()
	o, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	const long = time.Minute // a busy machine is no fault of the store
	client := session.Client(redis.UniversalOptions{
		Addrs: []string{o.Addr}, DialTimeout: long, ReadTimeout: long, WriteTimeout: long, PoolTimeout: long,
	})
	t.Cleanup(func() { client.Close() })
	suite(t, session.New(client), client)
}

func TestStore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *session.Store, raw redis.UniversalClient) {
		t.Run("absent is not there", func(t *testing.T) {
			if found, err := s.Load(t.Context(), user); len(found) > 0 || err != nil {
				t.Errorf("got %v, %v, want absent", found, err)
			}
		})
		t.Run("saved is loaded", func(t *testing.T) {
			save(t, s, 1, "one")
			if got := load(t, s); got != "one" {
				t.Errorf("got %q, want one", got)
			}
		})
		t.Run("an older revision changes nothing", func(t *testing.T) {
			save(t, s, 5, "five")
			save(t, s, 4, "four")
			if got := load(t, s); got != "five" {
				t.Errorf("got %q, want five", got)
			}
		})
		t.Run("the same revision may be saved again", func(t *testing.T) {
			save(t, s, 5, "five again")
			if got := load(t, s); got != "five again" {
				t.Errorf("got %q, want the later words", got)
			}
		})
		t.Run("it ends some day", func(t *testing.T) {
			ttl, err := raw.TTL(t.Context(), "{"+user+"}:talk").Result()
			if err != nil || ttl <= 0 || ttl > session.TTL {
				t.Errorf("got time to live %s, %v, want up to %s", ttl, err, session.TTL)
			}
		})
		t.Run("several go together, each by its own revision", func(t *testing.T) {
			save(t, s, 7, "seven")
			err := s.Save(t.Context(), session.Talk{User: "Ub", Revision: 1, Data: []byte("b")}, session.Talk{User: user, Revision: 6})
			if err != nil {
				t.Fatal(err)
			}
			found, err := s.Load(t.Context(), user, "Ub", "Uc")
			if err != nil || len(found) != 2 || string(found[user]) != "seven" || string(found["Ub"]) != "b" {
				t.Errorf("got %q, %v, want seven and b, and nothing of Uc", found, err)
			}
		})
		t.Run("a Redis that has lost the script learns it again", func(t *testing.T) {
			if err := raw.ScriptFlush(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
			save(t, s, 8, "eight")
			if got := load(t, s); got != "eight" {
				t.Errorf("got %q, want eight", got)
			}
		})
		t.Run("flushed is absent", func(t *testing.T) {
			if err := raw.FlushAll(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
			if found, err := s.Load(t.Context(), user); len(found) > 0 || err != nil {
				t.Errorf("got %v, %v, want absent", found, err)
			}
		})
		t.Run("whoever writes last in any order, the newest stays", func(t *testing.T) { newestStays(t, s) })
	})
}

func newestStays(t *testing.T, s *session.Store) {
	var all sync.WaitGroup
	for _, r := range rand.Perm(50) {
		all.Go(func() {
			talk := session.Talk{User: user, Revision: int64(r + 10), Data: []byte(strconv.Itoa(r))}
			if err := s.Save(context.WithoutCancel(t.Context()), talk); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := load(t, s); got != "49" {
		t.Errorf("got %q, want 49", got)
	}
}

func TestStoreWithoutRedis(t *testing.T) {
	t.Parallel()
	server, err := embedded.StartRedis(t.Context(), embedded.Redis{})
	if err != nil {
		t.Fatal(err)
	}
	run(t, server.URL(), func(t *testing.T, s *session.Store, _ redis.UniversalClient) {
		server.Stop()
		if _, err := s.Load(t.Context(), user); err == nil {
			t.Error("load: want an error")
		}
		if err := s.Save(t.Context(), session.Talk{User: user, Revision: 1}); err == nil {
			t.Error("save: want an error")
		}
		if s.Ping(t.Context()) == nil {
			t.Error("ping: want an error")
		}
	})
}

func save(t *testing.T, s *session.Store, revision int64, data string) {
	t.Helper()
	if err := s.Save(t.Context(), session.Talk{User: user, Revision: revision, Data: []byte(data)}); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, s *session.Store) string {
	t.Helper()
	found, err := s.Load(t.Context(), user)
	if err != nil || found[user] == nil {
		t.Fatalf("load: %v, %v", found, err)
	}
	return string(found[user])
}

func BenchmarkSaveLoad(b *testing.B) {
	server, err := embedded.StartRedisServer(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer server.Stop()
	o, err := redis.ParseURL(server.URL())
	if err != nil {
		b.Fatal(err)
	}
	s := session.New(session.Client(redis.UniversalOptions{Addrs: []string{o.Addr}}))
	defer s.Close()
	data := make([]byte, 600)
	for i := 0; b.Loop(); i++ {
		who := fmt.Sprintf("U%032x", i%1000)
		if err := s.Save(b.Context(), session.Talk{User: who, Revision: int64(i), Data: data}); err != nil {
			b.Fatal(err)
		}
		if _, err := s.Load(b.Context(), who); err != nil {
			b.Fatal(err)
		}
	}
}
