package outbox_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// desk is one database, one clock that stands until it is moved, and one pair of platforms that all processes share.
type desk struct {
	t         *testing.T
	url       string
	conn      *pgx.Conn // past the store
	clock     *clock
	processes []*process
	line      *platform
	slack     *platform
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, url: storetest.URL(t), clock: newClock(), line: newPlatform(), slack: newPlatform()}
	config, err := pgx.ParseConfig(d.url)
	if err != nil {
		t.Fatal(err)
	}
	config.RuntimeParams["application_name"] = "test"
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	d.conn = conn
	return d
}

// quiet leaves out what tests provoke.
func quiet(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError + 1}))
}

// process is one running Tsunagi as far as deliveries go.
type process struct {
	*outbox.Outbox
	db   *store.DB
	stop func()
}

// open makes a process that has not begun to send.
func (d *desk) open(o outbox.Options) *process { return d.over(d.url, o) }

// over makes one that reaches the database at another address.
func (d *desk) over(url string, o outbox.Options) *process {
	db := storetest.Open(d.t, url, store.Options{Now: d.clock.Now})
	o.Senders = map[bot.Platform]outbox.Sender{bot.LINE: d.line, bot.Slack: d.slack}
	o.Log = quiet(d.t)
	if o.Wait == nil {
		o.Wait = d.clock.Wait
	}
	if o.Kinds == nil {
		o.Kinds = map[string]outbox.Handling{"fact": {Compose: compose}}
	}
	p := &process{Outbox: outbox.New(db, o), db: db}
	d.processes = append(d.processes, p)
	return p
}

func (d *desk) start(o outbox.Options) *process {
	p := d.open(o)
	p.run(d.t)
	return p
}

func (p *process) run(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	p.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	t.Cleanup(p.stop)
}

// compose stands for a flow's composer: the message is what the arguments name.
func compose(_ context.Context, _ *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	if d.Args["say"] == "" {
		return outbox.Parcel{}, bot.Refuse(bot.NotFound, "error.not_found")
	}
	p := outbox.Parcel{Message: msg.Message{Alt: d.Args["say"]}, Update: d.Args["update"]}
	if d.Args["remove"] != "" {
		p.Remove = &outbox.Handed{File: d.Args["remove"]}
	}
	return p, nil
}

// say is a delivery whose message is composed from the facts.
func say(lane store.Lane, words string) store.Delivery {
	return store.Delivery{Lane: lane, Kind: "fact", Event: "e-" + words, Matters: true, Args: map[string]string{"say": words}}
}

// composed is a delivery whose message the flow has left in memory.
func composed(lane store.Lane, words string) store.Delivery {
	d := say(lane, words)
	d.Message = &msg.Message{Alt: words}
	return d
}

func (d *desk) put(p *process, ds ...store.Delivery) {
	d.t.Helper()
	if err := p.db.InTx(d.t.Context(), func(tx *store.Tx) error { return tx.Put(ds...) }); err != nil {
		d.t.Fatal(err)
	}
}

// idle waits until the process has sent all that may go now.
func (d *desk) idle(p *process) {
	d.t.Helper()
	if err := p.Idle(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

// until moves the clock on, second by second, until the condition holds. Each second is one sweep: the clock waits
// until the outbox waits for it.
func (d *desk) until(what string, holds func() bool) {
	d.t.Helper()
	for range 5000 {
		if holds() {
			return
		}
		d.settle()
		d.clock.Step(d.t.Context())
	}
	d.t.Fatalf("%s: not within 5000 s", what)
}

// settle lets what is under way come to its end, so that the clock does not run while this machine is slow: whoever is
// still at work waits for the clock.
func (d *desk) settle() {
	for d.underWay() {
		if _, err := d.conn.Exec(d.t.Context(), "SELECT FROM deliveries LIMIT 1"); err != nil { // takes a moment
			d.t.Fatal(err)
		}
	}
}

func (d *desk) underWay() bool {
	atWork := 0
	for _, p := range d.processes {
		atWork += outbox.AtWork(p.Outbox)
	}
	return d.clock.Waiting() < atWork
}

// row is what the record says of the delivery with these words.
type row struct {
	State, Fault string
	Tries        int
	Doubtful     bool
	Leased       bool
}

func (d *desk) row(words string) (r row) {
	d.t.Helper()
	err := d.conn.QueryRow(d.t.Context(), `
		SELECT state, fault, tries, doubtful, leased_by IS NOT NULL FROM deliveries WHERE event = $1`, "e-"+words).
		Scan(&r.State, &r.Fault, &r.Tries, &r.Doubtful, &r.Leased)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

func (d *desk) becomes(words string, want row) {
	d.t.Helper()
	d.until(words+" is "+want.State, func() bool { return d.row(words).State == want.State })
	expect(d.t, words, d.row(words), want)
}

func expect(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// platform is a Sender that shows what it is given, unless told otherwise.
type platform struct {
	mu     sync.Mutex
	shown  []string
	tries  []outbox.Parcel
	finds  []outbox.Parcel
	answer func(p outbox.Parcel) error                 // nil: shows it
	find   func(p outbox.Parcel) (found bool, _ error) // nil: looks among what is shown
	begun  chan outbox.Parcel                          // if set, hears of each call
	stamp  string                                      // behind the ids of its messages
	inside map[string]int
	most   int // of one chat, at once
}

func newPlatform() *platform { return &platform{inside: map[string]int{}} }

func (p *platform) Send(ctx context.Context, parcel outbox.Parcel) (outbox.Receipt, error) {
	p.enter(parcel)
	defer p.leave(parcel)
	if p.begun != nil {
		p.begun <- parcel
	}
	if p.answer != nil {
		if err := p.answer(parcel); err != nil {
			return outbox.Receipt{}, err
		}
	}
	p.show(parcel)
	return outbox.Receipt{Channel: parcel.To, TS: parcel.ID.String() + p.stamp}, nil
}

func (p *platform) Find(_ context.Context, parcel outbox.Parcel) (outbox.Receipt, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finds = append(p.finds, parcel)
	if p.find != nil {
		found, err := p.find(parcel)
		return outbox.Receipt{TS: "found"}, found, err
	}
	for _, words := range p.shown {
		if words == parcel.Message.Alt {
			return outbox.Receipt{TS: "found"}, true, nil
		}
	}
	return outbox.Receipt{}, false, nil
}

func (p *platform) enter(parcel outbox.Parcel) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tries = append(p.tries, parcel)
	p.inside[parcel.To]++
	p.most = max(p.most, p.inside[parcel.To])
}

func (p *platform) leave(parcel outbox.Parcel) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inside[parcel.To]--
}

func (p *platform) show(parcel outbox.Parcel) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = append(p.shown, parcel.Message.Alt)
}

func (p *platform) seen() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.shown...)
}

func (p *platform) attempts() []outbox.Parcel {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]outbox.Parcel(nil), p.tries...)
}

func (p *platform) lookups() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.finds)
}

// fails answers the first calls with these errors, and shows what comes after.
func (p *platform) fails(errs ...error) {
	p.answer = func(outbox.Parcel) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(errs) == 0 {
			return nil
		}
		err := errs[0]
		errs = errs[1:]
		return err
	}
}

// showsThenFails does what it is told and yet answers with an error, the first time.
func (p *platform) showsThenFails(err error) {
	var once sync.Once
	p.answer = func(parcel outbox.Parcel) (out error) {
		once.Do(func() {
			p.show(parcel)
			out = err
		})
		return out
	}
}

func numbers(from, to int) (out []string) {
	for n := from; n <= to; n++ {
		out = append(out, fmt.Sprint(n))
	}
	return out
}

// clock stands until it is stepped.
type clock struct {
	mu      sync.Mutex
	now     time.Time
	waiting map[chan struct{}]time.Time
	arrived chan struct{} // somebody waits
}

func newClock() *clock {
	return &clock{
		now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), waiting: map[chan struct{}]time.Time{}, arrived: make(chan struct{}, 1),
	}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Wait(ctx context.Context, d time.Duration) error {
	rings := make(chan struct{})
	c.mu.Lock()
	c.waiting[rings] = c.now.Add(d)
	c.mu.Unlock()
	select {
	case c.arrived <- struct{}{}:
	default:
	}
	select {
	case <-rings:
		return nil
	case <-ctx.Done():
		c.mu.Lock()
		delete(c.waiting, rings)
		c.mu.Unlock()
		return ctx.Err()
	}
}

// Waiting tells how many wait for the clock.
func (c *clock) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting)
}

// Step waits until somebody waits for the clock and moves it to the first of them.
func (c *clock) Step(ctx context.Context) {
	for !c.ring() {
		select {
		case <-c.arrived:
		case <-ctx.Done():
			return
		}
	}
}

func (c *clock) ring() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	var first time.Time
	for _, at := range c.waiting {
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	if first.IsZero() {
		return false
	}
	c.move(first)
	return true
}

// Jump moves the clock, as the demo's button does.
func (c *clock) Jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.move(c.now.Add(d))
}

func (c *clock) move(to time.Time) {
	if to.After(c.now) {
		c.now = to
	}
	for rings, at := range c.waiting {
		if !at.After(c.now) {
			close(rings)
			delete(c.waiting, rings)
		}
	}
}
