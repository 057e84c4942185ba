package outbox_test

import (
	"context"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/store"
)

// What its composer knows cannot arrive is set aside at once, with its settling; the lane goes on.
func TestCompose_that_refuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	settled := make(chan error, 1)
	refused := outbox.Handling{
		Compose: func(context.Context, *store.Reader, store.Delivery) (outbox.Parcel, error) {
			return outbox.Parcel{}, bot.Refuse(bot.Conflict, "delivery.blocked")
		},
		Settle: func(_ context.Context, _ *store.Tx, _ store.Delivery, _ outbox.Receipt, fault error) error {
			settled <- fault
			return nil
		},
	}
	p := d.start(outbox.Options{Kinds: map[string]outbox.Handling{"fact": {Compose: compose}, "refused": refused}})
	one := say("line/U1", "one")
	one.Kind = "refused"
	d.put(p, one, say("line/U1", "two"))
	d.becomes("two", row{State: "sent", Tries: 1})
	d.becomes("one", row{State: "dead", Fault: "delivery.blocked"})
	if fault := <-settled; bot.SayOf(fault).Key != "delivery.blocked" {
		t.Errorf("settled with %v", fault)
	}
}
