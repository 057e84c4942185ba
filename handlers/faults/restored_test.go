package faults_test

import (
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"

	"tsunagi/store/storetest"
)

// shutter keeps everything from being sent while it is shut.
type shutter struct{ shut atomic.Bool }

func (s *shutter) before(paths ...string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, path := range paths {
				if s.shut.Load() && strings.Contains(r.URL.Path, path) {
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// A backup is restored in which messages wait that went since, as a company's, the desk's and a receipt did: nothing goes before
// the operator releases it, through restarts and for new events, too; then nothing is shown twice, and no number is given out
// that was given out since (row 22).
func TestFault_restored(t *testing.T) {
	t.Parallel()
	var s shutter
	database, backup := storetest.URL(t), storetest.URL(t)
	w, p, number := begin(t, wish{database: database, onLine: s.before("/message/"), onSlack: s.before("chat.", "files.")})
	w.settled()
	s.shut.Store(true)
	p.says("控えの前の連絡")
	w.colleague(tanaka).replies(deskRoom, number, "控えの前の返事")
	w.until("the reply waits", func() (bool, error) {
		n, err := w.count(`SELECT count(*) FROM deliveries WHERE state = 'pending' AND kind = 'reply'`)
		return n == 1, err
	})
	storetest.Restore(t, database, backup)
	before := w.number(`SELECT number FROM epoch`)
	s.shut.Store(false)
	p.reads(0, "控えの前の返事")
	w.reads(deskRoom, "控えの前の連絡")
	lost := w.person("suzuki").submits(proposalOf(2))
	w.settled()
	w.remembered(before + 1)
	w.killOne()
	w.restores(backup)
	leased := w.rows(`SELECT COALESCE(max(leased_until), now())::text FROM deliveries`)[0]
	seen, shown := w.slack.Seq(), len(w.line.Record())
	w.start(1)
	p.says("戻した後の連絡")
	w.killOne()
	w.start(1)
	p.says("もう一度の連絡")
	w.want(0, "deliveries that are taken up", `SELECT count(*) FROM deliveries WHERE leased_until > $1::timestamptz`, leased)
	w.stays(seen, shown)
	w.releases()
	w.reads(deskRoom, "戻した後の連絡")
	w.reads(deskRoom, "もう一度の連絡")
	given := w.person("honda").submits(proposalOf(3))
	w.settled()
	if given == lost || !strings.HasSuffix(given, "0102") {
		t.Errorf("after %s was given out, %s is, want one that ends in 0102", lost, given)
	}
	if n := p.seen("控えの前の返事"); n != 1 {
		t.Errorf("the reply was shown %d times", n)
	}
	for _, words := range []string{"控えの前の連絡", "戻した後の連絡", "もう一度の連絡"} {
		if n := w.posts(deskRoom, words); n != 1 {
			t.Errorf("%q stands %d times in the desk's room", words, n)
		}
	}
	w.once()
}

// remembered waits until Redis knows the database in an epoch.
func (w *world) remembered(epoch int) {
	w.t.Helper()
	o, err := redis.ParseURL(w.redis.URL())
	w.must(err)
	client := redis.NewClient(o)
	defer client.Close()
	key := "epoch:{" + w.rows(`SELECT database::text FROM epoch`)[0] + "}"
	w.until("Redis remembers epoch "+strconv.Itoa(epoch), func() (bool, error) {
		n, err := client.Get(w.ctx, key).Int()
		return n >= epoch, err
	})
}

// restores has the next processes serve another database.
func (w *world) restores(database string) {
	w.t.Helper()
	w.db.Close()
	w.look(database)
	for i, v := range w.env {
		if strings.HasPrefix(v, "DATABASE_URL=") {
			w.env[i] = "DATABASE_URL=" + storetest.Served(w.t, database)
		}
	}
}

// stays judges that nothing has gone since, and that whoever keeps the program is told.
func (w *world) stays(seen, shown int) {
	w.t.Helper()
	for _, e := range w.slack.Since(seen) {
		if strings.HasPrefix(e.Method, "chat.") || strings.HasPrefix(e.Method, "files.") {
			w.t.Errorf("Slack was called: %+v", e)
		}
	}
	for _, e := range w.line.Record()[shown:] {
		if e.Message != nil && e.RequestID != "" {
			w.t.Errorf("LINE was called: %+v", e)
		}
	}
	if said := w.running().said(); !strings.Contains(said, "all deliveries are held") {
		w.t.Errorf("nothing is said of it:\n%s", said)
	}
	if _, metrics := w.get("http://" + w.running().admin + "/metrics"); !strings.Contains(metrics, "\ntsunagi_deliveries_held 1\n") {
		w.t.Error("no metric shows that all is held")
	}
	if status, _ := w.get("http://" + w.running().addr + "/readyz"); status != http.StatusOK {
		w.t.Errorf("/readyz is %d", status)
	}
}

// releases runs the operator's command, first with a no.
func (w *world) releases() {
	w.t.Helper()
	binary, err := built()
	w.must(err)
	run := func(answer string) string {
		c := exec.Command(binary, "release")
		c.Env, c.Stdin = w.env, strings.NewReader(answer)
		out, err := c.CombinedOutput()
		if err != nil {
			w.t.Fatalf("release: %v\n%s", err, out)
		}
		return string(out)
	}
	if out := run("\n"); !strings.Contains(out, "nothing was released") || !strings.Contains(out, "reply") || strings.Contains(out, "控え") {
		w.t.Errorf("it prints\n%s", out)
	}
	w.want(1, "restorations held", `SELECT count(*) FROM restorations WHERE released_at IS NULL`)
	if out := run("y\n"); !strings.Contains(out, " released, 0 dropped") {
		w.t.Errorf("it prints\n%s", out)
	}
	if out := run(""); !strings.Contains(out, "no deliveries are held") {
		w.t.Errorf("afterwards it prints\n%s", out)
	}
}
