package outbox_test

import (
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

func lossy(s store.Delivery) store.Delivery {
	s.Matters = false
	return s
}

func TestReplyToken(t *testing.T) {
	t.Parallel()
	t.Run("is used while it is young", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		p := d.start(outbox.Options{})
		young := fresh(d, say("line/U1", "young"))
		d.clock.Jump(store.ReplyTokenLife)
		old := young
		old.Event, old.Args = "e-old", map[string]string{"say": "old"}
		young.TokenAt = d.clock.Now()
		d.put(p, young, old)
		d.idle(p)
		tries := d.line.attempts()
		expect(t, "tokens", []string{tries[0].ReplyToken, tries[1].ReplyToken}, []string{"token", ""})
	})
	t.Run("is all that a passing word may cost", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		p := d.start(outbox.Options{})
		d.put(p, lossy(fresh(d, say("line/U1", "one"))), lossy(say("line/U1", "two")))
		d.idle(p)
		expect(t, "shown", d.line.seen(), []string{"one"})
		expect(t, "two", d.row("two"), row{State: "dropped"})
	})
	t.Run("is not asked for when somebody has a passing word sent after all", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.line.fails(refused(bot.Invalid, 0))
		p := d.start(outbox.Options{})
		d.put(p, lossy(fresh(d, say("line/U1", "one"))))
		d.becomes("one", row{State: "dead", Tries: 1, Fault: "delivery.busy"})
		if err := p.db.InTx(t.Context(), func(tx *store.Tx) error {
			dead, err := tx.DeadDeliveries(t.Context(), 0, 1)
			if err == nil {
				_, err = tx.ReleaseDelivery(t.Context(), dead[0].ID)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		d.until("one has gone", func() bool { return d.row("one").State != "dead" && d.row("one").State != "pending" })
		expect(t, "one", d.row("one"), row{State: "sent", Tries: 1})
	})
	t.Run("that is refused makes a push of what matters", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.line.answer = func(p outbox.Parcel) error {
			if p.ReplyToken != "" {
				return bot.Refuse(bot.Conflict, "delivery.token")
			}
			return nil
		}
		d.line.begun = make(chan outbox.Parcel, 9)
		p := d.start(outbox.Options{})
		d.put(p, fresh(d, say("line/U1", "one")), lossy(fresh(d, say("line/U1", "two"))))
		<-d.line.begun
		<-d.line.begun // at once: the clock stands
		<-d.line.begun
		d.idle(p)
		expect(t, "shown", d.line.seen(), []string{"one"})
		expect(t, "two", d.row("two").State, "dropped")
	})
}

// TestVanished is about a process that is gone in the middle of its work: what it held is taken over when its lease has
// run out, and nobody can know what of it had been shown.
func TestVanished(t *testing.T) {
	t.Parallel()
	cannotTell := func(outbox.Parcel) (bool, error) { return false, bot.Refuse(bot.Invalid, "delivery.doubtful") }
	tests := []struct {
		name      string
		delivery  func(*desk) store.Delivery
		shown     bool          // before it vanished
		after     time.Duration // until another starts
		want      row
		wantToken string
		wantTries int
	}{
		{
			name:     "a reply whose token is young is tried again: it works once",
			delivery: func(d *desk) store.Delivery { return fresh(d, say("line/U1", "one")) },
			after:    store.Lease, want: row{State: "sent", Tries: 1}, wantToken: "token", wantTries: 1,
		},
		{
			name:     "what matters and may have been a reply is left to the desk",
			delivery: func(d *desk) store.Delivery { return fresh(d, say("line/U1", "one")) },
			after:    store.ReplyTokenLife, want: row{State: "dead", Fault: "delivery.doubtful", Tries: 1, Doubtful: true},
		},
		{
			name:     "what can only have been a push is pushed again: LINE knows its key",
			delivery: func(d *desk) store.Delivery { return say("line/U1", "one") },
			after:    time.Hour, want: row{State: "sent", Tries: 1}, wantTries: 1,
		},
		{
			name: "so is what had an old token from the start",
			delivery: func(d *desk) store.Delivery {
				s := fresh(d, say("line/U1", "one"))
				s.TokenAt = s.TokenAt.Add(-store.ReplyTokenLife)
				return s
			},
			after: time.Hour, want: row{State: "sent", Tries: 1}, wantTries: 1,
		},
		{
			name:     "but not after LINE has forgotten the key",
			delivery: func(d *desk) store.Delivery { return say("line/U1", "one") },
			after:    24 * time.Hour, want: row{State: "dead", Fault: "delivery.doubtful", Tries: 1, Doubtful: true},
		},
		{
			name:     "a passing word is dropped",
			delivery: func(d *desk) store.Delivery { return lossy(fresh(d, say("line/U1", "one"))) },
			after:    store.ReplyTokenLife, want: row{State: "dropped"},
		},
		{
			name:     "a post that had been made is found",
			delivery: func(*desk) store.Delivery { return say("slack/C1/2", "one") },
			shown:    true, after: time.Hour, want: row{State: "sent"},
		},
		{
			name:     "a post that had not is made",
			delivery: func(*desk) store.Delivery { return say("slack/C1/2", "one") },
			after:    time.Hour, want: row{State: "sent", Tries: 1}, wantTries: 1,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.line.find = cannotTell
			gone := storetest.Open(t, d.url, store.Options{Now: d.clock.Now})
			d.put(&process{db: gone}, tt.delivery(d))
			if tt.shown {
				d.slack.show(outbox.Parcel{Message: msg.Message{Alt: "one"}})
			}
			d.clock.Jump(tt.after)
			d.start(outbox.Options{HoldOlderThan: -1})
			d.becomes("one", tt.want)
			tries := append(d.line.attempts(), d.slack.attempts()...)
			if len(tries) != tt.wantTries || len(tries) == 1 && tries[0].ReplyToken != tt.wantToken {
				t.Errorf("attempts %+v, want %d with token %q", tries, tt.wantTries, tt.wantToken)
			}
			expect(t, "slack shows", len(d.slack.seen()) <= 1, true)
		})
	}
}

func TestVanishedIsLeftAloneWhileItsLeaseLasts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	gone := storetest.Open(t, d.url, store.Options{Now: d.clock.Now})
	begun := d.clock.Now()
	d.put(&process{db: gone}, fresh(d, say("line/U1", "one")), fresh(d, say("line/U1", "two")))
	d.start(outbox.Options{})
	d.becomes("two", row{State: "sent", Tries: 1})
	expect(t, "shown", d.line.seen(), []string{"one", "two"})
	for _, p := range d.line.attempts() {
		if !p.Again {
			t.Errorf("%s is not marked as tried before", p.Message.Alt)
		}
	}
	if passed := d.clock.Now().Sub(begun); passed < store.Lease {
		t.Errorf("taken over after %v, within its lease", passed)
	}
}
