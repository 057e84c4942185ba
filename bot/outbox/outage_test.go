package outbox_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"tsunagi/bot/outbox"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

func TestPostgresEndsAllConnections(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.start(outbox.Options{})
	axe, err := pgx.Connect(t.Context(), d.url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { axe.Close(context.Background()) })
	var sends atomic.Int32
	d.line.answer = func(outbox.Parcel) error {
		if sends.Add(1)%7 == 0 {
			_, err := axe.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'test'`)
			if err != nil {
				t.Error(err)
			}
		}
		return nil
	}
	var all []store.Delivery
	for _, words := range numbers(1, 40) {
		all = append(all, say("line/U1", words))
	}
	d.put(p, all...)
	for n := range 40 {
		d.until(fmt.Sprintf("%d is recorded", n+1), func() bool { return d.row(fmt.Sprint(n+1)).State == "sent" })
	}
	expect(t, "shown", d.line.seen(), numbers(1, 40))
}

func TestCutOffBeforeTheOutcomeIsRecorded(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	address, cut := storetest.Cuttable(t, d.url)
	a := d.over(address, outbox.Options{})
	d.slack.answer = func(outbox.Parcel) error {
		cut()
		return nil
	}
	d.slack.begun = make(chan outbox.Parcel, 9)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	d.put(a, composed("slack/C1/2", "one"), composed("slack/C1/2", "two"))
	<-d.slack.begun
	<-d.slack.begun
	stop()
	if err := <-ended; err == nil {
		t.Error("Run says that it has given all back, without a database")
	}
	d.start(outbox.Options{})
	d.becomes("two", row{State: "sent"})
	expect(t, "shown", d.slack.seen(), []string{"one", "two"})
	expect(t, "lookups", d.slack.lookups(), 2)
}

// TestRunLeavesNothingBehind is not parallel: it counts goroutines.
func TestRunLeavesNothingBehind(t *testing.T) {
	d := newDesk(t)
	p := d.open(outbox.Options{})
	if err := p.Idle(t.Context()); err != nil { // opens connections
		t.Fatal(err)
	}
	before := goleak.IgnoreCurrent()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	var many []store.Delivery
	for _, words := range numbers(1, 30) { // more than a channel takes at once
		many = append(many, say(store.LineLane(words), words), say("slack/C1/"+store.Lane(words), words))
	}
	d.put(p, many...)
	for len(d.line.seen()) < 30 {
		d.clock.Step(t.Context())
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	p.db.Close()
	goleak.VerifyNone(t, before)
}

// TestReceiptThatCannotBeKept is about a platform whose answer holds what Postgres takes in no text: what has gone counts
// as sent all the same, and so does what is recorded beside it.
func TestReceiptThatCannotBeKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.slack.stamp = "\x00"
	p := d.open(outbox.Options{})
	d.put(p, say("slack/C1/2", "one"), say("line/U1", "two"))
	p.run(t)
	d.idle(p)
	expect(t, "one", d.row("one"), row{State: "sent", Tries: 1})
	expect(t, "two", d.row("two"), row{State: "sent", Tries: 1})
}
