package slack_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"tsunagi/config"
	"tsunagi/handlers/door"
	"tsunagi/handlers/slack"
	"tsunagi/handlers/slack/slacksim"
)

// post sends bytes to the app, signed at a time.
func (w *world) post(path, body string, at time.Time, change ...func(http.Header)) (int, string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.ctx(), http.MethodPost, w.appURL+path, strings.NewReader(body))
	w.must(err)
	stamp := strconv.FormatInt(at.Unix(), 10)
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", slacksim.Sign(secret, stamp, []byte(body)))
	for _, f := range change {
		f(req.Header)
	}
	resp, err := http.DefaultClient.Do(req)
	w.must(err)
	defer func() { _ = resp.Body.Close() }()
	said, err := io.ReadAll(resp.Body)
	w.must(err)
	return resp.StatusCode, string(said)
}

func commandBody(typed string) string {
	return url.Values{
		"team_id": {"T0SIM"}, "user_id": {clerk}, "channel_id": {deskRoom}, "command": {"/desk"}, "text": {typed},
		"trigger_id": {"1.2.3"}, "response_url": {"https://hooks.slack.com/commands/x"},
	}.Encode()
}

func TestSignature(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := w.clock.Now()
	body := commandBody("list")
	t.Run("times", func(t *testing.T) {
		for seconds, want := range map[int]int{0: 200, 299: 200, -299: 200, 301: 401, -301: 401, 86400 * 30: 401} {
			if got, _ := w.post("/slack/commands", body, now.Add(time.Duration(seconds)*time.Second)); got != want {
				t.Errorf("%d s: got %d, want %d", seconds, got, want)
			}
		}
	})
	t.Run("every byte counts", func(t *testing.T) {
		calls := len(w.commands.all())
		stamp := strconv.FormatInt(now.Unix(), 10)
		signature := slacksim.Sign(secret, stamp, []byte(body))
		for i := range body {
			altered := []byte(body)
			altered[i] ^= 1
			got, _ := w.post("/slack/commands", string(altered), now, func(h http.Header) { h.Set("X-Slack-Signature", signature) })
			if got != 401 {
				t.Errorf("byte %d altered: got %d", i, got)
			}
		}
		for i := range signature {
			altered := []byte(signature)
			altered[i] ^= 1
			got, _ := w.post("/slack/commands", body, now, func(h http.Header) { h.Set("X-Slack-Signature", string(altered)) })
			if got != 401 {
				t.Errorf("byte %d of the signature altered: got %d", i, got)
			}
		}
		if n := len(w.commands.all()); n != calls {
			t.Errorf("%d commands ran", n-calls)
		}
	})
	t.Run("headers", func(t *testing.T) {
		for name, change := range map[string]func(http.Header){
			"no signature": func(h http.Header) { h.Del("X-Slack-Signature") },
			"no time":      func(h http.Header) { h.Del("X-Slack-Request-Timestamp") },
			"no number":    func(h http.Header) { h.Set("X-Slack-Request-Timestamp", "today") },
			"another time": func(h http.Header) { h.Set("X-Slack-Request-Timestamp", strconv.FormatInt(now.Unix()+1, 10)) },
			"another secret": func(h http.Header) {
				h.Set("X-Slack-Signature", slacksim.Sign("other", strconv.FormatInt(now.Unix(), 10), []byte(body)))
			},
			"an older version": func(h http.Header) {
				h.Set("X-Slack-Signature", strings.Replace(h.Get("X-Slack-Signature"), "v0=", "v1=", 1))
			},
			"a short one": func(h http.Header) { h.Set("X-Slack-Signature", "v0=00") },
		} {
			for _, path := range []string{"/slack/commands", "/slack/interactions", "/slack/events"} {
				if got, _ := w.post(path, body, now, change); got != 401 {
					t.Errorf("%s at %s: got %d", name, path, got)
				}
			}
		}
	})
}

// TestSignature_asPublished uses the test vector of Slack's documentation.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
func TestSignature_asPublished(t *testing.T) {
	t.Parallel()
	const body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	w := newWorld(t)
	for secret, want := range map[string]int{"8f742231b10e8888abcd99yyyzzz85a5": 200, "8f742231b10e8888abcd99yyyzzz85a6": 401} {
		app := slack.New(slack.Options{
			Client: w.client, Directory: w.directory, Desk: w.commands, Coordinator: w.cards, Words: w.words, Door: door.New(door.Options{Now: w.clock.Now, Log: discard()}),
			SigningSecret: config.NewSecret(secret), Now: func() time.Time { return time.Unix(1531420618, 0) }, Log: discard(),
		})
		r := httptest.NewRequest(http.MethodPost, "/slack/commands", strings.NewReader(body))
		r.Header.Set("X-Slack-Request-Timestamp", "1531420618")
		r.Header.Set("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")
		got := httptest.NewRecorder()
		app.Commands().ServeHTTP(got, r)
		if got.Code != want {
			t.Errorf("got %d, want %d", got.Code, want)
		}
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := w.clock.Now()
	deep := strings.Repeat("[", 200_000)
	for name, c := range map[string]struct {
		path, body string
		want       int
	}{
		"over 1 MB":                  {"/slack/events", strings.Repeat(" ", 1<<20) + "{}", 413},
		"a command that is no form":  {"/slack/commands", "%zz", 400},
		"a command without anything": {"/slack/commands", "", 400},
		"no payload":                 {"/slack/interactions", "a=b", 400},
		"a payload that is no JSON":  {"/slack/interactions", "payload=%7B", 400},
		"an empty payload":           {"/slack/interactions", "payload=%7B%7D", 400},
		"an event that is no JSON":   {"/slack/events", "{", 400},
		"nested too deeply":          {"/slack/events", `{"type":"event_callback","event":` + deep, 400},
		"an event of no kind":        {"/slack/events", `{"type":"event_callback","event":{"type":7}}`, 200},
		"an event without event":     {"/slack/events", `{"type":"event_callback"}`, 200},
		"an unknown event":           {"/slack/events", `{"type":"event_callback","event":{"type":"moon_phase"}}`, 200},
		"an unknown interaction":     {"/slack/interactions", "payload=" + url.QueryEscape(`{"type":"teleport","user":{"id":"U1"}}`), 200},
		"too many commands":          {"/slack/events", `{"type":"app_rate_limited"}`, 200},
	} {
		if got, _ := w.post(c.path, c.body, now); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
	t.Run("a probe of the certificate", func(t *testing.T) {
		for _, change := range []func(http.Header){
			func(http.Header) {}, func(h http.Header) { h.Del("X-Slack-Signature"); h.Del("X-Slack-Request-Timestamp") },
		} {
			if got, said := w.post("/slack/commands", "ssl_check=1&token=x", now, change); got != 200 || said != "" {
				t.Errorf("got %d %s", got, said)
			}
		}
		forged := func(h http.Header) { h.Set("X-Slack-Signature", "v0="+strings.Repeat("00", 32)) }
		if got, _ := w.post("/slack/commands", commandBody("list")+"&ssl_check=1", now, forged); got != 401 {
			t.Errorf("with a forged signature: got %d", got)
		}
		if n := len(w.commands.all()); n != 0 {
			t.Errorf("%d commands ran", n)
		}
	})
	t.Run("the challenge comes back", func(t *testing.T) { w.must(w.sim.VerifyURL(w.ctx())) })
	t.Run("other methods", func(t *testing.T) {
		resp, err := http.Get(w.appURL + "/slack/events")
		w.must(err)
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("got %d", resp.StatusCode)
		}
	})
}

func FuzzCommand(f *testing.F) {
	f.Add([]byte(commandBody("list 一覧 &lt;@U1&gt;")))
	f.Add([]byte("text=%00&user_id=U1&command=/desk&trigger_id=1"))
	f.Fuzz(fuzzed(f, "/slack/commands"))
}

func FuzzInteraction(f *testing.F) {
	for _, payload := range []string{
		`{"type":"block_actions","user":{"id":"U0CLERK","team_id":"T0SIM"},"actions":[{"type":"button","action_id":"a#1","value":"do=a"}]}`,
		`{"type":"view_submission","user":{"id":"U0CLERK"},"view":{"id":"V1","private_metadata":"do=a","state":{"values":[]}}}`,
		`{"type":"view_submission","user":{"id":"U0CLERK"},"view":{"blocks":[{"type":"input","block_id":"x"}],"state":{"values":{"x":{"x":{"selected_options":[null]}}}}}}`,
		`{"type":"block_actions","user":{"id":"U0CLERK"},"actions":[7,null,{"type":"overflow","selected_option":"x"}],"view":{"type":"home"}}`,
	} {
		f.Add([]byte("payload=" + url.QueryEscape(payload)))
	}
	f.Fuzz(fuzzed(f, "/slack/interactions"))
}

func FuzzEvent(f *testing.F) {
	f.Add([]byte(`{"type":"event_callback","event_id":"Ev1","event":{"type":"app_home_opened","user":"U1","tab":"home","view":{"hash":1}}}`))
	f.Add([]byte(`{"type":"event_callback","event":{"type":"member_left_channel","channel":{}}}`))
	f.Fuzz(fuzzed(f, "/slack/events"))
}

// fuzzed sends signed bytes of any sort to an app whose workspace does not answer: it must answer 200 or 400.
func fuzzed(f *testing.F, path string) func(*testing.T, []byte) {
	app, sign := served(f, "http://127.0.0.1:1")
	handler := map[string]http.Handler{
		"/slack/commands": app.Commands(), "/slack/interactions": app.Interactions(), "/slack/events": app.Events(),
	}[path]
	return func(t *testing.T, body []byte) {
		r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
		sign(r, body)
		got := httptest.NewRecorder()
		handler.ServeHTTP(got, r)
		if got.Code != 200 && got.Code != 400 {
			t.Errorf("got %d to %q", got.Code, body)
		}
		if err := app.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
