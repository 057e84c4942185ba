package slack_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tsunagi/config"
	"tsunagi/handlers/slack"
	"tsunagi/handlers/slack/slacksim"
)

func TestManifest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		lang   string
		socket bool
	}{"http": {"ja", false}, "socket": {"ja", true}, "english": {"en", false}} {
		m, err := slack.Manifest(catalogue(t, c.lang), "https://desk.example.jp/", c.socket)
		w.must(err)
		golden(t, "manifest_"+name, m)
		resp, err := http.PostForm(w.simURL+"/api/apps.manifest.validate", url.Values{"token": {"xoxe-x"}, "manifest": {string(m)}})
		w.must(err)
		var said map[string]any
		w.must(json.NewDecoder(resp.Body).Decode(&said))
		_ = resp.Body.Close()
		if said["ok"] != true {
			t.Errorf("%s: %v", name, said)
		}
		if got := bytes.Contains(m, []byte("https://desk.example.jp/slack/commands")); got == c.socket {
			t.Errorf("%s: addresses: %v", name, got)
		}
	}
}

func TestSetup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var manifest, out strings.Builder
	w.must(slack.Setup(&manifest, &out, w.words, w.desk, "https://desk.example.jp", true))
	if !json.Valid([]byte(manifest.String())) || !strings.Contains(manifest.String(), `"/desk"`) {
		t.Errorf("what a redirect keeps is no manifest:\n%s", &manifest)
	}
	for _, want := range []string{"From a manifest", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "tsunagi check", deskRoom, welfareRoom, healthRoom} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is missing in:\n%s", want, &out)
		}
	}
}

// TestManifest_suffices runs the app with nothing but the scopes of its manifest.
func TestManifest_suffices(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *slacksim.Config) { c.Scopes = slack.Scopes() })
	p := parcel(healthRoom, plain("📎"))
	p.Thread = w.card(healthRoom, button("verdict", "proposal", "1"))
	p.File = document("a.pdf", []byte("%PDF"))
	_, err := w.sender.Send(w.ctx(), p)
	w.must(err)
	_, err = w.sim.Press(w.ctx(), nurse, healthRoom, p.Thread, "verdict#1")
	w.must(err)
	if got := w.cards.pressed(); len(got) != 1 || len(got[0].Actor.Departments) != 1 {
		t.Errorf("got %+v", got)
	}
	if _, found, err := w.sender.Find(w.ctx(), p); err != nil || !found {
		t.Errorf("found %v, %v", found, err)
	}
	for _, e := range w.sim.Record() {
		if e.Error == "missing_scope" {
			t.Errorf("%s lacks a scope", e.Method)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	faults := func(w *world) []string {
		var all []string
		for _, f := range slack.Check(w.ctx(), w.client, w.desk, w.words) {
			if f.OK != (f.Fault == "") || f.OK != (f.Remedy == "") || f.What == "" {
				t.Errorf("half a finding: %+v", f)
			}
			if !f.OK {
				all = append(all, f.What+" "+f.Fault)
			}
		}
		return all
	}
	sound := func(w *world) { // without the outsiders that other tests need
		w.sim.AddPrivateChannel(deskRoom, "desk", chief)
		w.sim.AddPrivateChannel(welfareRoom, "welfare", carer)
		w.sim.AddPrivateChannel(healthRoom, "health", nurse)
	}
	for name, c := range map[string]struct {
		change func(*slacksim.Config)
		spoil  func(*world)
		want   []string // parts of the faults, in order
	}{
		"all is well":         {want: nil},
		"bad token":           {change: func(c *slacksim.Config) { c.BotToken = "another" }, want: []string{"invalid_auth"}},
		"app token":           {change: func(c *slacksim.Config) { c.AppToken = "another" }, want: []string{"Socket Mode"}},
		"a scope is missing":  {change: func(c *slacksim.Config) { c.Scopes = slices.DeleteFunc(slack.Scopes(), isFiles) }, want: []string{"files:write"}},
		"a channel is gone":   {spoil: func(w *world) { w.desk.Departments[0].Channel = "C0NONE" }, want: []string{"福祉政策課"}},
		"archived":            {spoil: func(w *world) { w.must(w.sim.Archive(w.ctx(), welfareRoom)) }, want: []string{"アーカイブ"}},
		"private, not inside": {spoil: func(w *world) { w.must(w.sim.RemoveBot(w.ctx(), healthRoom)) }, want: []string{"channel_not_found"}},
		"public":              {spoil: func(w *world) { w.must(w.sim.Publish(deskRoom)) }, want: []string{"公開チャンネル"}},
		"public, not inside": {spoil: func(w *world) {
			w.must(w.sim.Publish(welfareRoom))
			w.must(w.sim.RemoveBot(w.ctx(), welfareRoom))
		}, want: []string{"メンバーでは"}},
		"shared outside":           {spoil: func(w *world) { w.must(w.sim.Share(w.ctx(), deskRoom, alien)) }, want: []string{"他組織"}},
		"shared, nobody in yet":    {spoil: func(w *world) { w.must(w.sim.Share(w.ctx(), welfareRoom)) }, want: []string{"他組織"}},
		"offered, not yet taken":   {spoil: func(w *world) { w.must(w.sim.Offer(welfareRoom)) }, want: []string{"他組織"}},
		"shared in the enterprise": {spoil: func(w *world) { w.must(w.sim.ShareInOrg(welfareRoom)) }, want: []string{"他組織"}},
		"two at once": {spoil: func(w *world) {
			w.must(w.sim.Publish(deskRoom))
			w.must(w.sim.Archive(w.ctx(), healthRoom))
		}, want: []string{"公開チャンネル", "アーカイブ"}},
		"manager is a guest": {spoil: func(w *world) { w.desk.Managers = []string{guest} }, want: []string{"not_a_member"}},
		"manager is unknown": {spoil: func(w *world) { w.desk.Managers = []string{"U0NONE"} }, want: []string{"user_not_found"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(cfg *slacksim.Config) {
				if c.change != nil {
					c.change(cfg)
				}
			})
			sound(w)
			if c.spoil != nil {
				c.spoil(w)
			}
			got := faults(w)
			if len(got) != len(c.want) {
				t.Fatalf("got %q, want %q", got, c.want)
			}
			for i, want := range c.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("got %q, want %q", got[i], want)
				}
			}
		})
	}
	t.Run("Slack is not reached", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		client, err := slack.NewClient(slack.Access{APIURL: "http://127.0.0.1:1/api/", BotToken: config.NewSecret("x")})
		w.must(err)
		got := slack.Check(w.ctx(), client, w.desk, w.words)
		away(t, got, "http://127.0.0.1:1/api/", "connection refused")
	})
	t.Run("another address", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		elsewhere := httptest.NewServer(http.NotFoundHandler())
		t.Cleanup(elsewhere.Close)
		client, err := slack.NewClient(slack.Access{APIURL: elsewhere.URL, BotToken: config.NewSecret("x")})
		w.must(err)
		got := slack.Check(w.ctx(), client, w.desk, w.words)
		if len(got) != 1 || got[0].OK || !strings.Contains(got[0].Fault, "404") || !strings.Contains(got[0].Remedy, "SLACK_API_URL") {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("Slack is out of order", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "auth.test"})
		away(t, slack.Check(w.ctx(), w.client, w.desk, w.words), "/api/", "500")
	})
	t.Run("Slack goes away in between", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		sound(w)
		w.desk.Managers, w.desk.Departments = nil, nil
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "conversations.info"})
		var wrong []config.Finding
		for _, f := range slack.Check(w.ctx(), w.client, w.desk, w.words) {
			if !f.OK {
				wrong = append(wrong, f)
			}
		}
		away(t, wrong, "/api/", "500")
	})
}

// away wants one finding that lays it to the network, with the address that was tried, and not to the settings.
func away(t *testing.T, got []config.Finding, parts ...string) {
	t.Helper()
	if len(got) != 1 || got[0].OK {
		t.Fatalf("got %+v, want one fault", got)
	}
	for _, part := range parts {
		if !strings.Contains(got[0].Fault, part) {
			t.Errorf("got %q, want %q in it", got[0].Fault, part)
		}
	}
	if r := got[0].Remedy; !strings.Contains(r, "ネットワーク") || strings.Contains(r, "SLACK_BOT_TOKEN") || strings.Contains(r, "チャンネル ID") {
		t.Errorf("got the remedy %q, want the network alone", r)
	}
}

func isFiles(scope string) bool { return scope == "files:write" }
