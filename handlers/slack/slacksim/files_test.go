package slacksim_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"tsunagi/handlers/slack/slacksim"
)

func TestUpload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	content := strings.Repeat("資料", 1000)
	_, root, err := w.api.PostMessageContext(ctx, desk, slack.MsgOptionText("root", false))
	w.must(err)
	up, err := w.api.UploadFileContext(ctx, slack.UploadFileParameters{
		Filename: "plan.pdf", Title: "plan", FileSize: len(content), Reader: strings.NewReader(content),
		Channel: desk, ThreadTimestamp: root, InitialComment: "for you",
	})
	w.must(err)
	thread := w.sim.Thread(desk, root)
	if len(thread) != 2 || thread[1].Text != "for you" || len(thread[1].Files) != 1 || thread[1].Files[0].Name != "plan.pdf" {
		t.Fatalf("got %+v", thread)
	}
	if got, kind, _ := w.sim.FileContent(up.ID); string(got) != content || kind != "application/pdf" {
		t.Errorf("%d bytes of %s", len(got), kind)
	}
	info, _, _, err := w.api.GetFileInfoContext(ctx, up.ID, 0, 0)
	w.must(err)
	if info.Title != "plan" || info.Size != len(content) || info.Shares.Public[desk][0].Ts != thread[1].TS {
		t.Errorf("got %+v", info)
	}
	var back bytes.Buffer
	w.must(w.api.GetFileContext(ctx, info.URLPrivateDownload, &back))
	if back.String() != content {
		t.Error("the download differs")
	}
	w.must(w.api.DeleteFileContext(ctx, up.ID))
	if got := w.call("files.delete", obj{"file": up.ID}); got["error"] != "file_deleted" {
		t.Errorf("deleted twice: %v", got)
	}
	if m, _ := w.sim.Message(desk, thread[1].TS); !m.Files[0].Gone {
		t.Errorf("got %+v", m.Files)
	}
	if _, _, _, err = w.api.GetFileInfoContext(ctx, up.ID, 0, 0); err == nil || err.Error() != "file_not_found" {
		t.Errorf("got %v", err)
	}
}

func TestUploadRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	if got := w.call("files.getUploadURLExternal", obj{"filename": "a", "length": 0}); got["error"] != "invalid_arguments" {
		t.Errorf("length 0: %v", got)
	}
	at, err := w.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: "a", FileSize: 3})
	w.must(err)
	complete := func(channel string) string {
		_, err := w.api.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{Files: []slack.FileSummary{{ID: at.FileID}}, Channel: channel})
		if err == nil {
			return ""
		}
		return err.Error()
	}
	if got := complete(desk); got != "file_not_found" {
		t.Errorf("completed before the upload: %q", got)
	}
	for body, want := range map[string]int{"four": http.StatusBadRequest, "ab3": http.StatusOK} {
		resp, err := http.Post(at.UploadURL, "application/octet-stream", strings.NewReader(body))
		w.must(err)
		text, err := io.ReadAll(resp.Body)
		w.must(err)
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%d bytes: %d %s", len(body), resp.StatusCode, text)
		}
	}
	if got := complete(lonely); got != "not_in_channel" {
		t.Errorf("a channel without the bot: %q", got)
	}
	if got := complete(""); got != "" {
		t.Errorf("without a channel: %q", got)
	}
	if got := complete(desk); got != "file_not_found" {
		t.Errorf("completed twice: %q", got)
	}
	if n := len(w.sim.Channel(desk)); n != 0 {
		t.Errorf("%d messages", n)
	}
}

func TestAttach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts, err := w.sim.Attach(t.Context(), clerk, desk, "", "memo.txt", "see this", []byte("hello"))
	w.must(err)
	ev := w.app.last(t, "/events").json["event"]
	if dig(ev, "subtype") != "file_share" || dig(ev, "ts") != ts || dig(ev, "files", 0, "name") != "memo.txt" {
		t.Fatalf("got %v", ev)
	}
	to, _ := dig(ev, "files", 0, "url_private_download").(string)
	var back bytes.Buffer
	w.must(w.api.GetFileContext(t.Context(), to, &back))
	if back.String() != "hello" {
		t.Errorf("got %q", back.String())
	}
	if got := w.call("files.delete", obj{"file": dig(ev, "files", 0, "id")}); got["error"] != "cant_delete_file" {
		t.Errorf("somebody else's file: %v", got)
	}
	w.wait(func(e slacksim.Entry) bool { return e.Kind == slacksim.FileShared && e.User == clerk })
}
