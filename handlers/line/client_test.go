package line_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/concierge"
	"tsunagi/bot/outbox"
	"tsunagi/config"
	"tsunagi/handlers/line"
	"tsunagi/handlers/line/linesim"
)

var _ concierge.Fetcher = (*line.Client)(nil)

func stateless(s *settings) {
	s.line.Token = config.Secret{}
	s.line.ChannelID, s.line.ChannelSecret = "100", config.NewSecret(secret)
}

func TestNew_needs_a_token(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]line.Options{
		"nothing":    {},
		"no secret":  {ChannelID: "100"},
		"no channel": {ChannelSecret: config.NewSecret(secret)},
	} {
		if _, err := line.New(o); err == nil {
			t.Errorf("%s: made all the same", name)
		}
	}
}

// issued counts the calls for tokens.
func issued(w *wire) int {
	n := 0
	for _, e := range w.Record() {
		if e.Path == "/oauth2/v3/token" {
			n++
		}
	}
	return n
}

func TestTokens_are_issued_singly_and_kept(t *testing.T) {
	t.Parallel()
	w := newWire(t, stateless)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := w.client.Identify(w.ctx); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := issued(w); n != 1 {
		t.Errorf("%d tokens issued, want 1", n)
	}
	for _, row := range []struct {
		pass time.Duration
		want int
	}{{9 * time.Minute, 1}, {time.Minute, 2}, {time.Second, 2}} {
		w.clock.Add(row.pass)
		if _, err := w.client.Identify(w.ctx); err != nil {
			t.Fatal(err)
		}
		if n := issued(w); n != row.want {
			t.Errorf("another %v later: %d tokens issued, want %d", row.pass, n, row.want)
		}
	}
}

func TestTokens_refused(t *testing.T) {
	t.Parallel()
	w := newWire(t, stateless)
	p := w.friend("alice")
	if _, err := w.client.Identify(w.ctx); err != nil {
		t.Fatal(err)
	}
	w.SetAccessToken("another") // which ends stateless ones too
	one := parcel(p.ID(), "", "x")
	one.Matters = true
	if _, err := w.client.Send(w.ctx, one); err != nil {
		t.Errorf("got %v, want it sent with a new token", err)
	}
	if n := issued(w); n != 2 {
		t.Errorf("%d tokens issued, want 2", n)
	}
	w.SetAccessToken("a third")
	w.SetChannelSecret("changed")
	_, err := w.client.Send(w.ctx, one)
	var got *bot.Error
	if !errors.Is(err, outbox.ErrUnauthorized) || !errors.As(err, &got) || !got.Sure {
		t.Errorf("got %v, want credentials refused", err)
	}
	if strings.Contains(err.Error(), secret) {
		t.Errorf("the error has the secret: %v", err)
	}
}

func TestTokens_later(t *testing.T) {
	t.Parallel()
	w := newWire(t, stateless)
	w.Misbehave(linesim.Fault{Do: linesim.Fail500, Path: "/oauth2/v3/token"})
	_, err := w.client.Identify(w.ctx)
	var got *bot.Error
	if !errors.As(err, &got) || got.Kind != bot.Later || !got.Sure {
		t.Errorf("got %v, want later, and surely not done", err)
	}
	if _, err := w.client.Identify(w.ctx); err != nil {
		t.Errorf("then: %v", err)
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	w := newWire(t, func(s *settings) { s.sim.Transcoding = 1 })
	p := w.friend("alice")
	pdf := w.ok(p.SendFile(w.ctx, "a.pdf", "application/pdf", []byte("%PDF-1.7"))).MessageID
	body, kind, err := w.client.Fetch(w.ctx, pdf)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(body)
	if err != nil || body.Close() != nil || string(raw) != "%PDF-1.7" || kind != "application/pdf" {
		t.Errorf("got %q of %s, %v", raw, kind, err)
	}

	video := w.ok(p.SendVideo(w.ctx, []byte("mp4"), time.Second)).MessageID
	if _, _, err := w.client.Fetch(w.ctx, video); bot.KindOf(err) != bot.Later {
		t.Errorf("a video not ready: %v, want later", err)
	}
	if body, _, err := w.client.Fetch(w.ctx, video); err != nil || body.Close() != nil {
		t.Errorf("a video that is ready: %v", err)
	}

	w.ExpireContent(pdf)
	for name, id := range map[string]string{"expired": pdf, "unknown": "404"} {
		if _, _, err := w.client.Fetch(w.ctx, id); bot.KindOf(err) != bot.NotFound {
			t.Errorf("%s: %v, want not found", name, err)
		}
	}
	if _, _, err := w.client.Fetch(w.ctx, "../../../v2/bot/info"); bot.KindOf(err) != bot.Invalid {
		t.Errorf("forged: %v, want invalid", err)
	}
	w.Misbehave(linesim.Fault{Do: linesim.Fail500})
	if _, _, err := w.client.Fetch(w.ctx, video); bot.KindOf(err) != bot.Later {
		t.Errorf("500: %v, want later", err)
	}
}

func TestFetch_stops_at_20_MB(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	id := w.ok(p.SendFile(w.ctx, "huge.zip", "application/zip", bytes.Repeat([]byte("x"), 21<<20))).MessageID
	body, _, err := w.client.Fetch(w.ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if n, err := io.Copy(io.Discard, body); err != nil || n != 20<<20+1 {
		t.Errorf("read %d bytes, %v, want 20 MB and one", n, err)
	}
}

func TestSetup(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	for _, want := range []string{"（古いもの0件を削除）", "（古いもの1件を削除）"} {
		var out strings.Builder
		if err := w.client.Setup(w.ctx, w.hook.URL, &out); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{want, w.hook.URL + "/line/webhook", "応答を確認しました"} {
			if !strings.Contains(out.String(), part) {
				t.Errorf("want %q in:\n%s", part, &out)
			}
		}
		menu, ok := w.Menu(p.ID())
		if !ok || menu.MediaType != "image/png" || len(menu.Image) == 0 {
			t.Fatalf("got %+v, %t, want a rich menu with an image", menu, ok)
		}
	}
	for label, do := range map[string]string{"提案する": "menu.propose", "相談する": "menu.consult", "状況を確認": "menu.status", "ヘルプ": "menu.help"} {
		w.ok(p.Tap(w.ctx, label))
		e := w.desk.last(t)
		if e.Kind != concierge.Pressed || e.Press.Do != do || len(e.Press.Args) != 0 {
			t.Errorf("%s: got %+v, want %s", label, e, do)
		}
		log := p.Chat()
		if said := string(log[len(log)-1].Message); !strings.Contains(said, label) {
			t.Errorf("%s: the chat shows %s", label, said)
		}
	}
}

func TestSetup_before_the_first_start(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.hook.Close()
	var out strings.Builder
	if err := w.client.Setup(w.ctx, w.hook.URL, &out); err != nil || !strings.Contains(out.String(), "まだ応答がありません") {
		t.Errorf("got %v:\n%s", err, &out)
	}
}

func TestSetup_fails(t *testing.T) {
	t.Parallel()
	for path, left := range map[string]int{
		"/v2/bot/info": 0, "/v2/bot/richmenu/list": 0, "/v2/bot/richmenu": 0, "/v2/bot/richmenu/*/content": 0,
		"/v2/bot/user/all/richmenu/*": 0, "/v2/bot/channel/webhook/endpoint": 1, "/v2/bot/channel/webhook/test": 1,
	} {
		w := newWire(t)
		w.Misbehave(linesim.Fault{Do: linesim.Fail500, Path: path})
		if err := w.client.Setup(w.ctx, w.hook.URL, io.Discard); err == nil {
			t.Errorf("%s failed: no error", path)
		}
		made := 0
		for _, e := range w.Record() {
			switch {
			case e.Method == "POST" && e.Path == "/v2/bot/richmenu" && e.Status == 200:
				made++
			case e.Method == "DELETE" && e.Status == 200:
				made--
			}
		}
		if made != left {
			t.Errorf("%s failed: %d rich menus left, want %d", path, made, left)
		}
	}
}

// TestSetup_says_what_to_do: whoever installs reads what failed, where, and what to do, in the desk's language.
func TestSetup_says_what_to_do(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		spoil func(w *wire)
		want  []string
	}{
		"no network":    {func(w *wire) { w.api.Close() }, []string{"LINE のアクセストークン", "に接続できませんでした", "connection refused", "ネットワーク"}},
		"token refused": {func(w *wire) { w.SetAccessToken("another") }, []string{"受け付けられませんでした", "LINE_CHANNEL_ACCESS_TOKEN"}},
		"no menu": {func(w *wire) { w.Misbehave(linesim.Fault{Do: linesim.Fail500, Path: "/v2/bot/richmenu"}) },
			[]string{"LINE のリッチメニュー", "に接続できませんでした", "status 500"}},
		"address refused": {func(w *wire) { w.hook.URL = "http://" + strings.Repeat("x", 600) },
			[]string{"LINE の Webhook の宛先", "LINE が受け付けませんでした", "PUBLIC_URL"}},
	} {
		w := newWire(t)
		row.spoil(w)
		err := w.client.Setup(w.ctx, w.hook.URL, io.Discard)
		if err == nil {
			t.Fatalf("%s: no error", name)
		}
		for _, want := range row.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %q in it", name, err, want)
			}
		}
		for _, inner := range []string{"later:", "ask who the bot is", "set up LINE"} {
			if strings.Contains(err.Error(), inner) {
				t.Errorf("%s: got %v, which has the inner words %q", name, err, inner)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		spoil  func(w *wire)
		public string
		what   string // found wrong; empty: all is well
		remedy string
	}{
		"all is well":     {func(*wire) {}, "", "", ""},
		"token refused":   {func(w *wire) { w.SetAccessToken("another") }, "", "LINE のアクセストークン", "LINE_CHANNEL_ACCESS_TOKEN"},
		"LINE is away":    {func(w *wire) { w.api.Close() }, "", "LINE のアクセストークン", "ネットワーク"},
		"another address": {func(*wire) {}, "https://elsewhere.example", "LINE の Webhook の宛先", "setup line"},
		"no address":      {func(w *wire) { w.SetWebhookURL("") }, "", "LINE の Webhook の宛先", "setup line"},
		"no server":       {func(w *wire) { w.hook.Close() }, "", "LINE の Webhook の応答", "tsunagi serve"},
		"wrong secret":    {func(w *wire) { w.SetChannelSecret("another") }, "", "LINE の Webhook の応答", "LINE_CHANNEL_SECRET"},
		"quota spent":     {func(w *wire) { w.SetMonthlyLimit(1); spend(w) }, "", "LINE の今月の残り送信数", "プラン"},
		"quota enough":    {func(w *wire) { w.SetMonthlyLimit(100); spend(w) }, "", "", ""},
		"quota nearly spent": {func(w *wire) {
			w.SetMonthlyLimit(10)
			for range 9 {
				spend(w)
			}
		}, "", "LINE の今月の残り送信数", "プラン"},
		"quota not told": {func(w *wire) { w.Misbehave(linesim.Fault{Do: linesim.Fail500, Path: "/v2/bot/message/quota"}) }, "", "LINE の今月の残り送信数", "もう一度"},
	} {
		w := newWire(t)
		w.friend("alice")
		if err := w.client.Setup(w.ctx, w.hook.URL, io.Discard); err != nil {
			t.Fatal(err)
		}
		row.spoil(w)
		if row.public == "" {
			row.public = w.hook.URL
		}
		var wrong []config.Finding
		for _, f := range w.client.Check(w.ctx, row.public) {
			if !f.OK {
				wrong = append(wrong, f)
			}
		}
		switch {
		case row.what == "" && len(wrong) == 0:
		case row.what != "" && len(wrong) == 1 && wrong[0].What == row.what && strings.Contains(wrong[0].Remedy, row.remedy) && wrong[0].Fault != "":
		default:
			t.Errorf("%s: found wrong %+v, want %q", name, wrong, row.what)
		}
	}
}

func TestCheck_no_menu(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	for _, f := range w.client.Check(w.ctx, w.hook.URL) {
		if f.OK == (f.What == "LINE のリッチメニュー") {
			t.Errorf("got %+v", f)
		}
	}
}

// spend pushes one message.
func spend(w *wire) {
	w.t.Helper()
	one := parcel(linesim.UserID("alice"), "", "x")
	one.Matters = true
	if _, err := w.client.Send(w.ctx, one); err != nil {
		w.t.Fatal(err)
	}
}

// An answer that comes without its body, as when the connection is cut in it, is one that has not come.
func TestIdentify_without_the_body_of_the_answer(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.Misbehave(linesim.Fault{Do: linesim.Answer202, Path: "/v2/bot/info"})
	if _, err := w.client.Identify(w.ctx); bot.KindOf(err) != bot.Later {
		t.Errorf("got %v, want to be asked again", err)
	}
	if self, err := w.client.Identify(w.ctx); err != nil || self == "" {
		t.Errorf("asked again, got %q, %v", self, err)
	}
	w.Misbehave(linesim.Fault{Do: linesim.Answer202, Path: "/v2/bot/richmenu/list"})
	if err := w.client.Setup(w.ctx, w.hook.URL, io.Discard); err == nil {
		t.Error("set up without having seen which menus there are")
	}
}
