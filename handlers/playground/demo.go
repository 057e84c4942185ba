package playground

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"tsunagi/config"
	"tsunagi/store/embedded"
)

// DemoOptions say what a demo is made of. Only Addr and Keep may be left out.
type DemoOptions struct {
	Profile string // name of an embedded profile, or the path of a desk.yaml
	Addr    string // where the page is served; empty: the first free port of this machine from 8080 on
	Keep    string // folder that keeps the database from one demo to the next; empty: nothing is kept
	Log     *slog.Logger

	// Start starts the ordinary application.
	Start func(context.Context, Start) (App, error)
	// SetupLine does what `tsunagi setup line` does.
	SetupLine func(context.Context, config.Settings) error
	// Manifest is the Slack app's, as `tsunagi setup slack` prints it.
	Manifest func(publicURL string, socketMode bool) ([]byte, error)
}

// Start is how a demo wants the application started; nothing in it tells the application that it is a demo.
type Start struct {
	Settings config.Settings
	Now      func() time.Time
	Listen   net.Listener // the public routes
	Log      *slog.Logger
}

// Demo is a desk to play with on one machine: a private Postgres, a Redis in this process, both platforms simulated, the
// ordinary application between them, and the page.
type Demo struct {
	DemoOptions
	postgres *embedded.PostgresServer
	redis    *embedded.MemoryRedis
	clock    atomic.Pointer[MovableClock]
	now      *Running // nil while there is no world
	console  *Console
	listen   net.Listener
}

// OpenDemo makes all parts ready. Run serves them; Close ends them in any case.
func OpenDemo(ctx context.Context, o DemoOptions) (_ *Demo, err error) {
	d := &Demo{DemoOptions: o}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	if d.listen, err = listenAt(ctx, o.Addr, usualPorts(), o.Log); err != nil {
		return nil, err
	}
	d.postgres, err = embedded.StartPostgres(ctx, embedded.Postgres{Bin: os.Getenv("TSUNAGI_POSTGRES_BIN"), Dir: o.Keep})
	if err != nil {
		return nil, err
	}
	if d.redis, err = embedded.StartRedis(ctx, embedded.Redis{Now: d.time}); err != nil {
		return nil, err
	}
	if err := d.prepare(ctx, o.Keep == ""); err != nil {
		return nil, err
	}
	first, err := d.begin(ctx)
	if err != nil {
		return nil, err
	}
	d.console, err = NewConsole(first, d.renew, NewFeed(time.Now().UTC().Format("20060102T150405.000")), o.Log)
	return d, err
}

// URL is what to open in a browser.
func (d *Demo) URL() string { return "http://" + d.listen.Addr().String() + "/playground/" }

// Run serves the page until ctx ends.
func (d *Demo) Run(ctx context.Context) error {
	s := &http.Server{Handler: d.console.Handler(), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(d.listen) }()
	watched := make(chan error, 1)
	go func() { watched <- d.console.Run(ctx) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve the page: %w", err)
	case err := <-watched:
		return errors.Join(err, s.Close()) // open streams would never end by themselves
	}
}

// Close ends everything; it may be called again.
func (d *Demo) Close() error {
	faults := []error{d.end()}
	if d.redis != nil {
		d.redis.Stop()
	}
	if d.postgres != nil {
		faults = append(faults, d.postgres.Stop())
	}
	if d.listen != nil {
		_ = d.listen.Close() // most often the server has closed it
	}
	return errors.Join(faults...)
}

// renew ends the world and makes another one, in which nothing has happened.
func (d *Demo) renew(ctx context.Context) (*Running, error) {
	if err := d.end(); err != nil {
		d.Log.WarnContext(ctx, "world not ended cleanly", "fault", err)
	}
	d.redis.FlushAll()
	if err := d.prepare(ctx, true); err != nil {
		return nil, err
	}
	return d.begin(ctx)
}

// begin makes a world, starts the application in it and sets its rich menu up.
func (d *Demo) begin(ctx context.Context) (*Running, error) {
	door, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the application: %w", err)
	}
	w, err := NewWorld(WorldOptions{
		Profile: d.Profile, Database: d.postgres.URL(database), Redis: d.redis.URL(),
		PublicURL: "http://" + door.Addr().String(), Manifest: d.Manifest,
	})
	if err != nil {
		return nil, errors.Join(err, door.Close())
	}
	d.clock.Store(w.Clock)
	app, err := d.Start(ctx, Start{Settings: w.Settings, Now: w.Clock.Now, Listen: door, Log: d.Log})
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	d.now = &Running{World: w, App: app, Flush: func(context.Context) error { d.redis.FlushAll(); return nil }}
	if err := d.catchUp(ctx); err != nil {
		return nil, errors.Join(err, d.end())
	}
	if err := d.SetupLine(ctx, w.Settings); err != nil {
		return nil, errors.Join(err, d.end())
	}
	return d.now, nil
}

// catchUp lets a kept database not see time run backwards.
func (d *Demo) catchUp(ctx context.Context) error {
	last, err := d.now.App.Reader.RecentDeliveries(ctx, 1)
	if err != nil || len(last) == 0 {
		return err
	}
	if behind := last[0].CreatedAt.Sub(d.now.Clock.Now()); behind > 0 {
		d.now.Clock.Begin(behind + time.Minute)
	}
	return nil
}

// end ends application and platforms, if there are any.
func (d *Demo) end() error {
	if d.now == nil {
		return nil
	}
	w := d.now
	d.now = nil
	return errors.Join(w.App.Close(), w.World.Close())
}

// time is the world's, or the machine's while there is none.
func (d *Demo) time() time.Time {
	if c := d.clock.Load(); c != nil {
		return c.Now()
	}
	return time.Now()
}
