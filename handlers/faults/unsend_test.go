package faults_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tsunagi/handlers/slack/slacksim"
)

const (
	stray    = "まちがい.pdf"
	strayPDF = "%PDF-1.7 stray"
	share    = "files.completeUploadExternal"
)

// A file that was sent by mistake is taken back: it goes from every thread it was handed to, and into none any more,
// wherever it was on its way (row 9).
func TestFault_fileTakenBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  slacksim.Fault // while it is handed over
		until  string         // true when it is taken back
		delete slacksim.Fault // while it is deleted
		shared int            // how often Slack has shown it at all
	}{
		"when all have it":   {until: `(SELECT count(*) FROM deliveries WHERE kind = 'file' AND state = 'sent') = 2`, shared: 2},
		"while it waits":     {fault: slacksim.Fault{Kind: slacksim.TooMany, Method: "files.getUploadURLExternal", Times: -1, RetryAfter: time.Second}, until: `EXISTS (SELECT FROM files WHERE state = 'stored')`},
		"once it was parked": {fault: slacksim.Fault{Kind: slacksim.Refuse, Method: share, Error: "invalid_arguments", Times: -1}, until: `(SELECT count(*) FROM deliveries WHERE kind = 'file' AND state = 'dead') = 2`},
		"while nobody knows": {fault: slacksim.Fault{Kind: slacksim.ApplyThenFail, Method: share, Times: 2}, until: `(SELECT count(*) FROM deliveries WHERE kind = 'file' AND doubtful) = 2`, shared: 2},
		"and Slack stumbles": {
			until:  `(SELECT count(*) FROM deliveries WHERE kind = 'file' AND state = 'sent') = 2`,
			delete: slacksim.Fault{Kind: slacksim.ApplyThenFail, Method: "files.delete", Times: 2}, shared: 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, p, number := begin(t)
			w.colleague(tanaka).refers(number, "福祉政策課")
			w.card(welfareRoom, number, "連携したい")
			w.settled()
			w.misbehaves(c.fault)
			r, err := p.SendFile(w.ctx, stray, "application/pdf", []byte(strayPDF))
			p.arrives(r, err)
			w.comesTrue(c.until)
			w.misbehaves(c.delete)
			p.arrives(p.Unsend(w.ctx, r.MessageID))
			if c.shared == 0 {
				w.slack.Behave()
			}
			w.settled()
			w.releasesAll()
			w.noStray()
			if n := w.shared(); n != c.shared {
				t.Errorf("Slack has shown it %d times, want %d", n, c.shared)
			}
		})
	}
}

// A document of the form is taken back after submission: the desk's copy goes, the card says why, the other stays (row 9).
func TestFault_documentTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, a := w.person("sato"), proposalOf(1)
	typed := a.typed()
	for _, words := range typed[:len(typed)-1] {
		p.says(words)
	}
	r, err := p.SendFile(w.ctx, stray, "application/pdf", []byte(strayPDF))
	p.arrives(r, err)
	p.arrives(p.SendFile(w.ctx, "企画書.pdf", "application/pdf", []byte("%PDF-1.7 plan")))
	p.says("次へ")
	p.says("送信")
	p.reads(0, "受付番号 ")
	w.comesTrue(`(SELECT count(*) FROM deliveries WHERE kind = 'file' AND state = 'sent') = 2`)
	p.arrives(p.Unsend(w.ctx, r.MessageID))
	w.settled()
	w.noStray()
	if got := w.files(deskRoom); len(got) != 1 || got[0].Name != "企画書.pdf" {
		t.Errorf("the desk has %+v, want the other document", got)
	}
}

// Slack refuses to delete the file: the desk reads it, and can have it tried again (row 9).
func TestFault_fileStays(t *testing.T) {
	t.Parallel()
	w, p, _ := begin(t)
	r, err := p.SendFile(w.ctx, stray, "application/pdf", []byte(strayPDF))
	p.arrives(r, err)
	w.comesTrue(`EXISTS (SELECT FROM deliveries WHERE kind = 'file' AND state = 'sent')`)
	w.slack.Misbehave(slacksim.Fault{Kind: slacksim.Refuse, Method: "files.delete", Error: "cant_delete_file"})
	p.arrives(p.Unsend(w.ctx, r.MessageID))
	w.reads(deskRoom, "Slackから削除できませんでした")
	w.settled()
	if got := w.files(deskRoom); len(got) != 1 {
		t.Errorf("the desk has %+v", got)
	}
	w.releasesAll()
	w.noStray()
}

// The process is killed between handing the file over and knowing it, and the file is taken back meanwhile (row 9).
func TestFault_fileTakenBackKilled(t *testing.T) {
	t.Parallel()
	w, p, _ := begin(t)
	w.slack.Misbehave(slacksim.Fault{Kind: slacksim.ApplyThenTimeout, Method: share})
	r, err := p.SendFile(w.ctx, stray, "application/pdf", []byte(strayPDF))
	p.arrives(r, err)
	w.until("Slack has the file", func() (bool, error) { return w.shared() == 1, nil })
	w.killOne()
	w.start(1)
	p.arrives(p.Unsend(w.ctx, r.MessageID))
	w.comesTrue(`EXISTS (SELECT FROM deliveries WHERE kind = 'erase')`)
	w.settled()
	w.noStray()
}

func (w *world) misbehaves(f slacksim.Fault) {
	if f.Kind != "" {
		w.slack.Misbehave(f)
	}
}

// comesTrue waits until a condition holds in the database.
func (w *world) comesTrue(sql string) {
	w.t.Helper()
	w.until(sql, func() (bool, error) {
		n, err := w.count(`SELECT (` + sql + `)::int`)
		return n == 1, err
	})
}

// releasesAll presses 「もう一度送る」 under every alarm of the desk.
func (w *world) releasesAll() {
	w.t.Helper()
	for _, m := range w.slack.Channel(deskRoom) {
		if _, _, ok := pressable(m.Blocks, "もう一度送る"); ok {
			w.colleague(tanaka).on(m, "もう一度送る")
		}
	}
	w.comesTrue(`NOT EXISTS (SELECT FROM deliveries WHERE state = 'dead')`)
	w.settled()
}

// files are those that can be opened in a room.
func (w *world) files(room string) (out []slacksim.File) {
	for _, m := range w.slack.Channel(room) {
		out = append(out, slices.DeleteFunc(slices.Clone(m.Files), func(f slacksim.File) bool { return f.Gone })...)
	}
	return out
}

// shared counts how often the stray file was shown in a room.
func (w *world) shared() int {
	return len(slices.DeleteFunc(w.slack.Record(), func(e slacksim.Entry) bool {
		return e.Kind != slacksim.FileShared || e.Text != stray
	}))
}

// noStray holds that nothing is left of the file: neither its content nor its name, in Slack or with us.
func (w *world) noStray() {
	w.t.Helper()
	for _, room := range []string{deskRoom, welfareRoom} {
		for _, f := range w.files(room) {
			if f.Name == stray {
				w.t.Errorf("%s can still open %s", room, f.ID)
			}
		}
		if strings.Contains(w.room(room), stray) {
			w.t.Errorf("%s still reads %q:\n%s", room, stray, w.room(room))
		}
	}
	for _, e := range w.slack.Record() {
		if content, _, ok := w.slack.FileContent(e.File); ok && string(content) == strayPDF && e.Kind == slacksim.FileShared {
			w.t.Errorf("Slack still has file %s", e.File)
		}
	}
	w.want(0, "chunks of the file", `SELECT count(*) FROM chunks JOIN files ON files.id = file WHERE encode(bytes, 'escape') LIKE '%stray%'`)
	w.want(0, "names of the file", `SELECT count(*) FROM files WHERE name = $1`, stray)
}
