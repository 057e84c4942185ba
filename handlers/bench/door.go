package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"
)

// doors has strangers stand in the way: who announce much and send nothing, who send slowly, and who sign wrongly thousands
// of times a second. Beside each of them people talk to the desk, fifty events a second.
func doors(ctx context.Context, s *stage, r *report) error {
	b, err := s.served(ctx, 10)
	if err != nil {
		return err
	}
	defer b.stop() //nolint:errcheck // how it ends is measured elsewhere
	if _, err := s.newLoad(b, steps()[:shortTalk]).closed(ctx, crowd200, warmUp); err != nil {
		return err
	}
	var rows [][]string
	for _, siege := range []struct {
		name string
		lay  func(context.Context, string) *strangers
	}{
		{"nobody", func(context.Context, string) *strangers { return &strangers{} }},
		{"200 announce 1 MiB and send nothing", announcers},
		{"2,000 send a byte a second", dribblers},
		{"100 send 1 MiB, over and over", heavies},
		{"5,000 bad signatures a second", forgers},
	} {
		row, err := s.besiege(ctx, b, siege.name, siege.lay)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	r.table("The door: 50 good events a second while strangers stand in it", []string{
		"strangers", "their requests", "good: acknowledged p50", "p99", "max", "goal", "wrong", "bot CPU, of a core", "peak memory", "goal",
	}, rows)
	return nil
}

// besiege measures what good webhooks find while strangers are there.
func (s *stage) besiege(ctx context.Context, b *child, name string, lay func(context.Context, string) *strangers) ([]string, error) {
	d := s.seconds(5)
	during, over := context.WithCancel(ctx)
	before, began := spent(b.pid()), time.Now()
	who := lay(during, b.addr)
	got, err := s.newLoad(b, steps()[:shortTalk]).open(ctx, 50, d)
	busy := float64(spent(b.pid()).minus(before).bot) / float64(time.Since(began))
	over()
	who.Wait()
	if err != nil {
		return nil, err
	}
	slowest, peak := at(got.acked, 1), memory(b.pid(), "VmHWM")
	return []string{
		name, who.told(d), ms(at(got.acked, .5)), ms(at(got.acked, .99)), ms(slowest), against(slowest <= 300e6, "≤ 300 ms"),
		got.faults(), fmt.Sprintf("%.0f %%", busy*100), fmt.Sprintf("%.0f MiB", peak), against(peak <= 256, "≤ 256 MiB"),
	}, nil
}

// strangers are connections that nobody wants.
type strangers struct {
	sync.WaitGroup
	mu    sync.Mutex
	tries int
}

func (s *strangers) told(d time.Duration) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("%.0f/s", float64(s.tries)/d.Seconds())
}

// each lets so many do something again and again until ctx ends, with a pause whenever they are turned away.
func (s *strangers) each(ctx context.Context, n int, again time.Duration, do func(context.Context)) *strangers {
	for range n {
		s.Go(func() {
			for ctx.Err() == nil {
				s.mu.Lock()
				s.tries++
				s.mu.Unlock()
				do(ctx)
				pause(ctx, again)
			}
		})
	}
	return s
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

func announcers(ctx context.Context, addr string) *strangers {
	return new(strangers).each(ctx, 200, 100*time.Millisecond, func(ctx context.Context) { drip(ctx, addr, 1<<20, 0, 0) })
}

func dribblers(ctx context.Context, addr string) *strangers {
	return new(strangers).each(ctx, 2000, 100*time.Millisecond, func(ctx context.Context) { drip(ctx, addr, 1<<20, 1, time.Second) })
}

func heavies(ctx context.Context, addr string) *strangers {
	return new(strangers).each(ctx, 100, 100*time.Millisecond, func(ctx context.Context) { drip(ctx, addr, 1<<20, 64<<10, 100*time.Millisecond) })
}

// drip announces a body and sends it piece by piece, until it is let go.
func drip(ctx context.Context, addr string, announced, piece int, every time.Duration) {
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		return
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	_, err = conn.Write([]byte("POST /line/webhook HTTP/1.1\r\nHost: bot\r\nContent-Length: " + strconv.Itoa(announced) + "\r\n" + forged() + "\r\n\r\n"))
	if err != nil {
		return
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = conn.Read(make([]byte, 1)) // what it says is not asked for
	}()
	for sent := 0; piece > 0 && sent < announced; sent += piece {
		if _, err := conn.Write(make([]byte, piece)); err != nil {
			return
		}
		select {
		case <-gone:
			return
		case <-time.After(every):
		}
	}
	<-gone
}

// forgers sign with another secret.
func forgers(ctx context.Context, addr string) *strangers {
	const perSecond, hands = 5000, 32
	s := &strangers{}
	body := make([]byte, 600)
	for range hands {
		s.Go(func() {
			w := wire{addr: addr}
			defer w.close()
			for began, n := time.Now(), 0; ctx.Err() == nil; n++ {
				pause(ctx, time.Until(began.Add(time.Duration(n)*hands*time.Second/perSecond)))
				if _, _, err := w.post("/line/webhook", body, forged()); err == nil {
					s.mu.Lock()
					s.tries++
					s.mu.Unlock()
				}
			}
		})
	}
	return s
}

// forged is a signature as LINE's are, of nobody.
func forged() string {
	claim := make([]byte, 32)
	_, _ = rand.Read(claim) // never fails
	return "X-Line-Signature: " + base64.StdEncoding.EncodeToString(claim)
}
