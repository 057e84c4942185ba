package outbox_test

import (
	"context"
	"testing"

	"tsunagi/bot/outbox"
	"tsunagi/store"
)

// A fault of ours that brings down one delivery brings down nothing else: it is tried like any other and set aside, and
// what is behind it goes.
func TestPanic_is_of_one_delivery(t *testing.T) {
	t.Parallel()
	broken := func(context.Context, *store.Reader, store.Delivery) (outbox.Parcel, error) { panic("broken") }
	settle := func(context.Context, *store.Tx, store.Delivery, outbox.Receipt, error) error { panic("settle") }
	kinds := map[string]outbox.Handling{"fact": {Compose: compose}, "broken": {Compose: broken}, "unsettled": {Compose: compose, Settle: settle}}
	for name, c := range map[string]struct {
		kind string
		want row
	}{
		"composing": {"broken", row{State: "dead", Tries: 2, Fault: "delivery.failed"}},
		"sending":   {"fact", row{State: "dead", Tries: 2, Fault: "delivery.doubtful", Doubtful: true}},
		"settling":  {"unsettled", row{State: "sent", Tries: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.line.answer = func(p outbox.Parcel) error {
				if name == "sending" && p.Message.Alt == "one" {
					panic("send")
				}
				return nil
			}
			p := d.start(outbox.Options{Tries: 2, Kinds: kinds})
			one := say("line/U1", "one")
			one.Kind = c.kind
			d.put(p, one, say("line/U1", "two"))
			d.becomes("two", row{State: "sent", Tries: 1})
			d.becomes("one", c.want)
		})
	}
}
