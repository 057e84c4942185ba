package story_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/handlers/playground/story"
)

// office is a small application whose card opens a modal, which is shown again before it counts.
func office(t *testing.T) (a *small, seen *[]string) {
	t.Helper()
	a, seen = newSmall(t), &[]string{}
	a.acted = func(p map[string]any) any {
		switch p["type"] {
		case "command":
			*seen = append(*seen, fmt.Sprint("command ", p["text"]))
			return map[string]any{"text": "fallback", "blocks": []any{section("あなたの案件 T-1"), actions(press("続き", "2"))}}
		case "block_actions":
			return a.pressed(p, seen)
		case "view_submission":
			return a.submitted(p, seen)
		}
		return nil
	}
	a.api("chat.postMessage", map[string]any{"channel": "C0DESK", "text": "alt", "blocks": []any{
		section("T-1 見守り"), actions(press("担当する", "1"), press("照会する", "1"), map[string]any{
			"type": "overflow", "action_id": "menu", "options": []any{map[string]any{"text": plain("すべて見る"), "value": "all"}},
		}),
	}})
	return a, seen
}

func (a *small) pressed(p map[string]any, seen *[]string) any {
	act := p["actions"].([]any)[0].(map[string]any)
	*seen = append(*seen, fmt.Sprint("press ", act["action_id"]))
	view := map[string]any{"type": "modal", "title": plain("照会"), "submit": plain("確認へ"), "blocks": []any{
		input("課", map[string]any{"type": "checkboxes", "action_id": "dep", "options": []any{
			map[string]any{"text": plain("福祉政策課"), "value": "w"}, map[string]any{"text": plain("環境課"), "value": "e"}}}),
		input("期限", map[string]any{"type": "datepicker", "action_id": "due"}),
		input("担当", map[string]any{"type": "users_select", "action_id": "who"}),
		input("メモ", map[string]any{"type": "plain_text_input", "action_id": "note"}),
	}}
	if act["action_id"] == "照会する" {
		a.api("views.open", map[string]any{"trigger_id": p["trigger_id"], "view": view})
	}
	if act["action_id"] == "担当する" {
		user := p["user"].(map[string]any)["id"]
		a.api("chat.postEphemeral", map[string]any{"channel": "C0DESK", "user": user, "text": "権限がありません"})
	}
	return nil
}

func input(label string, element map[string]any) any {
	return map[string]any{"type": "input", "block_id": element["action_id"], "label": plain(label), "element": element}
}

func (a *small) submitted(p map[string]any, seen *[]string) any {
	view := p["view"].(map[string]any)
	values, _ := view["state"].(map[string]any)["values"].(map[string]any)
	if len(values) == 0 {
		*seen = append(*seen, "sent")
		a.api("chat.postMessage", map[string]any{"channel": "C0DESK", "text": "<@U1> が送りました"})
		return map[string]any{"response_action": "clear"}
	}
	pick := func(block, slot string) any { return values[block].(map[string]any)[block].(map[string]any)[slot] }
	deps := pick("dep", "selected_options").([]any)
	*seen = append(*seen, fmt.Sprint(len(deps), " ", pick("due", "selected_date"), " ", pick("who", "selected_user"), " ", pick("note", "value")))
	if pick("note", "value") == "だめ" {
		return map[string]any{"response_action": "errors", "errors": map[string]any{"note": "その言葉は使えません"}}
	}
	return map[string]any{"response_action": "update", "view": map[string]any{
		"type": "modal", "title": plain("確認"), "submit": plain("送る"), "blocks": []any{section("これを送ります")},
	}}
}

const filled = `
田中 がデスクの部屋のカード T-1 の「照会する」を押す
田中 の画面に「照会」と見える
田中 が画面の「課」に「福祉政策課、環境課」を入れる
田中 が画面の「期限」に「2026-12-01」を入れる
田中 が画面の「担当」に「中村」を入れる
`

func TestSlackDeeds(t *testing.T) {
	t.Parallel()
	a, seen := office(t)
	a.plays(filled + `
田中 が画面の「メモ」に「だめ」を入れる
田中 が画面を送ろうとする
田中 の画面に「その言葉は使えません」と見える
田中 が画面の「メモ」に「よろしく」を入れる
田中 が画面を送る
田中 の画面に「これを送ります」と見える
田中 が画面を送る
デスクの部屋 に「@田中 が送りました」と見える
田中 が「/desk list」と打つ
田中 に「あなたの案件 T-1」と見える
中村 に「あなたの案件」は見えない
田中 が自分だけに見える「続き」を押す
田中 がデスクの部屋のカード T-1 の「すべて見る」を押す
中村 がデスクの部屋のカード T-1 の「担当する」を押す
中村 に「権限」と見える
田中 がデスクの部屋のカード T-1 のやりとりに「ここだけの話」と書く
デスクの部屋 に「ここだけの話」と見える
田中 がデスクの部屋に「全員へ」と書く
デスクの部屋 に「全員へ」と見える
`)
	want := []string{
		"press 照会する", "2 2026-12-01 U2 だめ", "2 2026-12-01 U2 よろしく", "sent", "command list", "press 続き", "press menu", "press 担当する",
	}
	if diff := cmp.Diff(want, *seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSlackFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text  string
		wants []string
	}{
		"a button that is not there":     {"田中 がデスクの部屋のカード T-1 の「見送る」を押す", []string{"1 行目", "「見送る」というボタン", "担当する / 照会する / すべて見る"}},
		"a card that is not there":       {"田中 がデスクの部屋のカード T-9 のやりとりに「あ」と書く", []string{"「T-9」のカード", "T-1 見守り"}},
		"a field that is not there":      {filled + "田中 が画面の「理由」に「あ」を入れる", []string{"「理由」という欄", "課 / 期限 / 担当 / メモ"}},
		"a choice that is not offered":   {"田中 がデスクの部屋のカード T-1 の「照会する」を押す\n田中 が画面の「課」に「観光課」を入れる", []string{"2 行目", "福祉政策課 / 環境課"}},
		"a modal that is not filled in":  {filled + "田中 が画面を送る", []string{"送れませんでした"}},
		"a modal that is not open":       {"田中 が画面を送る", []string{"送るボタンのある画面が開いていません"}},
		"no modal to close":              {"田中 が画面を閉じる", []string{"画面が開いていません"}},
		"what is not in the channel":     {"デスクの部屋 に「T-2」と見える", []string{"「T-2」が見えません", "T-1 見守り"}},
		"what should not be there":       {"デスクの部屋 に「T-1」は見えない", []string{"「T-1」が見えています"}},
		"what stood there before a deed": {"田中 が「/desk」と打つ\nデスクの部屋 に「T-1」と見える", []string{"2 行目", "見えていたもの：なし"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, _ := office(t)
			a.fails(c.text, c.wants...)
		})
	}
}

func TestTimeAndTrouble(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	var passed []story.Span
	flushed, before := 0, []string{}
	a.stage.Pass = func(_ context.Context, s story.Span) error { passed = append(passed, s); return nil }
	a.stage.Flush = func(context.Context) error { flushed++; return nil }
	a.stage.Before = func(_ context.Context, s story.Step) error { before = append(before, s.Text); return nil }
	a.plays("3営業日たつ\n1日たつ\n２時間たつ\n10分たつ\nRedis が空になる\nイベントが二重に届くようになる\n佐藤 が「あ」と書く\n通信がもとにもどる\n佐藤 が「い」と書く\n" +
		"佐藤 が続けて「う」と書く\nLINE の次の1通が、そのあとの1通に追い越される\n佐藤 が続けて「え」と書く\n佐藤 が続けて「お」と書く")
	want := []story.Span{{N: 3, Unit: story.WorkingDays}, {N: 1, Unit: story.Days}, {N: 2, Unit: story.Hours}, {N: 10, Unit: story.Minutes},
		{N: 5, Unit: story.Seconds}, {N: 5, Unit: story.Seconds}} // before what is not written in a row
	if diff := cmp.Diff(want, passed); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"text:あ", "text:あ", "text:い", "text:う", "text:お", "text:え"}, a.words()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if flushed != 1 || len(before) != 13 {
		t.Errorf("flushed %d times, looked ahead %d times", flushed, len(before))
	}
}
