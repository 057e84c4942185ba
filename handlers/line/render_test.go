package line_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"

	"tsunagi/bot/msg"
	"tsunagi/handlers/line"
	"tsunagi/handlers/line/linesim"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden_render holds what each kind of message becomes, and shows each to the simulated platform.
func TestGolden_render(t *testing.T) {
	t.Parallel()
	words := catalogue(t, "ja")
	for name, m := range samples() {
		list, err := line.Messages(words, m)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := pretty(t, list)
		file := filepath.Join("testdata", "golden", name+".json")
		if *update {
			write(t, file, got)
		}
		if diff := cmp.Diff(string(read(t, file)), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		mustShow(t, name, m)
	}
}

// mustShow sends a message to the simulated platform, which refuses what LINE refuses.
func mustShow(t testing.TB, name string, m msg.Message) []linesim.Entry {
	t.Helper()
	w := newWire(t)
	p := w.friend("alice")
	one := parcel(p.ID(), w.ok(p.SendText(w.ctx, "x")).ReplyToken, "")
	one.Message = m
	if _, err := w.client.Send(w.ctx, one); err != nil {
		for _, e := range w.Record() {
			if e.Kind == linesim.Refused {
				t.Errorf("%s: refused: %s", name, e.Answer)
			}
		}
		t.Fatalf("%s: %v", name, err)
	}
	return p.Chat()
}

func pretty(t *testing.T, list [][]byte) []byte {
	t.Helper()
	raw := append(append([]byte("["), bytes.Join(list, []byte(","))...), ']')
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(tree); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func press(n int) msg.Press { return msg.Do("form", "v", "answer", "c", fmt.Sprint(n)) }

func buttons(n int, label string) []msg.Button {
	list := make([]msg.Button, n)
	for i := range list {
		list[i] = msg.Button{Label: fmt.Sprintf("%s%d", label, i+1), Press: press(i)}
	}
	return list
}

// samples are one message for each thing that a message can have.
func samples() map[string]msg.Message {
	edit := msg.Button{Label: "変更", Press: press(1)}
	return map[string]msg.Message{
		"text":       said("こんにちは。\n公民戦略連携デスクです。"),
		"texts":      {Alt: "お知らせ", Blocks: []msg.Block{msg.Text{Body: "一つ目\n"}, msg.Text{Body: ""}, msg.Text{Body: "二つ目"}}},
		"quote":      {Alt: "返信", Blocks: []msg.Block{msg.Text{Body: "デスクからの返信です。"}, msg.Quote{Author: "山田", Body: "来週お会いできますか。"}, msg.Quote{Body: "名乗らない人"}}},
		"hostile":    hostile(),
		"choices":    choices(append(buttons(3, "分野"), msg.Button{Label: "日付を選ぶ", Press: press(4), Pick: "date"}, msg.Button{Label: "市のページ", URL: "https://www.city.kishiwada.lg.jp/連携?q=a b"})...),
		"choices_14": choices(buttons(14, "分野")...),
		"choice_long_elsewhere": {Alt: "種別", Blocks: []msg.Block{msg.Text{Body: "1. 特定非営利活動法人または一般社団法人の方"}},
			Choices: []msg.Button{{Label: "特定非営利活動法人または一般社団法人の方", Press: press(1)}, {Label: "企業の方", Press: press(2)}}},
		"choice_long_alone": choices(msg.Button{Label: "特定非営利活動法人または一般社団法人の皆さま", Press: press(1)}, msg.Button{Label: "企業の方", Press: press(2)}),
		"card": card(msg.Card{
			Title: "K2026-0001 高齢者の見守り", State: "庁内照会中", Body: "宅配の際に声をかけ、異変があれば市に知らせます。",
			Rows:    []msg.Row{{Label: "今の番", Value: "市（福祉政策課）"}, {Label: "次の期日", Value: "2026年12月4日（金）"}, {Label: "備考"}},
			Notes:   []string{"11月20日 受付"},
			Buttons: []msg.Button{{Label: "連絡する", Style: msg.Primary, Press: press(1)}, {Label: "取り下げる", Style: msg.Danger, Press: press(2), Confirm: "取り下げると元に戻せません。"}, {Label: "市のページ", URL: "https://www.city.kishiwada.lg.jp/"}, {Label: "電話", URL: "tel:0720000000"}},
		}),
		"summary": card(msg.Card{
			Title: "内容の確認", Body: "この内容でよろしければ「送信」を押してください。",
			Rows:    []msg.Row{{Label: "団体名", Value: "株式会社きしわだ", Edit: &edit}, {Label: "タイトル", Value: "高齢者の見守り", Edit: &edit}},
			Buttons: []msg.Button{{Label: "送信", Style: msg.Primary, Press: press(1)}},
		}),
		"tones":    {Alt: "状況", Blocks: []msg.Block{msg.Card{Title: "a", Tone: msg.Alert}, msg.Card{Title: "b", Tone: msg.Good}, msg.Card{Title: "c", Tone: msg.Closed, State: "取下げ"}}},
		"menu":     card(msg.Card{Title: "操作", Buttons: []msg.Button{{Label: "その他", Menu: []msg.Button{{Label: "保留", Press: press(1)}, {Label: "対象外", Press: press(2)}}}}}),
		"links":    card(msg.Card{Title: "外", Buttons: []msg.Button{{Label: "危ない", URL: "javascript:alert(1)"}, {Label: "メール", URL: "mailto:desk@example.jp"}}}),
		"options":  card(msg.Card{Title: "業種を選んでください", Buttons: []msg.Button{{Label: "✓ 特定非営利活動法人・一般社団法人・公益財団法人などの非営利団体（法人格のない任意団体を含みます）", Press: press(1)}, {Label: "企業", Press: press(2)}}}),
		"only_alt": {Alt: "一言"},
		"no_alt":   {Blocks: []msg.Block{msg.Card{Title: "題", Body: "本文"}}},
	}
}

func hostile() msg.Message {
	const evil = "<!channel> <b>太字</b> {name} {{mention}} $emoji$ \"引用\" \\n [link](javascript:x) \u202e逆さ \x00\x07\xff 終わり"
	return msg.Message{Alt: evil, Blocks: []msg.Block{
		msg.Text{Body: evil}, msg.Quote{Author: evil, Body: evil},
		msg.Card{Title: evil, State: evil, Body: evil, Rows: []msg.Row{{Label: evil, Value: evil}}, Notes: []string{evil}, Buttons: []msg.Button{{Label: evil, Press: press(1)}}},
	}}
}

// phone reads the texts of a chat's bot messages: everything that can be read on the screen.
func phone(t testing.TB, chat []linesim.Entry) string {
	t.Helper()
	var b strings.Builder
	for _, e := range chat {
		if e.Kind == linesim.Seen {
			var tree any
			if err := json.Unmarshal(e.Message, &tree); err != nil {
				t.Fatal(err)
			}
			gather(&b, "", tree)
		}
	}
	return b.String()
}

func gather(b *strings.Builder, key string, tree any) {
	switch tree := tree.(type) {
	case map[string]any:
		for k, v := range tree {
			if k != "quickReply" && k != "action" {
				gather(b, k, v)
			}
		}
		if a, ok := tree["action"].(map[string]any); ok && tree["type"] == "button" {
			gather(b, "text", a["label"])
		}
	case []any:
		for _, v := range tree {
			gather(b, "", v)
		}
	case string:
		if key == "text" {
			b.WriteString(tree + "\n")
		}
	}
}

func bare(s string) string {
	return strings.NewReplacer("\n", "", "\u2068", "", "\u2069", "").Replace(s)
}

func TestRender_long_text(t *testing.T) {
	t.Parallel()
	family := strings.Repeat("👨‍👩‍👧", 1) // 8 units, which 5,000 is a multiple of
	for name, row := range map[string]struct {
		body     string
		messages int
		whole    bool
	}{
		"5,000 units":            {strings.Repeat("あ", 5000), 1, true},
		"5,001 units":            {strings.Repeat("あ", 5001), 2, true},
		"a family at the border": {"a" + strings.Repeat(family, 1000), 2, true},
		"10,000 characters":      {strings.Repeat("字", 10_000), 2, true},
		"25,000 units":           {strings.Repeat("あ", 25_000), 5, true},
		"25,001 units":           {strings.Repeat("あ", 25_001), 5, false},
		"a million":              {strings.Repeat("あいうえお\n", 200_000), 5, false},
	} {
		chat := mustShow(t, name, said(row.body))
		seen := phone(t, chat)
		n := 0
		for _, e := range chat {
			if e.Kind == linesim.Seen {
				n++
			}
		}
		whole := bare(seen) == bare(row.body)
		noted := strings.Contains(seen, "長いため、ここまで")
		if n != row.messages || whole != row.whole || noted == row.whole {
			t.Errorf("%s: %d messages, whole %t, noted %t, want %d, %t", name, n, whole, noted, row.messages, row.whole)
		}
		if strings.Contains(seen, "\uFFFD") {
			t.Errorf("%s: cut within a character", name)
		}
	}
}

func TestRender_long_card(t *testing.T) {
	t.Parallel()
	edit := msg.Button{Label: "変更", Press: press(9)}
	long := func(c string, n int) string { return strings.Repeat(c, n) }
	for name, c := range map[string]msg.Card{
		"body":           {Title: "題", Body: long("字", 20_000), Buttons: buttons(2, "次")},
		"value":          {Title: "題", Rows: []msg.Row{{Label: "内容", Value: long("値", 20_000), Edit: &edit}, {Label: "終わり", Value: "最後"}}},
		"label":          {Rows: []msg.Row{{Label: long("名", 3_000), Value: "値"}}},
		"title":          {Title: long("題", 5_000)},
		"angle brackets": {Title: "題", Body: long("<>&", 6_000), Rows: []msg.Row{{Label: long("<", 250), Value: long("&", 3_000), Edit: &edit}}},
		"one grapheme":   {Title: "題", Body: "e" + long("\u0301", 9_000)},
		"rows":           {Title: "題", Rows: rows(60)},
		"buttons":        {Title: "題", Buttons: buttons(100, "特定非営利活動法人きしわだ市民活動支援センター第")},
		"long buttons":   {Title: "題", Buttons: buttons(10, long("釦", 500))},
		"notes":          {Title: "題", Notes: []string{long("注", 5_000), "済"}},
	} {
		seen := bare(phone(t, mustShow(t, name, card(c))))
		for _, part := range []string{c.Title, c.Body} {
			for _, chunk := range line.Split(part, 500) {
				if !strings.Contains(seen, bare(chunk)) {
					t.Fatalf("%s: a part of the title or body is lost", name)
				}
			}
		}
		for _, row := range c.Rows {
			first := string([]rune(row.Value)[0])
			if strings.Count(seen, first) < strings.Count(row.Value, first) {
				t.Errorf("%s: the value of %.20s is not whole", name, row.Label)
			}
		}
		for _, b := range c.Buttons {
			if !strings.Contains(seen, b.Label) {
				t.Errorf("%s: the words of button %.20s are not whole", name, b.Label)
			}
		}
	}
}

func rows(n int) []msg.Row {
	list := make([]msg.Row, n)
	for i := range list {
		list[i] = msg.Row{Label: fmt.Sprintf("項目%d", i), Value: strings.Repeat("値", 200), Edit: &msg.Button{Label: "変更", Press: press(i)}}
	}
	return list
}

// TestRender_many shows that what one call cannot carry is cut with a note, and that the ways on stay.
func TestRender_many(t *testing.T) {
	t.Parallel()
	var mixed, cards []msg.Block
	for i := range 12 {
		mixed = append(mixed, msg.Text{Body: fmt.Sprintf("文%d", i)}, msg.Card{Title: fmt.Sprintf("札%d", i)})
		cards = append(cards, msg.Card{Title: fmt.Sprintf("札%d", i), Body: strings.Repeat("字", 9_000)})
	}
	for name, m := range map[string]msg.Message{
		"texts and cards in turn": {Alt: "x", Blocks: mixed, Choices: buttons(20, "次")},
		"large cards":             {Alt: "x", Blocks: cards, Choices: buttons(20, "次")},
	} {
		chat := mustShow(t, name, m)
		seen := phone(t, chat)
		if !strings.Contains(seen, "長いため、ここまで") {
			t.Errorf("%s: no note", name)
		}
		if !strings.Contains(seen, "次20") {
			t.Errorf("%s: the choices are gone", name)
		}
	}
	var quotes []msg.Block
	for i := range 9 {
		quotes = append(quotes, msg.Quote{Body: fmt.Sprintf("引用%d", i)})
	}
	if seen := phone(t, mustShow(t, "quotes", msg.Message{Alt: "x", Blocks: quotes})); strings.Count(seen, "引用") != 9 || strings.Contains(seen, "長いため") {
		t.Errorf("nine short quotes: got %s, want all of them", seen)
	}
}

func TestRender_thirty_cards(t *testing.T) {
	t.Parallel()
	var blocks []msg.Block
	for i := range 30 {
		blocks = append(blocks, msg.Card{Title: fmt.Sprintf("札%d番", i), Buttons: buttons(1, "次")})
	}
	seen := phone(t, mustShow(t, "30 cards", msg.Message{Alt: "x", Blocks: blocks}))
	for i := range 30 {
		if !strings.Contains(seen, fmt.Sprintf("札%d番", i)) {
			t.Errorf("card %d is lost", i)
		}
	}
}

// TestRender_labels shows that a quick reply is cut only if its words stand elsewhere.
func TestRender_labels(t *testing.T) {
	t.Parallel()
	label := "特定非営利活動法人または一般社団法人の皆さま"
	w := newWire(t)
	p := w.friend("alice")
	show := func(m msg.Message) {
		t.Helper()
		one := parcel(p.ID(), w.ok(p.SendText(w.ctx, "x")).ReplyToken, "")
		one.Message = m
		if _, err := w.client.Send(w.ctx, one); err != nil {
			t.Fatal(err)
		}
	}
	show(choices(msg.Button{Label: label, Press: press(1)}))
	if b := p.Buttons()[0]; b.Where != "message" || b.Label != label || b.DisplayText != label {
		t.Errorf("nowhere else: got %+v, want a button with all words", b)
	}
	m := choices(msg.Button{Label: label, Press: press(1)})
	m.Blocks = append(m.Blocks, msg.Text{Body: "1. " + label})
	show(m)
	b := p.Buttons()[0]
	if b.Where != "quickReply" || uniseg.GraphemeClusterCount(b.Label) != 20 || !strings.HasSuffix(b.Label, "…") || b.DisplayText != label {
		t.Errorf("elsewhere too: got %+v, want a quick reply of 20", b)
	}
	w.ok(p.Tap(w.ctx, b.Label))
	if e := w.desk.last(t); e.Press.Int("c") != 1 {
		t.Errorf("pressed: got %+v", e)
	}
}

func TestRender_date_picker(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := w.friend("alice")
	one := parcel(p.ID(), w.ok(p.SendText(w.ctx, "x")).ReplyToken, "")
	one.Message = choices(msg.Button{Label: "カレンダー", Press: press(5), Pick: "date"})
	if _, err := w.client.Send(w.ctx, one); err != nil {
		t.Fatal(err)
	}
	w.ok(p.TapWith(w.ctx, "カレンダー", "2026-12-24"))
	if e := w.desk.last(t); e.Picked != "2026-12-24" || e.Press.Int("c") != 5 {
		t.Errorf("got %+v, want the date picked", e)
	}
}

func TestShort(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		in               string
		graphemes, units int
		want             string
	}{
		{"abc", 3, 10, "abc"},
		{"abcd", 3, 10, "ab…"},
		{"あいう", 3, 3, "あいう"},
		{"👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 3, 100, "👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧"},
		{"👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 2, 100, "👨‍👩‍👧…"},
		{"👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 9, 17, "👨‍👩‍👧👨‍👩‍👧…"},
		{"か\u3099か\u3099", 1, 10, "…"},
		{"", 5, 5, ""},
	} {
		if got := line.Short(row.in, row.graphemes, row.units); got != row.want {
			t.Errorf("%q to %d graphemes, %d units: got %q, want %q", row.in, row.graphemes, row.units, got, row.want)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		in    string
		units int
		want  []string
	}{
		{"abcdef", 6, []string{"abcdef"}},
		{"abcdef", 4, []string{"abcd", "ef"}},
		{"あい👍う", 4, []string{"あい👍", "う"}},
		{"あいう👍う", 4, []string{"あいう", "👍う"}},
		{"aaaaaaaa\nbbbb", 10, []string{"aaaaaaaa\n", "bbbb"}},
		{"aa\nbbbbbbbbbb", 10, []string{"aa\nbbbbbbb", "bbb"}},
		{"e\u0301\u0301\u0301\u0301", 3, []string{"e\u0301\u0301", "\u0301\u0301"}},
	} {
		if diff := cmp.Diff(row.want, line.Split(row.in, row.units)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", row.in, diff)
		}
	}
}
