package desk_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tsunagi/bot"
	"tsunagi/bot/desk"
	"tsunagi/bot/form"
)

func TestCommands_are_complete_in_both_languages(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		o := newOffice(t, lang)
		seen := map[string]string{}
		for _, c := range o.d.Commands() {
			if len(c.Aliases) < 2 || !slices.Contains(c.Aliases, c.Name) || (lang == "ja") != (c.Aliases[0] != c.Name) || c.Usage == "" || c.Help == "" {
				t.Errorf("%s %s lacks a name, usage or help: %+v", lang, c.Name, c)
			}
			for _, a := range c.Aliases {
				if other := seen[form.Fold(a)]; other != "" {
					t.Errorf("%s: %s means %s and %s", lang, a, other, c.Name)
				}
				seen[form.Fold(a)] = c.Name
			}
		}
	}
}

func TestCommands_are_understood_however_typed(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		o := newOffice(t, lang)
		p := o.submit("だんじり弁当で見守り", "welfare")
		for _, line := range []string{
			"show K2026-0001", "表示 K2026-0001", "ｓｈｏｗ　Ｋ２０２６－０００１", "SHOW k2026-1", "show 1", "表示　１", "K2026-0001", "ｋ２０２６ー１",
			"1", "show 0001", "show K2026 0001", "K2026 1", "\u200bshow\ufeff 1\x00",
		} {
			m := o.say(sato(), line)
			has(t, m, p.Number, "だんじり弁当で見守り", "配食のときに声をかけます。")
		}
		for _, line := range []string{"list", "一覧", "リスト", "りすと", "ＬＩＳＴ", "/list"} {
			has(t, o.say(sato(), line), p.Number)
		}
	}
}

func TestWrong_input_is_answered_with_what_is_right(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	o.submit("見守り", "welfare")
	for line, want := range map[string][]string{
		"lisst overdue":         {"もしかして：/desk 一覧 overdue", "/desk 表示 受付番号"},
		"lis":                   {"もしかして：/desk 一覧"},
		"一欄":                    {"もしかして：/desk 一覧"},
		"forwrad 1 福祉":          {"もしかして：/desk 照会 1 福祉"},
		"期限超過":                  {"もしかして：/desk 一覧 期限超過", "[/desk 一覧 期限超過]", "[/desk 検索 期限超過]"},
		"overdue":               {"もしかして：/desk 一覧 期限超過"},
		"弁当はどこ":                 {"「弁当はどこ」というコマンドはありません", "[/desk 検索 弁当はどこ]", "/desk ヘルプ"},
		"？":                     {"というコマンドはありません", "/desk 一覧"},
		"show":                  {"受付番号を付けてください", "例：/desk 表示 K2026-0001"},
		"show 99":               {"「99」という受付番号の案件は見つかりません", "もしかして：/desk 検索 99"},
		"show X-1":              {"「X-1」という受付番号"},
		"list recieved":         {"もしかして：/desk 一覧 受付"},
		"list 福祉":               {"複数あります", "[/desk 一覧 福祉・見守り]", "[/desk 一覧 福祉政策課]"},
		"list 分野":               {"[/desk 一覧 防災・防犯]"},
		"list 状態":               {"[/desk 一覧 対話中]"},
		"list zzzz":             {"「zzzz」という状態・分野・課はありません", "書き方：/desk 一覧"},
		"forward 1":             {"照会先の課を付けてください", "もしかして：/desk 照会 K2026-0001 福祉政策課"},
		"forward 1 福祉課":         {"「福祉課」という課はありません"},
		"forward 1 健康推進化":       {"もしかして：/desk 照会 K2026-0001 健康推進課"},
		"forward 1 政策":          {"当てはまる課が複数あります", "[/desk 照会 K2026-0001 福祉政策課]", "[/desk 照会 K2026-0001 産業政策課]"},
		"assign 1":              {"職員を付けてください", "[/desk 担当 K2026-0001 自分]"},
		"assign 1 @佐藤":          {"「@佐藤」がだれのことか分かりません"},
		"assign 1 <@U0KENKO|k>": {"デスクの職員ではないため"},
		"state 1":               {"今「受付」です", "[/desk 状態 K2026-0001 確認中]", "[/desk 状態 K2026-0001 保留]"},
		"state 1 実施":            {"当てはまる状態が複数あります", "[/desk 状態 K2026-0001 実施準備中]", "[/desk 状態 K2026-0001 実施済]"},
		"state 1 保流":            {"もしかして：/desk 状態 K2026-0001 保留"},
		"search":                {"探す言葉を付けてください"},
		"search あ":              {"2文字以上"},
		"help lsit":             {"もしかして：/desk ヘルプ 一覧"},
	} {
		t.Run(line, func(t *testing.T) { has(t, newSub(t, o).say(sato(), line), want...) })
	}
}

// newSub is the same office for a subtest.
func newSub(t *testing.T, o *office) *office {
	sub := *o
	sub.t, sub.n = t, o.n+int(seed(t.Name()))
	return &sub
}

// seed keeps the ids of the calls of subtests apart.
func seed(name string) (n uint16) {
	for _, c := range name {
		n = n*31 + uint16(c)
	}
	return n
}

func TestSuggestions_do_what_they_say(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	o.submit("見守り", "welfare")
	m := o.press(sato(), o.say(sato(), "lsit 受付"), "/desk 一覧 受付")
	has(t, m, "状態「受付」の案件", "K2026-0001")
	m = o.press(sato(), o.say(sato(), "list 福祉"), "福祉・見守り")
	has(t, m, "分野「福祉・見守り」", "K2026-0001")
	m = o.press(sato(), o.say(sato(), "list 福祉"), "福祉政策課")
	has(t, m, "福祉政策課に照会した案件：ありません")
	m = o.press(sato(), o.say(sato(), "forward 1"), "福祉政策課")
	has(t, m, "K2026-0001を福祉政策課に照会しました")
	m = o.press(sato(), o.say(sato(), "assign 1"), "自分")
	has(t, m, "佐藤さんにしました")
}

func TestRights(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	o.submit("見守り", "welfare")
	o.say(sato(), "forward 1 福祉政策課")
	commands := []string{"", "list", "show 1", "forward 1 健康推進課", "assign 1 me", "state 1 対話中", "search 見守り", "dead", "help", "version"}
	for _, row := range []struct {
		who  bot.Actor
		may  map[string]bool
		none bool
	}{
		{who: sato()}, {who: chief()},
		{who: welfare(), may: map[string]bool{"": true, "list": true, "show 1": true, "help": true, "version": true}},
		{who: health(), may: map[string]bool{"": true, "list": true, "show 1": true, "help": true, "version": true}},
		{who: outsider(), none: true},
	} {
		for _, line := range commands {
			o.n++
			_, err := o.d.Run(t.Context(), desk.Call{ID: "rights-" + row.who.ID + line, Actor: row.who, Line: line})
			want := bot.ErrorKind("")
			if row.none || (row.may != nil && !row.may[line]) {
				want = bot.Forbidden
			}
			got := bot.KindOf(err)
			if got == bot.Conflict {
				got = "" // allowed, but a colleague was first
			}
			if got != want {
				t.Errorf("%s %q: got %q (%v), want %q", row.who.ID, line, got, err, want)
			}
		}
	}
}

func TestDepartments_see_only_what_concerns_them(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	o.submit("見守り", "welfare")
	o.submit("だれにも聞いていない提案", "welfare")
	o.say(sato(), "forward 1 福祉政策課")

	has(t, o.say(welfare(), ""), "K2026-0001", "回答期限")
	has(t, o.say(welfare(), "list"), "K2026-0001")
	m := o.say(welfare(), "show 1")
	has(t, m, "見守り", "保護されています", "連携したい")
	hasNot(t, m, "配食のときに", "担当する", "照会する")

	hasNot(t, o.say(health(), "list"), "K2026-0001")
	unknown, secret := o.say(health(), "show 99"), o.say(health(), "show 1")
	has(t, secret, "「1」という受付番号の案件は見つかりません")
	hasNot(t, secret, "見守り", "search")
	if len(unknown.Choices) != len(secret.Choices) {
		t.Error("a department can tell a hidden number from one that is not there")
	}
	for _, line := range []string{"list 健康推進課", "list mine", "list overdue", "list 受付", "list topic:welfare", "list department:health"} {
		hasNot(t, o.say(welfare(), line), "だれにも聞いていない提案")
	}
	hasNot(t, o.say(welfare(), "list department:health"), "健康推進課")
	hasNot(t, o.say(welfare(), "help"), "forward", "search")

	both := of("U0BOTH", "welfare", "health")
	m = o.say(both, "list")
	has(t, m, "どの一覧", "福祉政策課", "健康推進課")
	hasNot(t, m, "産業政策課")
	has(t, o.press(both, m, "福祉政策課"), "K2026-0001")
	has(t, o.say(both, "show 1"), "連携したい")
}

func TestRun_survives_any_line(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	o.submit("見守り", "welfare")
	rapid.Check(t, func(rt *rapid.T) {
		word := rapid.OneOf(
			rapid.SampledFrom([]string{"list", "show", "forward", "assign", "state", "search", "help", "dead", "1", "保留", "福祉政策課", "mine", "<@U0SATO>", "2026-12-25"}),
			rapid.String(),
		)
		line := ""
		for _, w := range rapid.SliceOfN(word, 0, 4).Draw(rt, "words") {
			line += w + " "
		}
		o.n++
		call := desk.Call{
			ID: rapid.StringMatching("[a-z0-9.]{12}").Draw(rt, "id"), Actor: rapid.SampledFrom(everybody()).Draw(rt, "who"), Line: line,
			After: rapid.OneOf(rapid.Just(""), rapid.String()).Draw(rt, "after"),
		}
		m, err := o.d.Run(t.Context(), call)
		if bot.KindOf(err) == bot.Internal {
			rt.Fatalf("%q: %v", line, err)
		}
		if err == nil && (m.Alt == "" || len(m.Blocks) == 0 || len(m.Choices) > 25) {
			rt.Fatalf("%q: no good answer: %+v", line, m)
		}
	})
}
