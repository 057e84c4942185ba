package form_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tsunagi/bot/form"
	"tsunagi/bot/text"
)

var now = time.Date(2026, 11, 21, 10, 0, 0, 0, time.FixedZone("JST", 9*3600))

// checks lists, for each kind, what is typed and what becomes of it; an answer that begins with "!" is the key of the
// refusal.
func checks() map[form.Kind][][2]string {
	return map[form.Kind][][2]string{
		form.Text: {
			{"  岸和田商店 ", "岸和田商店"},
			{"一行目\n二行目", "一行目 二行目"},
			{"㈱つなぎ①", "㈱つなぎ①"},
			{"👨‍👩‍👧‍👦の会", "👨‍👩‍👧‍👦の会"},
			{"a\u202eb", "a\u202eb"},
			{"", "!form.wrong.empty"},
			{" \u3000\n\u200b", "!form.wrong.empty"},
			{"a\x00b", "!form.wrong.characters"},
			{"a\x1bb", "ab"},
			{"a\x85b", "!form.wrong.characters"},
			{"a\u0085b", "a b"},
			{"a\xffb", "!form.wrong.characters"},
			{"a\ufffdb", "!form.wrong.characters"},
			{"a\uffffb", "!form.wrong.characters"},
			{strings.Repeat("あ", 200), strings.Repeat("あ", 200)},
			{strings.Repeat("あ", 201), "!form.wrong.too_long"},
			{strings.Repeat("👨‍👩‍👧‍👦", 200), strings.Repeat("👨‍👩‍👧‍👦", 200)},
			{"a" + strings.Repeat("\u0301", 4000), "!form.wrong.too_long"},
		},
		form.LongText: {
			{"一行目\r\n二行目\r三行目\n", "一行目\n二行目\n三行目"},
			{"a\tb", "a\tb"},
			{strings.Repeat("あ", 10000), "!form.wrong.too_long"},
		},
		form.Number: {
			{"120", "120"}, {"１２０", "120"}, {"1,200", "1200"}, {"1、200名", "1200"}, {"120人", "120"},
			{"三百五十", "350"}, {"二〇二六", "2026"}, {"1万2千", "12000"}, {"-3", "-3"}, {"−3.50", "-3.5"}, {"−0", "0"},
			{"50%", "50"}, {"3か所", "3"}, {"100", "100"}, {"千二百三十四", "1234"}, {"0.125", "0.125"},
			{"", "!form.wrong.number"}, {"たくさん", "!form.wrong.number"}, {"10 20", "!form.wrong.number"},
			{"10〜20", "!form.wrong.number"}, {"1,2", "!form.wrong.number"}, {"1,2345", "!form.wrong.number"},
			{"1.2.3", "!form.wrong.number"}, {"十百", "!form.wrong.number"}, {"万", "!form.wrong.number"},
			{"2万3億", "!form.wrong.number"}, {"1e9", "!form.wrong.number"}, {"10人以上です", "!form.wrong.number"},
			{strings.Repeat("9", 5000), "!form.wrong.number"},
		},
		form.Money: {
			{"50万円", "500000"}, {"５０万円", "500000"}, {"三十万円", "300000"}, {"1,200,000円", "1200000"},
			{"￥500,000", "500000"}, {"¥500,000", "500000"}, {`\500`, "500"}, {"1.5億円", "150000000"},
			{"1億2000万円", "120000000"}, {"100百万円", "100000000"}, {"50千円", "50000"}, {"0円", "0"},
			{"約50万円程度", "500000"}, {"500000 yen", "500000"}, {"JPY 500,000", "500000"}, {"2兆円", "2000000000000"},
			{"百二十三万四千五百六十七円", "1234567"}, {"1200000", "1200000"},
			{"30万くらい", "300000"}, {"約30万円", "300000"}, {"30万程度", "300000"}, {"だいたい３０万円ほど", "300000"},
			{"およそ30万円ぐらい", "300000"}, {"30万円前後", "300000"}, {"約", "!form.wrong.money"}, {"くらい", "!form.wrong.money"},
			{"無料", "!form.wrong.money"}, {"-5円", "!form.wrong.money"}, {"50ドル", "!form.wrong.money"},
			{"50〜100万円", "!form.wrong.money"}, {"万円", "!form.wrong.money"}, {"0.5円", "!form.wrong.money"},
			{"50万円以上", "!form.wrong.money"}, {"99999兆円", "!form.wrong.money"},
		},
		form.Date: {
			{"2026-12-01", "2026-12-01"}, {"2026/12/1", "2026-12-01"}, {"2026.12.1", "2026-12-01"},
			{"２０２６年１２月１日", "2026-12-01"}, {"2026年12月1日(火)", "2026-12-01"}, {"20261201", "2026-12-01"},
			{"12月1日", "2026-12-01"}, {"11/21", "2026-11-21"}, {"11/20", "2027-11-20"}, {"2/29", "2028-02-29"},
			{"令和8年12月1日", "2026-12-01"}, {"R8.12.1", "2026-12-01"}, {"r8/12/1", "2026-12-01"},
			{"令和元年5月1日", "2019-05-01"}, {"㋿8年12月1日", "2026-12-01"}, {"平成31年4月30日", "2019-04-30"},
			{"昭和64年1月7日", "1989-01-07"}, {"二〇二六年十二月一日", "2026-12-01"},
			{"1 Dec 2026", "2026-12-01"}, {"december 1, 2026", "2026-12-01"}, {"1 Dec", "2026-12-01"},
			{"2026年2月30日", "!form.wrong.no_such_day"}, {"13/1", "!form.wrong.no_such_day"},
			{"平成31年5月1日", "!form.wrong.no_such_day"}, {"2026-00-10", "!form.wrong.no_such_day"},
			{"", "!form.wrong.date"}, {"来月", "!form.wrong.date"}, {"26/12/1", "!form.wrong.date"},
			{"2026年12月", "!form.wrong.date"}, {"2026", "!form.wrong.date"}, {"1-2-3-4", "!form.wrong.date"},
			{"99999999999999999999-1-1", "!form.wrong.date"},
		},
		form.Phone: {
			{"072-423-9999", "+81724239999"}, {"０７２ー４２３ー９９９９", "+81724239999"}, {"0724239999", "+81724239999"},
			{"(072) 423-9999", "+81724239999"}, {"090-1234-5678", "+819012345678"}, {"+81 90 1234 5678", "+819012345678"},
			{"072-000-0000", "+81720000000"}, {"0120-123-456", "+81120123456"}, {"060-1234-5678", "+816012345678"},
			{"072-423-9999 内線12", "+81724239999;ext=12"}, {"072-423-9999(内線 12)", "+81724239999;ext=12"},
			{"+44 20 7946 0958", "+442079460958"},
			{"", "!form.wrong.phone"}, {"123", "!form.wrong.phone"}, {"電話はありません", "!form.wrong.phone"},
			{"090-1234-56789012", "!form.wrong.phone_long"}, {"0800-FLOWERS", "!form.wrong.phone"},
		},
		form.Email: {
			{"taro@example.co.jp", "taro@example.co.jp"}, {" Taro@Example.CO.JP ", "Taro@example.co.jp"},
			{"ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ", "taro@example.co.jp"}, {"mailto:a@b.jp", "a@b.jp"},
			{"taro..hanako.@docomo.ne.jp", "taro..hanako.@docomo.ne.jp"}, {"a+b@example.com", "a+b@example.com"},
			{"", "!form.wrong.email"}, {"taro", "!form.wrong.email"}, {"taro@", "!form.wrong.email"},
			{"@example.com", "!form.wrong.email"}, {"taro@example", "!form.wrong.email"}, {"a@b@c.jp", "!form.wrong.email"},
			{"taro@例え.jp", "taro@例え.jp"}, {"<a@b.jp>", "!form.wrong.email"}, {"a@10.0.0.1", "!form.wrong.email"},
			{"a@-b.jp", "!form.wrong.email"}, {strings.Repeat("a", 65) + "@b.jp", "!form.wrong.email"},
		},
		form.URL: {
			{"https://www.example.co.jp/a?b=c#d", "https://www.example.co.jp/a?b=c#d"}, {"HTTP://example.com", "http://example.com"},
			{"www.example.co.jp", "https://www.example.co.jp"}, {"ｗｗｗ．example．jp/あ", "https://www.example.jp/あ"},
			{"https://example.com:8443/", "https://example.com:8443/"},
			{"", "!form.wrong.url"}, {"ありません", "!form.wrong.url"}, {"javascript:alert(1)", "!form.wrong.url"},
			{"ftp://example.com", "!form.wrong.url"}, {"https://", "!form.wrong.url"}, {"http://localhost/", "!form.wrong.url"},
			{"https://user:pass@example.com", "!form.wrong.url"}, {"https://example.com/a b", "!form.wrong.url"},
			{"http://169.254.169.254/", "!form.wrong.url"},
		},
		form.CorporateNumber: {
			{"7000012050002", "7000012050002"}, {"７０００-０１２-０５０００２", "7000012050002"}, {"T7000012050002", "7000012050002"},
			{"1180301018771", "1180301018771"},
			{"7000012050003", "!form.wrong.check_digit"}, {"700001205000", "!form.wrong.corporate_number"},
			{"", "!form.wrong.corporate_number"}, {"七〇〇", "!form.wrong.corporate_number"},
		},
		form.PostalCode: {
			{"596-8510", "596-8510"}, {"〒596-8510", "596-8510"}, {"５９６ー８５１０", "596-8510"}, {"5968510", "596-8510"},
			{"", "!form.wrong.postal_code"}, {"59-68510", "!form.wrong.postal_code"}, {"596-851", "!form.wrong.postal_code"},
			{"岸和田市", "!form.wrong.postal_code"},
		},
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for kind, rows := range checks() {
		for _, row := range rows {
			if got := outcome(kind, row[0]); got != row[1] {
				t.Errorf("%s %.40q: got %.60q, want %.60q", kind, row[0], got, row[1])
			}
		}
	}
}

func outcome(kind form.Kind, typed string) string {
	a, refusal := form.Check(form.Field{Kind: kind}, typed, now)
	if len(refusal) > 0 {
		return "!" + refusal[0].Key
	}
	return a.Text
}

func TestCheck_keeps_what_was_typed_where_cleaning_changed_it(t *testing.T) {
	t.Parallel()
	a, _ := form.Check(form.Field{Kind: form.Money}, "約50万円", now)
	if a.Text != "500000" || a.Typed != "約50万円" {
		t.Errorf("got %+v", a)
	}
	a, _ = form.Check(form.Field{Kind: form.Money}, "500000", now)
	if a.Typed != "" {
		t.Errorf("typed as cleaned is kept twice: %+v", a)
	}
}

func TestCheck_says_by_how_much_a_text_is_too_long(t *testing.T) {
	t.Parallel()
	_, refusal := form.Check(form.Field{Kind: form.LongText, Max: 2000}, strings.Repeat("あ", 10000), now)
	got := catalogue(t, "ja").SayAll(refusal)
	want := "2,000文字以内でお願いします（8,000文字超えています）。文字数を減らしてください。"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCheck_without_a_clock_wants_the_year(t *testing.T) {
	t.Parallel()
	if _, refusal := form.Check(form.Field{Kind: form.Date}, "12月1日", time.Time{}); len(refusal) == 0 {
		t.Error("a date without a year was taken although nobody knows which year it is")
	}
}

// Whatever is accepted is accepted again, unchanged: drafts are carried over by checking them anew.
func TestCheck_accepts_what_it_cleaned(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		kind := rapid.SampledFrom(typedKinds()).Draw(r, "kind")
		typed := typedText(kind).Draw(r, "typed")
		field := form.Field{Kind: kind}
		a, refusal := form.Check(field, typed, now)
		if len(refusal) > 0 {
			return
		}
		again, refusal := form.Check(field, a.Text, time.Time{})
		if len(refusal) > 0 || again.Text != a.Text {
			r.Fatalf("%s %q became %q, which became %q %v", kind, typed, a.Text, again.Text, refusal)
		}
	})
}

func typedKinds() []form.Kind {
	var kinds []form.Kind
	for _, k := range form.Kinds() {
		if len(checks()[k]) > 0 {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// typedText draws known inputs of a kind, pieces of them joined, and anything at all.
func typedText(kind form.Kind) *rapid.Generator[string] {
	var known []string
	for _, row := range checks()[kind] {
		known = append(known, row[0])
	}
	one := rapid.SampledFrom(known)
	pieces := rapid.StringOfN(rapid.RuneFrom([]rune("0123456789,.、-/@年月日万億円十百千三〇+() R令和元Tab")), 0, 14, -1)
	return rapid.OneOf(one, pieces, rapid.String())
}

// catalogues are read once each.
var catalogues = map[string]func() (*text.Catalogue, error){"ja": readOnce("ja"), "en": readOnce("en")}

func readOnce(lang string) func() (*text.Catalogue, error) {
	return sync.OnceValues(func() (*text.Catalogue, error) { return text.Load(lang) })
}

func catalogue(t testing.TB, lang string) *text.Catalogue {
	t.Helper()
	c, err := catalogues[lang]()
	if err != nil {
		t.Fatal(err)
	}
	return c
}
