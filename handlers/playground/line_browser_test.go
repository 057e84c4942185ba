package playground_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"tsunagi/handlers/playground"
)

// wish compares the next wish of the page with what was meant.
func wish[T any](t *testing.T, d *desk, want T) {
	t.Helper()
	if diff := cmp.Diff(want, next[T](t, d)); diff != "" {
		t.Errorf("what the page asked for (-want +got):\n%s", diff)
	}
}

func TestPhoneSendsWhatIsPressed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)

	s.write("line-input", "ひとつめ")
	s.do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierShift)))
	s.write("line-input", "ふたつめ\r")
	wish(t, d, playground.LineDo{Person: "Uaa01", Do: "text", Text: "ひとつめ\nふたつめ"})

	s.press("quick-reply")
	wish(t, d, playground.LineDo{Person: "Uaa01", Do: "postback", Data: "pick=1", DisplayText: "K2026-0001 子ども食堂"})

	s.do(chromedp.Click(chromedp.CSS(`.quick button:nth-child(4)`)), chromedp.SendKeys(id("line-date"), "04132026"))
	s.shot("wide-date")
	s.press("line-date-send")
	wish(t, d, playground.LineDo{Person: "Uaa01", Do: "postback", Data: "day", Params: json.RawMessage(`{"date":"2026-04-13"}`)})

	s.do(chromedp.Click(chromedp.CSS(`.quick button:nth-child(5)`)))
	wish(t, d, playground.LineDo{Person: "Uaa01", Do: "text", Text: "もどる"})

	s.press("rich-menu-area-2")
	wish(t, d, playground.LineDo{Person: "Uaa01", Do: "postback", Data: "menu=status", DisplayText: "状況を確認"})

	s.press("flex-button")
	wish(t, d, playground.LineDo{Person: "Uaa01", Do: "postback", Data: "menu=propose", DisplayText: "提案する"})
	s.shot("wide-greeting")

	s.press("flex-action")
	wish(t, d, playground.LineDo{Person: "Uaa01", Do: "postback", Data: "edit=organization", DisplayText: "直す"})
	s.shot("wide-summary")
}

func TestPhoneSendsWhatIsAdded(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)

	s.press("line-stickers")
	s.shot("wide-stickers")
	s.press("line-sticker-please")
	s.do(chromedp.WaitNotPresent(chromedp.CSS(".faces")))
	wish(t, d, playground.LineDo{Person: "Uaa01", Do: "sticker", Text: "please", Params: json.RawMessage(`{"packageId":"446","stickerId":"2003"}`)})

	s.press("line-attach")
	s.shot("wide-attach")
	s.press("line-sample-pdf")
	file := next[playground.LineDo](t, d)
	if file.Do != "file" || file.File == nil || file.File.Type != "application/pdf" || !strings.HasPrefix(string(file.File.Content), "%PDF-") {
		t.Errorf("the sample file came as %+v", file)
	}

	s.do(chromedp.SetUploadFiles(id("line-file-input"), []string{picture(t)}))
	if got := next[playground.LineDo](t, d); got.File == nil || got.File.Name != "写真.png" || string(got.File.Content) != "\x89PNG\x00\xff" {
		t.Errorf("the chosen file came as %+v", got.File)
	}

	s.press("line-attach")
	s.press("line-location")
	if got := next[playground.LineDo](t, d); got.Do != "location" || !strings.Contains(string(got.Params), `"latitude":34.46`) {
		t.Errorf("the place came as %+v", got)
	}
}

func TestPhoneUnsendsAndBlocks(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)

	s.press("line-message-menu")
	s.press("line-unsend")
	wish(t, d, playground.LineDo{Person: "Uaa01", Do: "unsend", MessageID: "468000005"})

	s.press("line-menu")
	s.press("line-block")
	wish(t, d, playground.LineDo{Person: "Uaa01", Do: "block"})
	put(t, d.feed, map[string]any{playground.SectionPeople: []playground.Person{{ID: "Uaa01", Name: "佐藤 美咲", Friend: true, Blocked: true}}})
	s.press("line-unblock")
	wish(t, d, playground.LineDo{Person: "Uaa01", Do: "unblock"})
	s.shot("wide-blocked")

	put(t, d.feed, map[string]any{playground.SectionPeople: []playground.Person{{ID: "Ucc03", Name: "林 千尋"}}})
	s.press("line-follow")
	wish(t, d, playground.LineDo{Person: "Ucc03", Do: "follow"})
}

// What the server refuses and notes is read in the language chosen on the page, also with what it fills in.
func TestRefusalsFollowTheLanguage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.refuse, d.why = "not_taken", "HTTP 503"
	s := look(t, serve(t, d, d.feed), 1440, 900)
	reads := func(toast, note string) {
		t.Helper()
		if got := ask(s, chromedp.Text(id("line-chat"))); !strings.Contains(got, note) {
			t.Errorf("the chat says %q, want %q", got, note)
		}
		s.write("line-input", "こんにちは")
		s.press("line-send")
		s.do(chromedp.WaitVisible(id("toast")))
		if got := ask(s, chromedp.Text(id("toast"))); !strings.Contains(got, toast) {
			t.Errorf("the page says %q, want %q", got, toast)
		}
	}
	reads("デスクが受け取れませんでした（HTTP 503）", "友だちに追加しました")
	s.do(chromedp.Click(chromedp.CSS(`[data-testid="toast"] button`)), chromedp.WaitNotPresent(id("toast")))
	s.press("language")
	reads("The desk could not take it (HTTP 503)", "Added as a friend")
}

func TestRefusalIsShownAndTheTextKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.refuse = "いまは送れません"
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.write("line-input", "こんにちは")
	s.press("line-send")
	s.do(chromedp.WaitVisible(id("toast")))
	if got := ask(s, chromedp.Text(id("toast"))); !strings.Contains(got, d.refuse) {
		t.Errorf("the page says %q, want %q", got, d.refuse)
	}
	if got := ask(s, chromedp.Value(id("line-input"))); got != "こんにちは" {
		t.Errorf("after a refusal the input holds %q, want what was typed", got)
	}
}
