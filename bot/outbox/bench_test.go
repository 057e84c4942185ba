package outbox_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// sink takes everything at once.
type sink struct{ taken func() }

func (s sink) Send(context.Context, outbox.Parcel) (outbox.Receipt, error) {
	s.taken()
	return outbox.Receipt{Messages: []string{"461230966842064897"}, Request: "5b59509c-c57b-11e9-aa8c-2a2ae2dbcce4"}, nil
}

func (s sink) Find(context.Context, outbox.Parcel) (outbox.Receipt, bool, error) {
	return outbox.Receipt{}, false, nil
}

// BenchmarkDelivery puts one delivery a transaction, from many people at once, and counts until all are recorded. With
// TSUNAGI_TEST_DATABASE_URL it runs on that server, durable; else on one that does not sync.
func BenchmarkDelivery(b *testing.B) {
	for _, sent := range []int{0, 1_000_000} {
		b.Run(fmt.Sprintf("over %d sent", sent), func(b *testing.B) {
			url := storetest.URL(b)
			fill(b, url, sent)
			db := storetest.Open(b, url, store.Options{MaxConns: 16})
			run(b, db)
		})
	}
}

func run(b *testing.B, db *store.DB) {
	var taken atomic.Int64
	o := outbox.New(db, outbox.Options{
		Senders: map[bot.Platform]outbox.Sender{bot.LINE: sink{func() { taken.Add(1) }}}, Log: slog.New(slog.DiscardHandler),
	})
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- o.Run(ctx) }()
	message := msg.Message{Alt: "次の質問です", Blocks: []msg.Block{msg.Text{Body: "次の質問です"}}}
	b.ResetTimer()
	before := spent(b)
	flood(b, db, message)
	if err := o.Idle(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
	b.ReportMetric(float64((spent(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
	stop()
	if err := <-ended; err != nil || taken.Load() != int64(b.N) {
		b.Fatalf("%d of %d sent, %v", taken.Load(), b.N, err)
	}
}

// spent is the processor time of this process, which says more than the clock on a machine that others use too.
func spent(b *testing.B) time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// flood is 200 people, each with one event after the other.
func flood(b *testing.B, db *store.DB, message msg.Message) {
	var people sync.WaitGroup
	var next atomic.Int64
	for n := range 200 {
		people.Go(func() {
			lane := store.LineLane(fmt.Sprintf("U%032d", n))
			for next.Add(1) <= int64(b.N) {
				err := db.InTx(b.Context(), func(tx *store.Tx) error {
					return tx.Put(store.Delivery{
						Lane: lane, Event: "01HW", Kind: "prompt", Matters: true, ReplyToken: "0f3779fba3b349968c5d07db31eab56f",
						TokenAt: tx.Now, Args: map[string]string{"draft": "12", "field": "title"}, Message: &message,
					})
				})
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	people.Wait()
}

// fill makes a table of deliveries that have gone.
func fill(b *testing.B, url string, sent int) {
	conn, err := pgx.Connect(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(context.Background())
	now := time.Now()
	_, err = conn.CopyFrom(b.Context(), pgx.Identifier{"deliveries"},
		[]string{"id", "lane", "event", "kind", "args", "matters", "state", "not_before", "created_at", "proposal"},
		pgx.CopyFromSlice(sent, func(n int) ([]any, error) {
			return []any{uuid.New(), fmt.Sprintf("line/U%032d", n%1000), "01HW", "prompt", "{}", true, "sent", now, now, n / 10}, nil
		}))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := conn.Exec(b.Context(), "VACUUM ANALYZE deliveries"); err != nil {
		b.Fatal(err)
	}
}
