package faults_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/handlers/line/linesim"
	"tsunagi/store/embedded"
	"tsunagi/store/storetest"
)

// Postgres crashes in the middle of a talk and comes back: while it is away LINE reads 503 within its two seconds, and
// afterwards work goes on within ten, with nothing lost and nothing twice (row 20).
func TestFault_postgresCrash(t *testing.T) {
	t.Parallel()
	server, err := embedded.StartPostgres(t.Context(), embedded.Postgres{Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	w := newWorld(t, wish{database: server.URL("")})
	p, a := w.person("sato"), proposalOf(1)
	steps, usual := append(a.typed(), "送信"), time.Duration(0)
	for step, words := range steps {
		if step != 6 && step != 15 {
			begun := time.Now()
			p.says(words)
			usual = max(usual, time.Since(begun))
			continue
		}
		w.must(server.Crash())
		begun := time.Now()
		r, err := p.SendText(w.ctx, words)
		w.must(err)
		if r.Status != http.StatusServiceUnavailable {
			t.Errorf("while Postgres was away LINE read %d (%s), want 503", r.Status, r.Reason)
		}
		t.Logf("503 after %v", time.Since(begun).Round(time.Millisecond))
		w.unready()
		w.must(server.Resume(w.ctx))
		back := time.Now()
		p.arrives(r, nil)
		if took := time.Since(back); took > 10*time.Second+4*usual {
			t.Errorf("work went on %v after Postgres was back", took)
		}
	}
	p.reads(0, "受付番号 ")
	w.reads(deskRoom, "K")
	w.settled()
	w.wholly(a)
	w.numbered(1)
	w.once()
}

// unready judges that load balancers are told to look elsewhere.
func (w *world) unready() {
	w.t.Helper()
	if status, _ := w.get("http://" + w.running().addr + "/readyz"); status != http.StatusServiceUnavailable {
		w.t.Errorf("/readyz answers %d, want 503", status)
	}
	if status, _ := w.get("http://" + w.running().addr + "/healthz"); status != http.StatusOK {
		w.t.Errorf("/healthz answers %d, want 200: the process is well", status)
	}
}

// The connection breaks at commits, before Postgres hears of them or before the program hears that they are done: the
// retry finds what was done (row 20).
func TestFault_commitLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wish{idle: true})
	url := storetest.URL(t)
	w.db.Close()
	w.look(url)
	l, address := w.wire(url)
	w.env = append(w.env, "DATABASE_URL="+address)
	w.start(1)
	p, a := w.person("sato"), proposalOf(1)
	cuts := 0
	for step, words := range append(a.typed(), "送信") {
		at := []moment{beforeCommit, afterCommit}[step%2]
		once := true
		l.striking(func(m moment) bool {
			if m != at || !once {
				return false
			}
			once = false
			cuts++
			return true
		})
		p.says(words)
	}
	l.striking(nil)
	p.reads(0, "受付番号 ")
	w.settled()
	w.wholly(a)
	w.numbered(1)
	w.once()
	t.Logf("%d commits were cut", cuts)
	if cuts < 8 {
		t.Errorf("only %d commits were cut", cuts)
	}
}

// All connections end at once, as when Postgres is restarted in order, again and again (row 20).
func TestFault_connectionsCut(t *testing.T) {
	t.Parallel()
	w, p, number := begin(t)
	c := w.colleague(tanaka)
	n := times(5, 200)
	for range n {
		_, err := w.db.Exec(w.ctx, `
			SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		w.must(err)
		p.says("切れても届く連絡")
	}
	w.until("the desk can reply", func() (bool, error) {
		n, err := w.count(`SELECT count(*) FROM messages WHERE body = '切れても届く連絡'`)
		return n > 0, err
	})
	c.replies(deskRoom, number, "切れても届く返事")
	p.reads(0, "切れても届く返事")
	w.settled()
	w.want(n, "messages", `SELECT count(*) FROM messages WHERE body = '切れても届く連絡'`)
	if got := w.posts(deskRoom, "切れても届く連絡"); got != n {
		t.Errorf("%d messages stand in the desk's room, want %d", got, n)
	}
	w.once()
}

// Somebody holds the lock of one person for long: that person's event is answered 503 in time and comes again, and
// nobody else waits (row 20: bounded waits).
func TestFault_locked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, other := w.person("sato"), w.person("suzuki")
	p.says("提案")
	conn, err := pgx.ConnectConfig(w.ctx, w.db.Config().ConnConfig.Copy())
	w.must(err)
	defer conn.Close(context.Background())
	tx, err := conn.Begin(w.ctx)
	w.must(err)
	_, err = tx.Exec(w.ctx, `SELECT FROM contacts WHERE line_user = $1 FOR UPDATE`, p.ID())
	w.must(err)
	begun := time.Now()
	r, err := p.SendText(w.ctx, "企業")
	w.must(err)
	took := time.Since(begun)
	if r.Status != http.StatusServiceUnavailable {
		t.Errorf("LINE read %d (%s) after %v, want 503", r.Status, r.Reason, took)
	}
	for _, words := range proposalOf(2).typed() {
		other.says(words)
	}
	w.must(tx.Rollback(w.ctx))
	p.arrives(r, nil)
	p.reads(0, "(2/")
	w.settled()
	w.want(1, "answers of the person", `SELECT count(*) FROM answers JOIN drafts ON drafts.id = draft JOIN contacts ON contacts.id = contact WHERE line_user = $1`, p.ID())
}

// More people are locked than there are connections: everybody reads 503 in time, and when the locks are gone all that was
// written has its effect, once (row 20: the pool is exhausted).
func TestFault_poolExhausted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const n = 24 // the program has 16 connections
	people := make([]person, n)
	for i := range people {
		people[i] = w.person(proposalOf(i).name)
		people[i].says("提案")
	}
	conn, err := pgx.ConnectConfig(w.ctx, w.db.Config().ConnConfig.Copy())
	w.must(err)
	defer conn.Close(context.Background())
	tx, err := conn.Begin(w.ctx)
	w.must(err)
	_, err = tx.Exec(w.ctx, `SELECT FROM contacts FOR UPDATE`)
	w.must(err)
	var all sync.WaitGroup
	receipts := make([]linesim.Receipt, n)
	for i, p := range people {
		all.Go(func() {
			r, err := p.SendText(w.ctx, "企業")
			if err != nil {
				t.Error(err)
			}
			receipts[i] = r
		})
	}
	all.Wait()
	for _, r := range receipts {
		if r.Delivered() {
			t.Errorf("event %s was answered %d though nothing can have been written", r.EventID, r.Status)
		}
	}
	w.must(tx.Rollback(w.ctx))
	for i, p := range people {
		p.arrives(receipts[i], nil)
		p.reads(0, "(2/")
	}
	w.settled()
	w.want(n, "answers", `SELECT count(*) FROM answers`)
}

// An event that always fails is set aside after five tries, the desk is told, and neighbours go on (row 12).
func TestFault_setAside(t *testing.T) {
	t.Parallel()
	w, p, _ := begin(t)
	other := w.person("suzuki")
	_, err := w.db.Exec(w.ctx, `ALTER TABLE messages ADD CONSTRAINT broken CHECK (body <> '毒') NOT VALID`)
	w.must(err)
	r, err := p.SendText(w.ctx, "毒")
	w.must(err)
	other.says("提案")
	other.reads(0, "(1/")
	tries := 1
	for ; !r.Delivered() && tries < 8; tries++ {
		r = w.line.Redeliver(w.ctx)[0]
	}
	if tries != 5 {
		t.Errorf("the event was set aside after %d tries, want 5", tries)
	}
	p.reads(0, "システムの不具合で、お送りいただいた内容を受け取れませんでした")
	w.reads(deskRoom, "処理できない受信が一件ありました")
	p.says("次の連絡です")
	w.reads(deskRoom, "次の連絡です")
	w.settled()
	w.want(1, "messages", `SELECT count(*) FROM messages`)
}
