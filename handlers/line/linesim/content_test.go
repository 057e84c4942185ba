package linesim_test

import (
	"testing"
	"time"

	"tsunagi/handlers/line/linesim"
)

func TestContent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	r := w.ok(p.SendFile(w.ctx, "企画書.pdf", "application/pdf", []byte("%PDF")))
	path := "/v2/bot/message/" + r.MessageID + "/content"
	got := w.call("GET", path, "").want(t, 200)
	if string(got.body) != "%PDF" || got.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("content %q of type %s", got.body, got.header.Get("Content-Type"))
	}
	if e := w.bot.last(t); e.Message.FileName != "企画書.pdf" || e.Message.Type != "file" {
		t.Errorf("event %+v", e)
	}
	w.call("GET", path+"/transcoding", "").want(t, 404)
	w.call("GET", path+"/preview", "").want(t, 404)
	w.call("GET", "/v2/bot/message/1/content", "").want(t, 404)
	w.ExpireContent(r.MessageID)
	w.call("GET", path, "").want(t, 410)
}

func TestTranscoding(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *linesim.Config) { c.Transcoding = 1 })
	p := w.friend("tanaka")
	path := "/v2/bot/message/" + w.ok(p.SendVideo(w.ctx, []byte("mp4"), time.Second)).MessageID + "/content"
	status := func(want string) {
		t.Helper()
		if got := string(w.call("GET", path+"/transcoding", "").want(t, 200).body); got != `{"status":"`+want+`"}` {
			t.Errorf("transcoding %s, want %s", got, want)
		}
	}
	status("processing")
	if got := w.call("GET", path, "").want(t, 202); len(got.body) != 0 {
		t.Errorf("202 with a body of %d bytes", len(got.body))
	}
	status("succeeded")
	w.call("GET", path, "").want(t, 200)

	w.SetTranscoding(-1)
	path = "/v2/bot/message/" + w.ok(p.SendAudio(w.ctx, []byte("m4a"), time.Second)).MessageID + "/content"
	w.call("GET", path, "").want(t, 202)
	w.call("GET", path, "").want(t, 202)
	status("failed")
}

func TestLoading(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	start := func(body string) response { return w.call("POST", "/v2/bot/chat/loading/start", body) }
	for _, bad := range []string{
		`{}`, `{"chatId":"` + linesim.GroupID("club") + `"}`, `{"chatId":"` + p.ID() + `","loadingSeconds":4}`,
		`{"chatId":"` + p.ID() + `","loadingSeconds":61}`, `{"chatId":"` + p.ID() + `","loadingSeconds":12}`,
	} {
		start(bad).want(t, 400)
	}
	start(`{"chatId":"`+p.ID()+`","loadingSeconds":60}`).want(t, 202)
	if !w.Loading(p.ID()) {
		t.Error("no loading animation")
	}
	w.push(p.ID(), hello("a")).want(t, 200)
	if w.Loading(p.ID()) {
		t.Error("the loading animation outlasts the message")
	}
	start(`{"chatId":"`+p.ID()+`"}`).want(t, 202)
	w.clock.Add(20 * time.Second)
	if w.Loading(p.ID()) {
		t.Error("the loading animation lasts longer than 20 s")
	}
}

func TestMarkAsRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	w.ok(p.SendText(w.ctx, "a"))
	read := w.bot.last(t).Message.MarkAsReadToken
	w.call("POST", "/v2/bot/chat/markAsRead", `{"markAsReadToken":"`+read+`"}`).want(t, 200)
	w.call("POST", "/v2/bot/chat/markAsRead", `{"markAsReadToken":"x`+read+`"}`).want(t, 400)
	w.call("POST", "/v2/bot/message/markAsRead", `{"chat":{"userId":"`+p.ID()+`"}}`).want(t, 403)
	if got := ofKind(w.Record(), linesim.Read); len(got) != 1 || got[0].Chat != p.ID() {
		t.Errorf("record %+v", got)
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.AddPerson("tanaka", "田中")
	path := "/v2/bot/profile/" + p.ID()
	w.call("GET", path, "").want(t, 404, "Not found")
	w.ok(p.SendText(w.ctx, "a"))
	w.call("GET", path, "").want(t, 200)
	w.ok(p.Follow(w.ctx))
	if got := string(w.call("GET", path, "").want(t, 200).body); got != `{"displayName":"田中","language":"ja","userId":"`+p.ID()+`"}` {
		t.Errorf("profile %s", got)
	}
	w.ok(p.Block(w.ctx))
	w.call("GET", path, "").want(t, 404)
}

func TestGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	group := linesim.GroupID("club")
	r := w.ok(p.JoinGroup(w.ctx, "club"))
	if e := w.bot.last(t); e.Source.Type != "group" || e.Source.GroupID != group || e.Source.UserID != "" {
		t.Errorf("event %+v", e)
	}
	w.reply(r.ReplyToken, hello("失礼します")).want(t, 200)
	w.call("GET", "/v2/bot/group/"+group+"/summary", "").want(t, 200)
	w.call("GET", "/v2/bot/group/"+group+"/member/"+p.ID(), "").want(t, 200)
	w.call("GET", "/v2/bot/group/"+group+"/members/ids", "").want(t, 403)
	w.call("POST", "/v2/bot/group/"+group+"/leave", "").want(t, 200)
	w.call("POST", "/v2/bot/group/"+group+"/leave", "").want(t, 404)
	w.push(group, hello("a")).want(t, 400, "Failed to send messages")
	if got := seen(w.Chat(group)); len(got) != 1 {
		t.Errorf("the group shows %v", got)
	}
	if _, err := p.In("club").SendText(w.ctx, "a"); err == nil {
		t.Error("the bot still hears a group it has left")
	}
}
