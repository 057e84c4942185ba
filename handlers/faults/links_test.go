package faults_test

import (
	"net"
	"strings"
	"testing"

	"tsunagi/handlers/slack/slacksim"
)

// lure is an address in this machine that counts who comes.
func (w *world) lure() (address string, visits func() int) {
	w.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	n, done := 0, make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			n++
			_ = conn.Close()
		}
	}()
	return l.Addr().String(), func() int {
		_ = l.Close()
		<-done
		return n
	}
}

// Links to this machine, and to the metadata of a cloud, in everything that a company and the city can write: nobody follows
// one, and Slack is told each time not to (row 45).
func TestFault_links(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	address, visits := w.lure()
	desk, p := w.colleague(tanaka), w.person("sato")
	links := func(what string) string {
		return what + " http://" + address + "/" + what + ".png?x=1 http://169.254.169.254/latest/meta-data/ http://[::1]/" + what
	}
	a := proposalOf(1)
	a.organization, a.title, a.idea = "団体 http://"+address, "題 http://"+address, links("案")
	number := p.submits(a)
	desk.takes(number)
	p.says(links("連絡"))
	p.arrives(p.SendFile(w.ctx, "http:／／"+address+".pdf", "application/pdf", []byte("%PDF-1.7 <img src=http://"+address+"/file>")))
	desk.opens(deskRoom, number, "照会する")
	desk.fine(slacksim.Values{"departments": {"産業政策課"}, "note": {links("メモ")}})
	w.reads(industryRoom, "http://"+address+"/メモ.png")
	desk.replies(deskRoom, number, links("返事"))
	for _, line := range []string{"list", "show " + number, "search " + address} {
		out, err := w.slack.Command(w.ctx, tanaka, deskRoom, "/desk "+line)
		if w.must(err); out.Error != "" {
			t.Errorf("/desk %s: %s", line, out.Error)
		}
	}
	p.reads(0, "http://"+address+"/返事.png")
	w.reads(deskRoom, "http://"+address+"/連絡.png")
	w.settled()
	seen := 0
	for _, e := range w.slack.Record() {
		if !strings.Contains(e.Text+string(e.Blocks), address) || e.Kind == slacksim.FileShared {
			continue
		}
		if seen++; e.Unfurls {
			t.Errorf("Slack may fetch what is linked in %s %.80q", e.Kind, e.Text)
		}
	}
	if seen < 5 {
		t.Errorf("only %d messages show a link", seen)
	}
	if n := visits(); n > 0 {
		t.Errorf("links were followed %d times", n)
	}
}
