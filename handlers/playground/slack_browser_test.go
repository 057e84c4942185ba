package playground_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"tsunagi/handlers/playground"
	"tsunagi/store/testwait"
)

func picture(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "写真.png")
	if err := os.WriteFile(path, []byte("\x89PNG\x00\xff"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// values reads the state a press or submission carried.
func values(t *testing.T, do playground.SlackDo) map[string]any {
	t.Helper()
	var state map[string]any
	if err := json.Unmarshal(do.Values, &state); err != nil {
		t.Fatal(err)
	}
	return state
}

const card1, card2 = "1775437563.000100", "1775520720.000200"

// in selects a part of one message.
func in(ts, name string) chromedp.CSS {
	return chromedp.CSS(`[data-testid="slack-message-` + ts + `"] [data-testid="` + name + `"]`)
}

func TestSlackSendsWhatIsPressed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)

	s.do(chromedp.Click(in(card2, "slack-button-take")))
	got := next[playground.SlackDo](t, d)
	got.Values = nil
	want := playground.SlackDo{User: "UDESK1", Do: "press", Channel: "C0DESK", TS: card2, BlockID: "aK2026-0002", ActionID: "take", Value: "K2026-0002"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a button (-want +got):\n%s", diff)
	}

	s.do(chromedp.Click(in(card2, "slack-button-more")))
	s.press("slack-overflow-hold")
	if got := next[playground.SlackDo](t, d); got.ActionID != "more" || got.Value != "hold" || got.BlockID != "fK2026-0002" {
		t.Errorf("the overflow menu came as %+v", got)
	}

	s.do(chromedp.SendKeys(in(card2, "slack-input-state"), "対話中"))
	got = next[playground.SlackDo](t, d)
	state := map[string]any{"aK2026-0002": map[string]any{"state": map[string]any{"type": "static_select",
		"selected_option": map[string]any{"text": map[string]any{"type": "plain_text", "text": "対話中", "emoji": true}, "value": "in_dialogue"}}}}
	if diff := cmp.Diff(state, values(t, got)); diff != "" || got.Value != "in_dialogue" {
		t.Errorf("a select, value %q (-want +got):\n%s", got.Value, diff)
	}
}

func TestSlackAsksBeforeItCounts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.do(chromedp.Click(in(card2, "slack-button-decline")))
	s.do(chromedp.WaitVisible(id("slack-confirm-no")))
	s.shot("wide-confirm")
	s.press("slack-confirm-no")
	s.do(chromedp.Click(in(card2, "slack-button-decline")))
	s.press("slack-confirm-yes")
	if got := next[playground.SlackDo](t, d); got.ActionID != "decline" {
		t.Errorf("after yes the page asked for %+v, want decline", got)
	}
	if len(d.asked) != 0 {
		t.Errorf("no and yes made more than one press: %+v", <-d.asked)
	}
}

func TestModalSendsItsState(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.do(chromedp.Click(in(card2, "slack-button-refer")))
	next[playground.SlackDo](t, d)

	s.press("modal-submit")
	s.do(chromedp.WaitVisible(id("slack-error")))
	s.press("option-welfare")
	s.press("option-safety")
	s.write("slack-input-note", "対象の食堂を\r教えてください")
	s.press("option-idea")
	s.do(chromedp.SendKeys(id("slack-input-who"), "福井"))
	s.press("modal-submit")
	got := next[playground.SlackDo](t, d)
	if got.Do != "submit" || got.ViewID != "V1" || got.User != "UDESK1" {
		t.Fatalf("the page asked for %+v, want V1 submitted", got)
	}
	state := values(t, got)
	for block, want := range map[string]string{"depts": "welfare safety", "clear": "idea"} {
		if chosen := chosen(state, block); chosen != want {
			t.Errorf("%s: chosen %q, want %q", block, chosen, want)
		}
	}
	plain := map[string]any{
		"note": map[string]any{"note": map[string]any{"type": "plain_text_input", "value": "対象の食堂を\n教えてください"}},
		"due":  map[string]any{"due": map[string]any{"type": "datepicker", "selected_date": "2026-04-13"}},
		"who":  map[string]any{"who": map[string]any{"type": "users_select", "selected_user": "UWEL"}},
	}
	for block, want := range plain {
		if diff := cmp.Diff(want, state[block]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", block, diff)
		}
	}
	s.do(chromedp.WaitNotPresent(id("modal")))
}

// chosen lists the values of the options chosen in a block.
func chosen(state map[string]any, block string) string {
	var found []string
	inputs, _ := state[block].(map[string]any)
	for _, input := range inputs {
		options, _ := input.(map[string]any)["selected_options"].([]any)
		for _, option := range options {
			found = append(found, option.(map[string]any)["value"].(string))
		}
	}
	return strings.Join(found, " ")
}

func TestModalKeepsWhatIsTypedWhenItIsUpdated(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.do(chromedp.Click(in(card2, "slack-button-refer")))
	next[playground.SlackDo](t, d)
	s.write("slack-input-note", "書きかけ")
	var view map[string]any
	decode(t, "view.json", &view)
	view["errors"] = map[string]any{"due": "市の開庁日を選んでください"}
	put(t, d.feed, map[string]any{playground.SectionViews: map[string]any{"UDESK1": []any{view}}})
	s.do(chromedp.WaitVisible(id("slack-error")))
	if got := ask(s, chromedp.Value(id("slack-input-note"))); got != "書きかけ" {
		t.Errorf("after an update the input holds %q, want what was typed", got)
	}
	second := map[string]any{"id": "V2", "type": "modal", "title": map[string]any{"type": "plain_text", "text": "確認"}, "blocks": []any{}}
	put(t, d.feed, map[string]any{playground.SectionViews: map[string]any{"UDESK1": []any{view, second}}})
	s.press("modal-back")
	if got := next[playground.SlackDo](t, d); got.ViewID != "V2" || got.Do != "close" || got.Clear {
		t.Errorf("back asked for %+v, want V2 closed", got)
	}
	put(t, d.feed, map[string]any{playground.SectionViews: map[string]any{"UDESK1": []any{view}}})
	s.do(chromedp.WaitNotPresent(id("modal-back")))
	if got := ask(s, chromedp.Value(id("slack-input-note"))); got != "書きかけ" {
		t.Errorf("below a second view the input holds %q, want what was typed", got)
	}
	s.do(chromedp.Focus(id("slack-input-note")), chromedp.KeyEvent("\x1b"))
	if got := next[playground.SlackDo](t, d); got.Do != "close" || got.Clear {
		t.Errorf("Escape asked for %+v, want the top view closed", got)
	}
	s.do(chromedp.WaitNotPresent(id("modal")))
	if got := ask(s, chromedp.Evaluate[string](`document.activeElement.dataset.testid`)); got != "slack-button-refer" {
		t.Errorf("after the modal the focus is on %q, want the button that opened it", got)
	}
}

// small is a view that asks nothing but to be sent.
func small(id, title string) map[string]any {
	words := func(s string) map[string]any { return map[string]any{"type": "plain_text", "text": s} }
	return map[string]any{"id": id, "type": "modal", "title": words(title), "submit": words("確認へ進む"), "blocks": []any{}}
}

// twice presses a button, lets the page hear the answer, presses again, and counts what was sent.
const twice = `(async () => {
	const real = window.fetch, button = document.querySelector('[data-testid="modal-submit"]');
	let sent = 0;
	window.fetch = async () => (sent++, new Response("{}"));
	for (let i = 0; i < 2; i++) {
		button.click();
		for (let turns = 0; turns < 20; turns++) await new Promise((done) => setTimeout(done));
	}
	window.fetch = real;
	return sent;
})()`

// A press counts once, also when the answer is there before what came of it is: a second one would mean another view.
func TestModalIsSentOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	views := func(list ...any) {
		put(t, d.feed, map[string]any{playground.SectionViews: map[string]any{"UDESK1": list}})
	}
	views(small("V8", "返信"))
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.do(chromedp.WaitVisible(id("modal-submit")))
	if got := ask(s, chromedp.Evaluate[int](twice, chromedp.EvalAwaitPromise)); got != 1 {
		t.Errorf("two presses were sent %d times", got)
	}
	views(small("V8", "企業に返信"))
	s.read("modal-head h2", "企業に返信")
	s.do(chromedp.DoubleClick(id("modal-submit")))
	if got := next[playground.SlackDo](t, d); got.Do != "submit" || got.ViewID != "V8" {
		t.Fatalf("the page asked for %+v", got)
	}
	views(small("V8", "返信"), small("V9", "内容の確認"))
	s.do(chromedp.WaitVisible(id("modal-back")))
	s.do(chromedp.Click(chromedp.CSS(`[data-testid="modal"] [data-testid="modal-submit"]`)))
	if got := next[playground.SlackDo](t, d); got.ViewID != "V9" {
		t.Errorf("then the page asked for %+v, want the preview sent", got)
	}
}

// The keyboard stays in a dialog: Escape closes it also after a click beside it, and Tab goes round in it.
func TestModalKeepsTheKeyboard(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)
	within := func() bool {
		return ask(s, chromedp.Evaluate[bool](`document.querySelector('[data-testid="modal"]').contains(document.activeElement)`))
	}
	ground := `(() => { const box = document.querySelector(".modal-back").getBoundingClientRect(); return [box.left + 6, box.top + 6]; })()`
	for what, leave := range map[string]func(){
		"a click beside it": func() {
			at := ask(s, chromedp.Evaluate[[]float64](ground))
			s.do(chromedp.MouseClickXY(at[0], at[1]))
		},
		"a click on its words": func() { s.do(chromedp.Click(chromedp.CSS(".modal-body .bk-label"))) },
		"Tab past its end":     func() { s.do(chromedp.Focus(id("modal-submit")), chromedp.KeyEvent("\t")) },
		"Tab before its start": func() {
			s.do(chromedp.Focus(id("modal-x")), chromedp.KeyEvent("\t", chromedp.KeyModifiers(chromedp.ModifierShift)))
		},
	} {
		s.do(chromedp.Click(in(card2, "slack-button-refer")))
		next[playground.SlackDo](t, d)
		s.do(chromedp.WaitVisible(id("modal")))
		leave()
		if !within() {
			t.Errorf("%s: the keyboard is outside", what)
		}
		s.do(chromedp.KeyEvent("\x1b"))
		if got := next[playground.SlackDo](t, d); got.Do != "close" {
			t.Errorf("%s: Escape asked for %+v, want the view closed", what, got)
		}
		s.do(chromedp.WaitNotPresent(id("modal")))
	}
}

// Direct messages with the app have a list of their own, and nobody sees those of others.
func TestDirectMessages(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	put(t, d.feed, map[string]any{playground.SectionChannels: []playground.Channel{
		{ID: "D1", Name: "つなぎ", Members: []string{"UDESK1"}, Direct: true},
		{ID: "D2", Name: "つなぎ", Members: []string{"UWEL"}, Direct: true},
		{ID: "C0DESK", Name: "公民連携デスク", Members: []string{"UDESK1"}},
		{ID: "C0CHILD", Name: "子育て支援課", Members: []string{"UCHILD"}},
	}})
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.do(chromedp.WaitVisible(id("slack-channel-D1")))
	if got := ask(s, chromedp.Text(chromedp.CSS(".slack-head h2"))); got != "公民連携デスク" {
		t.Errorf("the page begins in %q, want a channel", got)
	}
	if got := ask(s, chromedp.Evaluate[int](`document.querySelectorAll('[data-testid$="-D2"]').length`)); got != 0 {
		t.Error("somebody else's messages stand in the sidebar")
	}
	if got := ask(s, chromedp.Text(chromedp.CSS(".sidebar"))); !strings.Contains(got, "ダイレクトメッセージ") {
		t.Errorf("the sidebar says %q", got)
	}
	s.press("slack-channel-D1")
	s.shot("wide-direct")
	if got := ask(s, chromedp.Text(id("slack-messages"))); strings.Contains(got, "#") {
		t.Errorf("a conversation is shown as a channel: %q", got)
	}
}

// A keyboard reaches each side of the page at once.
func TestSkipLinks(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, width := range []int64{1440, 390} {
		s := look(t, serve(t, d, d.feed), width, 844)
		for _, to := range []string{"slack", "record", "phone"} {
			s.do(chromedp.Focus(id("skip-phone")), chromedp.Focus(id("skip-"+to)), chromedp.KeyEvent("\r"))
			s.do(chromedp.WaitReady(chromedp.CSS("#side-" + to + ":focus")))
		}
	}
}

func TestSlackWrites(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.write("slack-input", "/desk list\r")
	wish(t, d, playground.SlackDo{User: "UDESK1", Do: "command", Channel: "C0DESK", Text: "/desk list"})
	s.write("slack-input", "おはようございます\r")
	wish(t, d, playground.SlackDo{User: "UDESK1", Do: "say", Channel: "C0DESK", Text: "おはようございます"})

	s.press("slack-thread-" + card1)
	s.write("slack-thread-input", "/desk\r")
	s.do(chromedp.WaitVisible(id("toast")))
	s.write("slack-thread-input", strings.Repeat("\b", 8)+"電話しました\r")
	wish(t, d, playground.SlackDo{User: "UDESK1", Do: "say", Channel: "C0DESK", ThreadTS: card1, Text: "電話しました"})
}

// A Japanese keyboard gives full-width slashes, letters and spaces: the page says what it makes of them, and keeps what is
// no command.
func TestFullWidthCommands(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)
	for typed, want := range map[string]string{
		"／ｄｅｓｋ　ｌｉｓｔ": "/desk ｌｉｓｔ", "/desk　一覧": "/desk 一覧", "／desk": "/desk", "/ｄｅｓｋ ヘルプ　見守り": "/desk ヘルプ　見守り",
	} {
		s.paste("slack-input", typed)
		s.read("say-hint", "半角に直し、コマンドとして送ります")
		s.write("slack-input", "\r")
		wish(t, d, playground.SlackDo{User: "UDESK1", Do: "command", Channel: "C0DESK", Text: want})
	}
	for _, typed := range []string{"／なにか", "/desk一覧", "/deskx list", "/"} {
		s.paste("slack-input", typed)
		s.press("slack-send")
		s.do(chromedp.WaitVisible(id("toast")))
		if got := ask(s, chromedp.Value(id("slack-input"))); got != typed {
			t.Errorf("after %q the line holds %q", typed, got)
		}
	}
	if len(d.asked) != 0 {
		t.Errorf("the page asked for %+v", <-d.asked)
	}
}

func TestARefusedCommandIsKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.refuse = "できません"
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.paste("slack-input", "／ｄｅｓｋ　一覧")
	s.press("slack-send")
	wish(t, d, playground.SlackDo{User: "UDESK1", Do: "command", Channel: "C0DESK", Text: "/desk 一覧"})
	s.do(chromedp.WaitVisible(id("toast")), chromedp.WaitReady(chromedp.CSS(`[data-testid="slack-send"]:enabled`)))
	if got := ask(s, chromedp.Value(id("slack-input"))); got != "／ｄｅｓｋ　一覧" {
		t.Errorf("after a refusal the line holds %q", got)
	}
}

// paste puts words into a part all at once, in place of what stood there; keys would not make every character.
func (s sight) paste(name, text string) {
	s.t.Helper()
	s.do(chromedp.WaitVisible(id(name)), chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		const el = document.querySelector('[data-testid="%s"]');
		el.focus(); el.select();
		document.execCommand("insertText", false, %q);
	})()`, name, text)))
}

// read waits until a part of a class says just this.
func (s sight) read(class, text string) {
	s.t.Helper()
	testwait.Until(s.t, class+" says "+text, func() bool {
		return ask(s, chromedp.Evaluate[string](fmt.Sprintf(`document.querySelector(".%s").textContent`, class))) == text
	})
}

// What only one person sees is no reply.
func TestRepliesAreCounted(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	put(t, d.feed, map[string]any{playground.SectionMessages: map[string]any{"C0DESK": []playground.Message{
		{TS: "1775600000.000001", Bot: "B1", Text: "カード"},
		{TS: "1775600000.000002", ThreadTS: "1775600000.000001", User: "UDESK1", Text: "電話しました"},
		{TS: "1775600000.000003", ThreadTS: "1775600000.000001", Bot: "B1", Text: "あなたにだけ", EphemeralFor: "UDESK1"},
	}}})
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.do(chromedp.WaitVisible(id("slack-thread-1775600000.000001")))
	if got := ask(s, chromedp.Text(id("slack-thread-1775600000.000001"))); !strings.Contains(got, "1件の返信") {
		t.Errorf("the way into the thread says %q", got)
	}
	s.press("slack-thread-1775600000.000001")
	s.do(chromedp.WaitVisible(id("slack-thread-messages")))
	if got := ask(s, chromedp.Text(id("slack-thread-messages"))); !strings.Contains(got, "1件の返信") || !strings.Contains(got, "あなたにだけ") {
		t.Errorf("the thread says %q", got)
	}
}

func TestOutsiderSeesOnlyTheirChannels(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.do(chromedp.SendKeys(id("slack-staff"), "外山"))
	s.do(chromedp.WaitVisible(id("slack-closed-C0DESK")))
	s.shot("wide-outsider")
	if got := ask(s, chromedp.Text(id("slack-messages"))); strings.Contains(got, "K2026") || !strings.Contains(got, "新年度") {
		t.Errorf("an outsider reads %q", got)
	}
}

func TestHomeIsOpened(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.press("slack-home")
	wish(t, d, playground.SlackDo{User: "UDESK1", Do: "home"})
	s.press("slack-button-home_list")
	if got := next[playground.SlackDo](t, d); got.ViewID != "VH" || got.ActionID != "home_list" {
		t.Errorf("a button on Home came as %+v", got)
	}
}
