package faults_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/handlers/line/linesim"
)

// burst is events that come faster than they can be taken, and how each was answered.
type burst struct {
	*world
	client http.Client
	status []atomic.Int64 // of each event; 0: none yet
	all    sync.WaitGroup
	shut   chan struct{} // closed when so many were refused that it is enough
	refuse atomic.Int64
}

const enough = 25 // refusals

func (b *burst) event(i int) string { return fmt.Sprintf("01BURST%019d", i) }

// sends delivers an event as LINE does, from a person of its own.
func (b *burst) sends(i int) {
	body := webhookOf(b.line.BotUserID(), fmt.Sprintf(
		`{"type":"message","webhookEventId":%q,"timestamp":%d,"deliveryContext":{"isRedelivery":%t},"source":{"type":"user","userId":%q},"mode":"active","message":{"id":"%d","type":"text","text":"提案"}}`,
		b.event(i), time.Now().UnixMilli(), b.status[i].Load() != 0, linesim.UserID(b.event(i)), 1_000_000+i))
	req, err := http.NewRequestWithContext(b.ctx, http.MethodPost, "http://"+b.running().addr+"/line/webhook", bytes.NewReader([]byte(body)))
	if err != nil {
		b.t.Error(err)
		return
	}
	req.Header.Set("X-Line-Signature", linesim.Sign(lineSecret, []byte(body)))
	res, err := b.client.Do(req)
	if err != nil {
		b.t.Error(err)
		return
	}
	_ = res.Body.Close()
	b.status[i].Store(int64(res.StatusCode))
	if res.StatusCode == http.StatusServiceUnavailable {
		if res.Header.Get("Retry-After") == "" {
			b.t.Error("a refusal does not say when to come again")
		}
		if b.refuse.Add(1) == enough {
			close(b.shut)
		}
	}
}

// 500 events a second come in a burst, and for a part of it Postgres takes none: whatever is answered 200 is committed, the
// rest reads 503 and when to come again, and has its effect, once, when it does (row 15).
func TestFault_burst(t *testing.T) {
	t.Parallel()
	n := times(1000, 30_000)
	b := &burst{world: newWorld(t), status: make([]atomic.Int64, n), shut: make(chan struct{})}
	b.client.Transport = &http.Transport{MaxIdleConnsPerHost: 64}
	free := b.jams()
	pace := time.NewTicker(2 * time.Millisecond)
	defer pace.Stop()
	for i := range n {
		b.all.Go(func() { b.sends(i) })
		<-pace.C
	}
	select {
	case <-b.shut:
	case <-b.ctx.Done():
		t.Fatal("nothing was refused")
	}
	free()
	b.all.Wait()
	taken := map[string]bool{}
	for _, id := range b.rows(`SELECT id FROM inbox`) {
		taken[id] = true
	}
	refused := 0
	for i := range n {
		switch b.status[i].Load() {
		case http.StatusOK:
			if !taken[b.event(i)] {
				t.Errorf("event %d was answered 200 and is not there", i)
			}
		case http.StatusServiceUnavailable:
			refused++
		default:
			t.Errorf("event %d was answered %d", i, b.status[i].Load())
		}
	}
	for i := range n {
		for b.status[i].Load() != http.StatusOK && b.ctx.Err() == nil {
			b.sends(i)
		}
	}
	b.want(n, "events", `SELECT count(*) FROM inbox WHERE id LIKE '01BURST%'`)
	b.want(n, "people", `SELECT count(*) FROM contacts`)
	b.want(n, "drafts", `SELECT count(*) FROM drafts`)
	t.Logf("%d of %d were refused at first; %d MB", refused, n, b.memory())
	if most := 256; !racing && b.memory() > most {
		t.Errorf("the program took %d MB, want %d at most", b.memory(), most)
	}
}

// jams lets Postgres take no event until it is freed.
func (b *burst) jams() (free func()) {
	b.t.Helper()
	conn, err := pgx.ConnectConfig(b.ctx, b.db.Config().ConnConfig.Copy())
	b.must(err)
	b.t.Cleanup(func() { _ = conn.Close(context.Background()) })
	tx, err := conn.Begin(b.ctx)
	b.must(err)
	_, err = tx.Exec(b.ctx, `LOCK TABLE inbox IN EXCLUSIVE MODE`)
	b.must(err)
	return func() { b.must(tx.Rollback(b.ctx)) }
}

var resident = regexp.MustCompile(`VmHWM:\s+([0-9]+) kB`)

// memory is the most that the program has had in memory, in MB.
func (w *world) memory() int {
	w.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.running().cmd.Process.Pid))
	w.must(err)
	found := resident.FindStringSubmatch(string(status))
	if found == nil {
		w.t.Fatalf("no memory in %s", strings.TrimSpace(string(status)))
	}
	kB, err := strconv.Atoi(found[1])
	w.must(err)
	return kB / 1024
}
