package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/store"
)

// sink is a platform that takes everything at once.
type sink struct{ taken *atomic.Int64 }

// Send takes it.
func (s sink) Send(context.Context, outbox.Parcel) (outbox.Receipt, error) {
	s.taken.Add(1)
	return outbox.Receipt{Messages: []string{"461230966842064897"}}, nil
}

// Find has nothing to find: every send succeeds.
func (s sink) Find(context.Context, outbox.Parcel) (outbox.Receipt, bool, error) {
	return outbox.Receipt{}, false, nil
}

// outboxAlone is store and outbox without a talk or a wire: 200 lanes, one delivery a durable transaction.
func (s *stage) outboxAlone(ctx context.Context, r *report) error {
	url, err := s.database(ctx)
	if err != nil {
		return err
	}
	if _, err := store.Migrate(ctx, url); err != nil {
		return err
	}
	db, err := store.Open(ctx, url, store.Options{Now: time.Now, NewID: uuid.New})
	if err != nil {
		return err
	}
	defer db.Close()
	var taken atomic.Int64
	o := outbox.New(db, outbox.Options{
		Senders: map[bot.Platform]outbox.Sender{bot.LINE: sink{&taken}}, Log: slog.New(slog.DiscardHandler),
	})
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- o.Run(running) }()
	began := time.Now()
	put, err := flood(ctx, db, s.seconds(6))
	if err == nil {
		err = o.Idle(ctx)
	}
	took := time.Since(began)
	stop()
	if e := <-ended; err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	r.table("Outbox alone", []string{"what", "measured"}, [][]string{
		{"deliveries put, sent and recorded a second", fmt.Sprintf("%.0f", float64(taken.Load())/took.Seconds())},
		{"put, sent", fmt.Sprintf("%d, %d", put, taken.Load())},
	})
	return nil
}

// flood is 200 people, each with one event after the other.
func flood(ctx context.Context, db *store.DB, d time.Duration) (int64, error) {
	message := msg.Message{Alt: question, Blocks: []msg.Block{msg.Text{Body: question}}}
	var people sync.WaitGroup
	var put atomic.Int64
	var fault atomic.Pointer[error]
	for n := range crowd200 {
		people.Go(func() {
			for began := time.Now(); time.Since(began) < d && ctx.Err() == nil && fault.Load() == nil; {
				err := db.InTx(ctx, func(tx *store.Tx) error {
					return tx.Put(store.Delivery{
						Lane: store.LineLane(user(2, n)), Event: "01BENCH", Kind: "prompt", ReplyToken: "0f3779fba3b349968c5d07db31eab56f",
						TokenAt: tx.Now, Message: &message,
					})
				})
				if err != nil {
					fault.Store(&err)
					return
				}
				put.Add(1)
			}
		})
	}
	people.Wait()
	if err := fault.Load(); err != nil {
		return put.Load(), *err
	}
	return put.Load(), nil
}
