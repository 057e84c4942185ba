package faults_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tsunagi/handlers/slack/slacksim"
)

// full has Postgres say that its disk is full, whatever is written; the program is told as by the server itself, which says
// so before it has changed anything.
func (w *world) full() (freed func()) {
	w.t.Helper()
	_, err := w.db.Exec(w.ctx, `
		CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
			RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = 'disk_full';
		END $$;
		DO $$ DECLARE name text; BEGIN
			FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
				EXECUTE format('CREATE TRIGGER full_disk BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION full_disk()', name);
			END LOOP;
		END $$`)
	w.must(err)
	return func() {
		_, err := w.db.Exec(w.ctx, `DROP FUNCTION full_disk() CASCADE`)
		w.must(err)
	}
}

// The disk of Postgres is full: LINE reads 503 however often it comes, nothing is set aside for it, staff are told to try
// again; once there is room everything has its effect, once (row 20).
func TestFault_diskFull(t *testing.T) {
	t.Parallel()
	w, p, number := begin(t)
	w.settled()
	desk := w.colleague(tanaka)
	desk.opens(deskRoom, number, "企業に返信")
	freed := w.full()
	r, err := p.SendText(w.ctx, "満杯のときの連絡")
	w.must(err)
	for range 7 { // more than it takes to set an event aside
		if r.Status != http.StatusServiceUnavailable {
			t.Errorf("LINE read %d (%s), want 503", r.Status, r.Reason)
		}
		if again := w.line.Redeliver(w.ctx); len(again) > 0 {
			r = again[0]
		}
	}
	out := desk.submits(slacksim.Values{"body": {"満杯のときの返事"}})
	v, _ := w.slack.View(tanaka)
	if told := fmt.Sprint(out.Error, out.Errors, said(v.Blocks)); !strings.Contains(told, "ただいま混み合っています") {
		t.Errorf("the desk reads %q", told)
	}
	freed()
	p.arrives(r, nil)
	w.reads(deskRoom, "満杯のときの連絡")
	desk.replies(deskRoom, number, "満杯のあとの返事")
	p.reads(0, "満杯のあとの返事")
	w.settled()
	if n := w.posts(deskRoom, "満杯のときの連絡"); n != 1 {
		t.Errorf("the message stands %d times in the desk's room", n)
	}
	w.want(0, "failures", `SELECT count(*) FROM failures`)
	w.numbered(1)
	w.once()
}
