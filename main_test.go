package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"tsunagi/handlers/keeper"
	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/playground"
	"tsunagi/handlers/playground/story"
	"tsunagi/handlers/slack/slacksim"
	"tsunagi/store/embedded"
	"tsunagi/store/storetest"
	"tsunagi/store/testwait"
)

// surroundings are what stories are played in: the ordinary application, started as serve starts it, with a real
// Postgres, a Redis, and both platforms on real addresses.
type surroundings struct {
	profile    string
	socketMode bool
	replicas   int  // of the application; the platforms alternate between them
	server     bool // a real redis-server instead of the one in this process
	flushed    bool // Redis is emptied ahead of every step
	twice      bool // every event arrives twice
}

func TestStories(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]surroundings{
		"http":                                   {},
		"socket mode":                            {socketMode: true},
		"two replicas":                           {replicas: 2, server: true},
		"two replicas, socket mode, empty redis": {replicas: 2, socketMode: true, flushed: true},
		"empty redis":                            {flushed: true, server: true},
		"osaka":                                  {profile: "osaka"},
		"itabashi":                               {profile: "itabashi"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if s.profile == "" {
				s.profile = "kishiwada"
			}
			s.replicas = max(1, s.replicas)
			s.play(t)
		})
	}
}

// play plays every story that no other continues; those play the others on the way.
func (s surroundings) play(t *testing.T) {
	cast := s.world(t).world.Cast
	stories, err := playground.Stories(cast)
	if err != nil {
		t.Fatal(err)
	}
	continued := map[*story.Story]bool{}
	for _, one := range stories {
		continued[one.After] = true
	}
	for _, one := range stories {
		if continued[one] {
			continue
		}
		t.Run(one.ID, func(t *testing.T) {
			t.Parallel()
			d := s.world(t)
			player, err := story.NewPlayer(d.stage(s.flushed), cast, one)
			if err != nil {
				t.Fatal(err)
			}
			if err := player.All(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// desks is a world with the applications that serve it.
type desks struct {
	world *playground.World
	apps  []playground.App
	flush func(context.Context) error
}

func (s surroundings) world(t *testing.T) *desks {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	doors, public := s.doors(t)
	clock := &later{}
	redisURL, flush := s.redis(t, clock)
	w, err := playground.NewWorld(playground.WorldOptions{
		Profile: s.profile, Database: storetest.Served(t, storetest.URL(t)), Redis: redisURL, PublicURL: public,
		Manifest: keeper.Manifest, SocketMode: s.socketMode,
	})
	if err != nil {
		t.Fatal(err)
	}
	clock.now.Store(&w.Clock)
	if s.twice {
		w.Line.Misbehave(linesim.Fault{Do: linesim.Duplicate, Times: -1})
		w.Slack.Misbehave(slacksim.Fault{Kind: slacksim.Duplicate, Times: -1})
	}
	d := &desks{world: w, flush: flush}
	t.Cleanup(func() { check(t, w.Close()) })
	for _, door := range doors {
		a, err := start(t.Context(), w.Settings, options{now: w.Clock.Now, log: log, listen: door})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { check(t, a.Close()) })
		d.apps = append(d.apps, a.played())
	}
	return d
}

func (d *desks) stage(flushed bool) story.Stage {
	s := d.world.Stage(d.flush, d.apps...)
	s.Patience = testwait.Limit
	if flushed {
		s.Before = func(ctx context.Context, _ story.Step) error { return d.flush(ctx) }
	}
	return s
}

// doors are where the applications listen, and the one address that leads to all of them in turn.
func (s surroundings) doors(t *testing.T) ([]net.Listener, string) {
	t.Helper()
	var doors []net.Listener
	var behind []http.Handler
	for range s.replicas {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		doors = append(doors, l)
		behind = append(behind, httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: l.Addr().String()}))
	}
	if s.replicas == 1 {
		return doors, "http://" + doors[0].Addr().String()
	}
	var turn atomic.Int64
	front := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		behind[turn.Add(1)%int64(len(behind))].ServeHTTP(w, r)
	}), ReadHeaderTimeout: time.Minute}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go front.Serve(l)
	t.Cleanup(func() { front.Close() })
	return doors, "http://" + l.Addr().String()
}

// later is a clock that is set when the world is there.
type later struct {
	now atomic.Pointer[*playground.MovableClock]
}

func (l *later) Now() time.Time {
	if c := l.now.Load(); c != nil {
		return (*c).Now()
	}
	return time.Now()
}

// redis starts one and tells how to empty it.
func (s surroundings) redis(t *testing.T, clock *later) (string, func(context.Context) error) {
	t.Helper()
	if !s.server {
		r, err := embedded.StartRedis(t.Context(), embedded.Redis{Now: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.Stop)
		return r.URL(), func(context.Context) error { r.FlushAll(); return nil }
	}
	r, err := embedded.StartRedisServer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { check(t, r.Stop()) })
	o, err := redis.ParseURL(r.URL())
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(o)
	t.Cleanup(func() { check(t, client.Close()) })
	return r.URL(), func(ctx context.Context) error { return client.FlushAll(ctx).Err() }
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}
