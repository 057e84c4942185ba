package outbox_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/store"
)

// pages is a log that is read while it is written.
type pages struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (p *pages) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(b)
}

func (p *pages) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.String()
}

// However a delivery ends, no line of the log says to whom it went: a LINE user id names a person.
func TestLog_namesNobody(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	log := &pages{}
	const hidden = "U0123456789abcdef0123456789abcdef"
	d.line.answer = func(p outbox.Parcel) error {
		switch p.Message.Alt {
		case "dead":
			return bot.Refuse(bot.Invalid, "delivery.failed")
		case "later":
			return refused(bot.Later, 0)
		case "panics":
			panic(hidden)
		case "barred":
			return errors.Join(outbox.ErrUnauthorized, bot.Refuse(bot.Forbidden, "delivery.failed"))
		}
		return nil
	}
	p := d.open(outbox.Options{Kinds: map[string]outbox.Handling{"fact": {Compose: compose, Settle: unsettled}}})
	p.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	p.run(t)
	outcomes := []string{"sent", "dropped", "dead", "later", "panics", "barred"}
	for _, words := range outcomes {
		one := say(store.LineLane(hidden+words), words)
		if words == "dropped" {
			one.Args["say"] = ""
		}
		d.put(p, one)
		d.until(words+" is in the log", func() bool { return strings.Contains(log.String(), "event=e-"+words) })
	}
	p.stop()
	if said := log.String(); strings.Contains(said, hidden) {
		t.Errorf("the log names a person:\n%s", said)
	}
}

// unsettled fails for what was sent, so that this is said, too.
func unsettled(_ context.Context, _ *store.Tx, d store.Delivery, _ outbox.Receipt, fault error) error {
	if fault == nil && d.Args["say"] == "sent" {
		return bot.Refuse(bot.Conflict, "error.conflict")
	}
	return nil
}
