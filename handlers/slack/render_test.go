package slack_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/handlers/slack"
	"tsunagi/handlers/slack/slacksim"
)

var update = flag.Bool("update", false, "write the golden files")

// messages are what staff read, as the flows make them.
func messages() map[string]msg.Message {
	return map[string]msg.Message{
		"card_desk":    {Alt: "K2026-0001 株式会社みまもり「高齢者の見守り」確認中", Blocks: []msg.Block{deskCard(msg.Plain)}},
		"card_overdue": {Alt: "K2026-0001", Blocks: []msg.Block{deskCard(msg.Alert)}},
		"card_good":    {Alt: "K2026-0001", Blocks: []msg.Block{deskCard(msg.Good)}},
		"card_closed": {Alt: "K2026-0001", Blocks: []msg.Block{msg.Card{
			Title: "K2026-0001 高齢者の見守り", State: "見送り", Tone: msg.Closed,
			Notes: []string{"11月20日(金) 10:00 clerk：見送る（他の事業と重なる）"}, Buttons: []msg.Button{button("proposal.details", "proposal", "1")},
		}}},
		"card_department": {Alt: "K2026-0001", Blocks: []msg.Block{msg.Card{
			Title: "K2026-0001 高齢者の見守り", State: "庁内照会中", Body: "この内容は提案者の希望により保護されています。",
			Rows: []msg.Row{{Label: "回答期限", Value: "2026年11月27日(金)"}, {Label: "デスクからのメモ", Value: "一行目\n二行目"}},
			Buttons: []msg.Button{
				{Label: "連携したい", Style: msg.Primary, Press: msg.Do("verdict", "proposal", "1", "verdict", "join")},
				{Label: "検討中", Press: msg.Do("verdict", "proposal", "1", "verdict", "consider")},
				{Label: "対応できない", Press: msg.Do("verdict", "proposal", "1", "verdict", "unable")},
			},
		}}},
		"from_company": {Alt: "株式会社みまもり 山田さん 11月20日(金) 10:00", Blocks: []msg.Block{
			msg.Quote{Author: "株式会社みまもり 山田さん 11月20日(金) 10:00", Body: "資料をお送りします。\nご確認ください。"},
		}},
		"outcome": {Alt: "✅ 送信済み", Blocks: []msg.Block{msg.Text{Body: "✅ 送信済み 11月20日(金) 10:00（clerk）"}, msg.Quote{Body: "承知しました。"}}},
		"alarm": {Alt: "⚠ 配信できなかったものがあります", Blocks: []msg.Block{msg.Text{Body: "⚠ 配信できなかったものがあります（K2026-0001）：月間送信上限のため未送信です。"}},
			Choices: []msg.Button{button("delivery.release", "delivery", "5f1b")}},
		"menu_too_long": {Alt: "メニュー", Blocks: []msg.Block{msg.Card{Title: "メニュー", Buttons: []msg.Button{{Label: "その他", Menu: []msg.Button{
			button("desk.run", "line", strings.Repeat("長い", 20)), {Label: "消す", Style: msg.Danger, Confirm: "消しますか。", Press: msg.Do("x")},
		}}}}}},
		"list": {Alt: "一覧", Blocks: []msg.Block{msg.Text{Body: "期限を過ぎたもの 2件"},
			msg.Card{Title: "K2026-0001 高齢者の見守り", State: "確認中", Tone: msg.Alert, Buttons: []msg.Button{button("desk.run", "line", "show K2026-0001")}},
			msg.Card{Title: "K2026-0002 食品ロス", State: "対話中", Tone: msg.Alert, Buttons: []msg.Button{button("desk.run", "line", "show K2026-0002")}},
		}, Choices: []msg.Button{{Label: "次へ", Press: msg.Do("desk.run", "line", "list overdue", "after", "2")}, {Label: "サイト", URL: "https://www.city.kishiwada.lg.jp/"}}},
		"long_body": {Alt: "長文", Blocks: []msg.Block{msg.Card{Title: "長文", Body: strings.Repeat("十文字の長い文です。\n", 800), Buttons: []msg.Button{button("a")}}}},
		"cut_body":  {Alt: "長文", Blocks: []msg.Block{msg.Card{Title: "長文", Body: strings.Repeat("十文字の長い文です。", 2000), Buttons: []msg.Button{button("a")}}}},
		"hostile":   {Alt: hostile()[0], Blocks: []msg.Block{msg.Card{Title: hostile()[0], Body: strings.Join(hostile(), "\n")}}},
		"empty":     {Blocks: []msg.Block{msg.Text{}, msg.Quote{}, msg.Card{}, msg.Card{Rows: []msg.Row{{}}, Buttons: []msg.Button{{}}}}},
	}
}

// What needs attention says so also where it has no state, such as the morning message.
func TestRender_attention_without_a_state(t *testing.T) {
	t.Parallel()
	_, blocks := slack.Rendered(catalogue(t, "ja"), msg.Message{Blocks: []msg.Block{msg.Card{Title: "朝のまとめ", Tone: msg.Alert}}})
	if !strings.Contains(string(blocks), `"🟠 要対応"`) {
		t.Errorf("got %s", blocks)
	}
}

func deskCard(tone msg.Tone) msg.Card {
	return msg.Card{
		Title: "K2026-0001 高齢者の見守り", State: "確認中", Tone: tone,
		Body: "配送員が高齢者のお宅の異変に気づいたとき、市へ連絡します。\n費用はかかりません。",
		Rows: []msg.Row{
			{Label: "団体", Value: "株式会社みまもり"}, {Label: "担当者", Value: "山田 花子"}, {Label: "分野", Value: "福祉、健康"},
			{Label: "デスク担当", Value: "clerk"}, {Label: "次の期限", Value: "2026年11月27日(金)"},
			{Label: "福祉政策課", Value: "連携したい「前向きに進めたい」（carer 11月20日(金) 10:00）"},
		},
		Notes: []string{"11月20日(金) 9:30 clerk：担当する", "11月20日(金) 9:40 clerk：福祉政策課に照会"},
		Buttons: []msg.Button{
			{Label: "担当する", Style: msg.Primary, Press: msg.Do("proposal.take", "proposal", "1")},
			{Label: "照会する", Press: msg.Do("proposal.refer", "proposal", "1")},
			{Label: "見送る", Style: msg.Danger, Confirm: "見送りますか。", Press: msg.Do("proposal.decline", "proposal", "1")},
			{Label: "その他", Menu: []msg.Button{
				{Label: "すべての回答を見る", Press: msg.Do("proposal.details", "proposal", "1")},
				{Label: "状態を変える", Press: msg.Do("proposal.move", "proposal", "1")},
			}},
		},
	}
}

// hostile is text that must be shown to the letter and do nothing.
func hostile() []string {
	return []string{
		"<!channel> <!here> <!everyone>", "<@" + carer + ">", "<!subteam^S0ALL>", "<https://evil.example|市役所>",
		"*太字* _斜体_ ~取消~ `コード`", "```\nblock\n```", "> 引用", "&lt;!channel&gt; &amp;", ":tada: :rotating_light:",
		"@channel @here", "=HYPERLINK(\"x\")", "a\u202eb\u2066c", "👨‍👩‍👧‍👦👩🏽‍🚒🇯🇵", "\x00\x07\u2028改行", "<" + strings.Repeat("x", 50),
	}
}

func screens() map[string]msg.Screen {
	every := replyScreen()
	every.Inputs = everyInput()
	none := msg.Screen{Title: "とても長い題名なので二十四文字には収まりきりません", Close: "閉じる", Blocks: []msg.Block{
		msg.Quote{Author: "団体名", Body: "株式会社みまもり"}, msg.Quote{Author: "提案の内容", Body: "この内容は保護されています。"},
	}}
	odd := msg.Screen{Title: "", Submit: "送信", Then: msg.Do("x"), Inputs: []msg.Input{
		{ID: "none", Kind: msg.InputChoice, Label: "課"}, {ID: "day", Kind: msg.InputDate, Label: "日付", Value: []string{"いつか"}},
		{ID: "gone", Kind: msg.InputChoice, Label: "課", Options: []msg.Option{{ID: "a", Label: strings.Repeat("課", 100), Hint: strings.Repeat("仕事", 100)}}, Value: []string{"b"}},
		{ID: "long", Kind: msg.InputText, Label: "長い", Max: 5, Value: []string{"一二三四五六七"}},
	}}
	var many []msg.Option
	for i := range 130 {
		many = append(many, msg.Option{ID: fmt.Sprint(i), Label: fmt.Sprint("課", i)})
	}
	odd.Inputs = append(odd.Inputs, msg.Input{ID: "many", Kind: msg.InputChoice, Label: "多い", Options: many})
	return map[string]msg.Screen{"screen_every_input": every, "screen_details": none, "screen_odd": odd}
}

// TestGolden holds what each message becomes, and that Slack takes it and calls nobody because of it.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, m := range messages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.sim.AddGroup("S0ALL", "all", carer)
			alt, blocks := slack.Rendered(w.words, m)
			golden(t, name, compose(t, alt, blocks))
			r, err := w.sender.Send(w.ctx(), parcel(welfareRoom, m))
			w.must(err)
			e := w.seen(func(e slacksim.Entry) bool { return e.Kind == slacksim.Posted })
			if e.Mentions != nil || len(e.Notified) > 0 {
				t.Errorf("calls %+v, notified %v", e.Mentions, e.Notified)
			}
			p := parcel(welfareRoom, m) // a change in place has limits of its own
			p.Update = r.TS
			_, err = w.sender.Send(w.ctx(), p)
			w.must(err)
		})
	}
	for name, s := range screens() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			golden(t, name, slack.RenderedScreen(w.words, s))
			s.Then.Do = "x"
			if v := w.modal(clerk, s); v.Title == "" {
				t.Errorf("got %+v", v)
			}
		})
	}
	t.Run("english", func(t *testing.T) {
		t.Parallel()
		alt, blocks := slack.Rendered(catalogue(t, "en"), msg.Message{Alt: "K2026-0001", Blocks: []msg.Block{deskCard(msg.Alert)}})
		golden(t, "card_english", compose(t, alt, blocks))
	})
}

func compose(t *testing.T, alt string, blocks json.RawMessage) json.RawMessage {
	t.Helper()
	out, err := json.Marshal(map[string]any{"text": alt, "blocks": blocks})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func golden(t *testing.T, name string, got json.RawMessage) {
	t.Helper()
	var v any
	if err := json.Unmarshal(got, &v); err != nil {
		t.Fatal(err)
	}
	var pretty bytes.Buffer
	e := json.NewEncoder(&pretty)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, pretty.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), pretty.String()); diff != "" {
		t.Errorf("%s: %s", path, diff)
	}
}

// TestHostile puts each hostile text into every place a text can reach, and looks at whether it is there to the letter.
func TestHostile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sim.AddGroup("S0ALL", "all", carer)
	for _, words := range append(hostile(), strings.Repeat("長", 10_000), strings.Repeat("<!channel>", 1000)) {
		m := msg.Message{Alt: words, Blocks: []msg.Block{
			msg.Text{Body: words}, msg.Quote{Author: words, Body: words},
			msg.Card{Title: words, State: words, Rows: []msg.Row{{Label: words, Value: words}}, Notes: []string{words},
				Buttons: []msg.Button{{Label: words, Confirm: words, Press: msg.Do("a")}, {Menu: []msg.Button{{Label: words, Press: msg.Do("b")}}}}},
		}}
		seq := w.sim.Seq()
		_, err := w.sender.Send(w.ctx(), parcel(welfareRoom, m))
		w.must(err)
		for _, e := range w.sim.Since(seq) {
			if e.Kind == slacksim.Posted && (e.Mentions != nil || len(e.Notified) > 0) {
				t.Errorf("%.40q calls %+v, notified %v", words, e.Mentions, e.Notified)
			}
		}
		all := w.sim.Channel(welfareRoom)
		shown := texts(t, all[len(all)-1].Blocks)
		if head, _, _ := strings.Cut(text.Isolate(strings.TrimLeft(words, "\x00\x07\u2028")), "\n"); !strings.Contains(shown, string([]rune(head)[:min(20, utf8.RuneCountInString(head))])) {
			t.Errorf("%.40q is not shown to the letter: %.200q", words, shown)
		}
	}
}

// TestNothingIsCutSilently: a long text is whole up to what Slack takes, and beyond it says so.
func TestNothingIsCutSilently(t *testing.T) {
	t.Parallel()
	words := catalogue(t, "ja")
	notice := words.Say(text.Say("slack.cut.message", "button", text.Say("button.card.details")))
	for _, n := range []int{10, 2_899, 2_900, 2_901, 8_700, 11_000, 11_700, 11_900, 12_000, 30_000} {
		body := strings.Repeat("あ", n)
		_, blocks := slack.Rendered(words, msg.Message{Alt: "x", Blocks: []msg.Block{msg.Quote{Author: "団体", Body: body}}})
		shown := strings.Count(texts(t, blocks), "あ")
		if said := strings.Contains(texts(t, blocks), notice); said != (shown < n) {
			t.Errorf("%d characters: %d shown, notice: %v", n, shown, said)
		}
		if n <= 11_000 && shown != n {
			t.Errorf("%d characters: only %d shown", n, shown)
		}
	}
	t.Run("many blocks", func(t *testing.T) {
		var m msg.Message
		for i := range 70 {
			m.Blocks = append(m.Blocks, msg.Text{Body: fmt.Sprint("行", i)})
		}
		m.Choices = []msg.Button{button("next")}
		_, blocks := slack.Rendered(words, m)
		var all []map[string]any
		if err := json.Unmarshal(blocks, &all); err != nil {
			t.Fatal(err)
		}
		if len(all) != 50 || all[49]["type"] != "actions" || !strings.Contains(texts(t, blocks), notice) {
			t.Errorf("%d blocks, the last %v", len(all), all[len(all)-1]["type"])
		}
	})
	t.Run("a family emoji is not torn", func(t *testing.T) {
		_, blocks := slack.Rendered(words, msg.Message{Alt: "x", Blocks: []msg.Block{msg.Text{Body: strings.Repeat("👨‍👩‍👧‍👦", 2000)}}})
		for _, part := range strings.Fields(texts(t, blocks)) {
			if strings.HasPrefix(part, "\u200d") || strings.HasSuffix(strings.TrimSuffix(part, "…"), "\u200d") {
				t.Errorf("torn: %.20q … %q", part, part[len(part)-20:])
			}
		}
	})
}

// FuzzRender renders any text in one place after the other, and has the workspace judge it. What is long, or in all places at
// once, takes a hundred times as long; it is FuzzRenderLong's.
func FuzzRender(f *testing.F) {
	fuzzRender(f, 120, func(all []msg.Block, n int) []msg.Block { return all[n%len(all):][:1] })
}

// FuzzRenderLong renders what fills messages and more.
func FuzzRenderLong(f *testing.F) {
	fuzzRender(f, 1<<17, func(all []msg.Block, _ int) []msg.Block { return all })
}

func fuzzRender(f *testing.F, bytes int, places func([]msg.Block, int) []msg.Block) {
	for _, s := range hostile() {
		f.Add(s, uint16(1))
	}
	f.Add("あ", uint16(20_000))
	words, judge := catalogue(f, "ja"), judge{}
	f.Fuzz(func(t *testing.T, s string, n uint16) {
		s = s[:min(len(s), bytes)]
		s = strings.Repeat(s, min(int(n%2000)+1, bytes/max(len(s), 1)))
		alt, blocks := slack.Rendered(words, msg.Message{Alt: s, Blocks: places([]msg.Block{msg.Text{Body: s}, msg.Card{
			Title: s, State: s, Tone: msg.Alert, Body: s, Rows: []msg.Row{{Label: s, Value: s}}, Notes: []string{s},
			Buttons: []msg.Button{{Label: s, Confirm: s, Press: msg.Do("a")}},
		}, msg.Quote{Author: s, Body: s}}, int(n))})
		if !slacksim.FindMentions(alt, blocks, nil).None() {
			t.Errorf("%.100q calls somebody", s)
		}
		if said := judge.of(alt, blocks); !strings.Contains(said, `"ok":true`) {
			t.Errorf("%.100q times %d: %s", s, n, said)
		}
	})
}

// judge is a workspace that is asked directly, by what costs it least: a message that one person sees. It forgets none, so
// another takes its place now and then.
type judge struct {
	sim *slacksim.Sim
	ago int
}

func (j *judge) of(alt string, blocks json.RawMessage) string {
	if j.ago--; j.ago < 0 {
		j.sim, j.ago = slacksim.New(slacksim.Config{BotToken: "x", Rates: slacksim.Rates{Off: true}, KeepRecord: 10}), 1000
		j.sim.AddUser(clerk, "clerk")
		j.sim.AddChannel(deskRoom, "desk", clerk)
	}
	r := httptest.NewRequest(http.MethodPost, "/api/chat.postEphemeral", strings.NewReader(url.Values{
		"channel": {deskRoom}, "user": {clerk}, "text": {alt}, "blocks": {string(blocks)},
	}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer x")
	w := httptest.NewRecorder()
	j.sim.ServeHTTP(w, r)
	return w.Body.String()
}
