package slack_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"tsunagi/bot/coordinator"
	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/handlers/slack"
	"tsunagi/handlers/slack/slacksim"
)

// stranger is a server that is not Slack's, and answers whatever it is asked as Slack would; it counts who asks.
type stranger struct {
	*httptest.Server
	asked atomic.Int64
}

func newStranger(t *testing.T) *stranger {
	t.Helper()
	s := &stranger{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.asked.Add(1)
		_, _ = w.Write([]byte(`{"ok":true,"channel":"C0DESK","ts":"1.000001"}`))
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *stranger) unasked(t *testing.T, what string) {
	t.Helper()
	if n := s.asked.Load(); n > 0 {
		t.Errorf("%s: a server that is not Slack's was called %d times", what, n)
	}
}

// An answer goes to a response_url only if that is Slack's; who pressed reads it all the same.
func TestPress_forgedResponseURL(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	elsewhere := newStranger(t)
	w.cards.willPress(func(context.Context, coordinator.Press) (coordinator.Reaction, error) {
		return coordinator.Reaction{Say: text.Say("coordinator.released")}, nil
	})
	ours := strings.TrimPrefix(w.simURL, "http://")
	for _, address := range []string{
		elsewhere.URL + "/actions/T0SIM/1/x", "http://x@" + ours + "/response/x", "http://hooks.slack.com@" + strings.TrimPrefix(elsewhere.URL, "http://") + "/x",
		"HTTP://" + strings.TrimPrefix(elsewhere.URL, "http://"), "//" + strings.TrimPrefix(elsewhere.URL, "http://"), "%",
	} {
		before := w.sim.Seq()
		payload := `{"type":"block_actions","user":{"id":"` + clerk + `","team_id":"T0SIM"},"trigger_id":"t","response_url":"` + address +
			`","channel":{"id":"` + deskRoom + `"},"actions":[{"type":"button","action_id":"x#1","value":"do=x"}]}`
		if status, _ := w.post("/slack/interactions", "payload="+url.QueryEscape(payload), w.clock.Now()); status != 200 {
			t.Errorf("%s: got %d", address, status)
		}
		w.seen(func(e slacksim.Entry) bool { return e.Seq > before && e.Kind == slacksim.Ephemeral && e.User == clerk })
	}
	elsewhere.unasked(t, "response_url")
	if n := w.calls("response_url"); n > 0 {
		t.Errorf("an address with a name in it was called %d times", n)
	}
}

// Addresses that came from outside: only Slack's own hosts count, over TLS, and the host of the Web API.
func TestOurs(t *testing.T) {
	t.Parallel()
	c, err := slack.NewClient(slack.Access{APIURL: "https://slack.com/api/"})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{
		"https://hooks.slack.com/actions/T1/2/3": true, "https://hooks.slack-gov.com/x": true, "https://slack.com/x": true,
		"http://hooks.slack.com/x": false, "https://hooks.slack.com.evil.example/x": false, "https://evil.example/hooks.slack.com": false,
		"https://x@hooks.slack.com/y": false, "https://hooks.slack.com@evil.example/": false, "https://files.slack.com/x": false,
		"https://xhooks.slack.com/": false, "https://hooks.slack.com:8443/": false, "http://169.254.169.254/latest": false,
		"http://127.0.0.1/": false, "//hooks.slack.com/x": false, "": false, "%": false, "file:///etc/passwd": false,
	} {
		if got := c.Ours(address, "hooks"); got != want {
			t.Errorf("%q: %v, want %v", address, got, want)
		}
	}
}

// A file is sent only to an address of Slack's, wherever an answer says that it should go.
func TestUpload_elsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	elsewhere := newStranger(t)
	w.sim.SetBaseURL(elsewhere.URL) // which upload addresses begin with
	p := parcel(welfareRoom, plain("📎 a.pdf"))
	p.File = document("a.pdf", []byte("%PDF-1.7"))
	if _, err := w.sender.Send(w.ctx(), p); err == nil {
		t.Error("the file was sent")
	}
	elsewhere.unasked(t, "upload")
}

// No redirect is followed: what is sent, and the token with it, is for Slack alone.
func TestClient_staysWhereItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	elsewhere := newStranger(t)
	away := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	t.Cleanup(away.Close)
	c, err := slack.NewClient(slack.Access{APIURL: away.URL + "/api/", BotToken: config.NewSecret("xoxb-test")})
	w.must(err)
	sender := slack.NewSender(c, w.desk, w.words, w.clock.Now, slog.New(slog.NewJSONHandler(w.log, nil)))
	if _, err := sender.Send(w.ctx(), parcel(deskRoom, plain("漏れてはならない"))); err == nil {
		t.Error("it was sent")
	}
	if _, _, err := sender.Find(w.ctx(), parcel(deskRoom, plain("漏れてはならない"))); err == nil {
		t.Error("it was looked up")
	}
	elsewhere.unasked(t, "redirect")
}

// Upload addresses and response_urls are as good as keys: no error and no line of the log has them, however a call ends.
func TestAddressesStayOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	w.must(dead.Close())
	hidden := "http://" + dead.Addr().String() + "/geheim"
	c, err := slack.NewClient(slack.Access{APIURL: "http://" + dead.Addr().String() + "/api/"})
	w.must(err)
	file := document("a.pdf", []byte("%PDF-1.7"))
	faults := map[string]error{
		"refused": slack.Stream(w.ctx(), c, hidden, file), "refused too": slack.Post(w.ctx(), c, hidden), "malformed": slack.Post(w.ctx(), c, hidden+"\x7f"),
	}
	ended, end := context.WithCancel(w.ctx())
	end()
	faults["ended"] = slack.Post(ended, c, hidden)
	for name, err := range faults {
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
