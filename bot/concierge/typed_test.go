package concierge_test

import (
	"strings"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/concierge"
	"tsunagi/bot/form"
	"tsunagi/store"
)

// soon types words so long after what was done before.
func (k *talk) soon(after time.Duration, words string) {
	k.t.Helper()
	pace := k.pace
	k.pace = after
	k.say(words)
	k.pace = pace
}

// before brings words only now that were typed so long before the newest event. LINE does not mark them.
func (k *talk) before(ago time.Duration, words string) {
	k.t.Helper()
	k.do(concierge.Event{Kind: concierge.Said, Text: words, At: k.now.Add(-ago)})
}

// answer is what stands under a question of the draft.
func (k *talk) answer(field string) form.Answer {
	k.t.Helper()
	talk, err := k.db.TalkOf(k.t.Context(), k.user)
	if err != nil {
		k.t.Fatal(err)
	}
	d, err := k.db.Draft(k.t.Context(), talk.Draft)
	if err != nil {
		k.t.Fatal(err)
	}
	return d.Answers[field]
}

// holds are the words that wait for their writer.
func (k *talk) holds() []store.HeldWords {
	k.t.Helper()
	talk, err := k.db.TalkOf(k.t.Context(), k.user)
	if err != nil {
		k.t.Fatal(err)
	}
	found, err := k.db.HeldWords(k.t.Context(), talk.ID)
	if err != nil {
		k.t.Fatal(err)
	}
	return found
}

// under judges what stands under a question.
func (k *talk) under(field, want string) {
	k.t.Helper()
	a := k.answer(field)
	if got := strings.Join(append([]string{a.Text}, a.Choices...), " "); strings.TrimSpace(got) != want {
		k.t.Errorf("under %s stands %q, want %q", field, got, want)
	}
}

// keeps judges which words wait for their writer.
func (k *talk) keeps(want ...string) {
	k.t.Helper()
	var got []string
	for _, h := range k.holds() {
		got = append(got, h.Body)
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		k.t.Errorf("held are %q, want %q", got, want)
	}
}

// to answers the kishiwada form until a question stands.
func (k *talk) to(question string) {
	k.t.Helper()
	k.say("提案")
	for _, a := range []string{
		"企業", "連携の提案", "岸和田だんじり食品", "見守り弁当", "福祉・見守り", "次へ", "地域課題の解決", "次へ",
		"配食のときに声をかけます。", "なし", "はい", "佐藤 花子", "hanako@danjiri-foods.example", "スキップ",
	} {
		if k.sees(question) {
			return
		}
		k.say(a)
	}
	k.reads(question)
}

// anew goes on with the same talk under a changed profile, as after a restart, or as on another replica of a rolling one.
func (k *talk) anew(change func(*form.Form)) {
	k.t.Helper()
	k.profile = func(d *bot.Desk) {
		change(&d.Proposal)
		d.Proposal.Version += "'"
	}
	k.c = k.concierge(k.db)
}

const second = time.Second

func TestBurst(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(*talk){
		"paragraphs": func(k *talk) {
			k.to("内容を教えて")
			k.say("一つ目の段落です。")
			k.soon(2*second, "二つ目の段落です。")
			k.reads("1通を加えました（全19文字）")
			k.soon(second, "三つ目の段落です。")
			k.reads("2通を加えました（全29文字）")
			k.reads("今の質問は(8/")
			k.under("idea", "一つ目の段落です。\n二つ目の段落です。\n三つ目の段落です。")
			k.press("加えない")
			k.under("idea", "一つ目の段落です。")
			k.keeps("二つ目の段落です。", "三つ目の段落です。")
			k.reads("まだどこにもお届けしていません")
			k.press("に加える")
			k.under("idea", "一つ目の段落です。\n二つ目の段落です。\n三つ目の段落です。")
			k.keeps()
		},
		"paragraphs that overtake each other": func(k *talk) {
			k.to("内容を教えて")
			k.say("一つ目の段落です。")
			k.soon(3*second, "三つ目の段落です。")
			k.before(second, "二つ目の段落です。")
			k.under("idea", "一つ目の段落です。\n二つ目の段落です。\n三つ目の段落です。")
		},
		"a paragraph after a while, where a choice is asked": func(k *talk) {
			k.to("内容を教えて")
			k.say("一つ目の段落です。")
			k.soon(50*second, "二つ目の段落です。")
			k.under("idea", "一つ目の段落です。\n二つ目の段落です。")
			k.soon(70*second, "三つ目の段落です。")
			k.under("idea", "一つ目の段落です。\n二つ目の段落です。")
			k.reads("見つかりませんでした")
		},
		"parts of a line": func(k *talk) {
			k.to("タイトルを")
			k.say("見守り弁当")
			k.soon(2*second, "（仮称）")
			k.reads("「見守り弁当（仮称）」にしました")
			k.under("title", "見守り弁当（仮称）")
			k.say("元に戻す")
			k.under("title", "見守り弁当")
			k.keeps("（仮称）")
		},
		"before another free text": func(k *talk) {
			k.to("団体名を")
			k.say("岸和田だんじり")
			k.soon(second, "食品株式会社")
			k.under("organization", "岸和田だんじり食品株式会社")
			k.under("title", "")
			k.soon(5*second, "見守り弁当")
			k.under("title", "見守り弁当")
		},
		"a choice and its correction": func(k *talk) {
			k.to("ご負担いただく費用は")
			k.press("なし")
			k.soon(2*second, "いえ、あります")
			k.under("cost", "some")
			k.reads("金額の見込み")
		},
		"one choice more": func(k *talk) {
			k.to("関係する分野")
			k.say("1、3")
			k.soon(2*second, "あと健康も")
			k.under("topic", "welfare health "+k.answer("topic").Choices[2])
		},
		"an answer, however fast": func(k *talk) {
			k.to("内容を教えて")
			k.say("一つ目の段落です。")
			k.soon(second, "なし")
			k.under("cost", "none")
			k.soon(second, "はい")
			k.under("idea", "一つ目の段落です。")
			k.reads("お名前を")
		},
		"a control word, however fast": func(k *talk) {
			k.to("内容を教えて")
			k.say("一つ目の段落です。")
			k.soon(second, "もどる")
			k.reads("内容を教えて")
			k.under("idea", "一つ目の段落です。")
		},
		"more than fits": func(k *talk) {
			k.to("タイトルを")
			k.say("見守り弁当")
			long := strings.Repeat("長", 60)
			k.soon(second, long)
			k.reads("5文字超えて")
			k.under("title", "見守り弁当")
			k.keeps(long)
			k.press("使わない")
			k.keeps()
		},
		"at a question that fewer people read": func(k *talk) {
			k.to("情報を共有")
			k.say("はい")
			k.soon(second, "佐藤 花子")
			k.under("contact_name", "")
			k.keeps("佐藤 花子")
			k.press("ご担当者の回答です")
			k.under("contact_name", "佐藤 花子")
			k.reads("メールアドレスを")
		},
		"nothing is joined where the profile says so": func(k *talk) {
			k.desk.Burst = 0
			k.to("団体名を")
			k.say("岸和田だんじり")
			k.soon(second, "見守り弁当")
			k.under("title", "見守り弁当")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			play(k)
			if !k.answered() {
				t.Error("not answered")
			}
		})
	}
}

// Two webhooks are under way at once on two replicas: the older one is heard last, and no mark of LINE's tells.
func TestLate_answer_is_kept(t *testing.T) {
	t.Parallel()
	t.Run("shown back, asked about, never under the next question", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.to("団体名を")
		k.say("岸和田だんじり食品")
		k.before(second, "だんじり商店")
		k.reads("「だんじり商店」は、まだどこにもお届けしていません")
		k.reads("タイトルを")
		k.under("organization", "岸和田だんじり食品")
		k.under("title", "")
		k.say("状況")
		k.reads("「だんじり商店」は、まだどこにもお届けしていません")
		k.redis.FlushAll()
		k.say("見守り弁当")
		k.under("title", "見守り弁当")
		k.reads("「だんじり商店」は、まだどこにもお届けしていません")
		k.say("使わない")
		k.keeps()
	})
	t.Run("what was typed again meanwhile is not asked about", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.to("団体名を")
		k.say("岸和田だんじり食品")
		k.before(second, "岸和田だんじり食品")
		k.reads("回答済みです")
		k.keeps()
	})
	t.Run("a skipped question takes its answer", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.to("メールアドレスを")
		k.say("もどる")
		k.reads("お名前を")
		k.say("次へ")
		k.before(second, "佐藤 花")
		k.keeps("佐藤 花")
		k.press("ご担当者に加える")
		k.under("contact_name", "佐藤 花子佐藤 花")
	})
	t.Run("private words are offered to no other question", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.to("メールアドレスを")
		k.say("hanako@danjiri-foods.example")
		k.before(second, "佐藤 花子の携帯 090-1234-5678")
		for _, h := range k.holds() {
			if h.Level != form.LevelPrivate {
				t.Errorf("held as %q", h.Level)
			}
		}
		k.say("もどる")
		k.back("タイトルを")
		for _, b := range buttons(k.last) {
			if strings.Contains(b.Label, "タイトル") {
				t.Errorf("offered %q", b.Label)
			}
		}
	})
	t.Run("of two at the same time the smaller number came first", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.to("団体名を")
		k.say("岸和田だんじり食品")
		k.do(concierge.Event{Kind: concierge.Said, Text: "だんじり商店", At: k.now, Message: "99"})
		k.keeps("だんじり商店")
		k.under("title", "")
	})
	t.Run("an unsend takes it away", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.to("団体名を")
		k.say("岸和田だんじり食品")
		k.before(second, "だんじり商店")
		k.unsend(k.sent)
		k.keeps()
		k.say("見守り弁当")
		if k.sees("だんじり商店") {
			t.Errorf("still shown: %s", show(k.last))
		}
	})
}

// Said twice, a choice is taken off; but not by a message that was typed before the one that has arrived.
func TestLate_choice_is_not_taken_off(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.to("関係する分野")
	k.say("福祉・見守り")
	k.before(second, "福祉・見守り")
	k.under("topic", "welfare")
	k.keeps()
}

// What is held of a draft goes with it.
func TestHeld_goes_with_its_draft(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.to("団体名を")
	k.say("岸和田だんじり食品")
	k.before(second, "だんじり商店")
	k.keeps("だんじり商店")
	k.say("やめる")
	k.say("はい")
	k.keeps()
}

// Words for the city that overtake each other while a form is paused both reach it.
func TestLate_words_while_paused_are_carried(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.submitted("見守り")
	k.to("団体名を")
	k.say("中断")
	k.say("資料は何部必要でしょうか。")
	k.before(second, "先日はありがとうございました。")
	if got := k.thread(p); len(got) != 2 {
		t.Errorf("in the thread stands %q", got)
	}
	k.keeps()
}

// A button about words of which has been said what they were does nothing.
func TestHeld_is_answered_once(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.to("内容を教えて")
	k.say("一つ目の段落です。")
	k.before(second, "零番目の段落です。")
	for _, b := range buttons(k.last) {
		if strings.Contains(b.Label, "に加える") {
			k.do(concierge.Event{Kind: concierge.Pressed, Press: b.Press})
			k.under("idea", "零番目の段落です。\n一つ目の段落です。")
			k.do(concierge.Event{Kind: concierge.Pressed, Press: b.Press})
			k.reads("使えなくなりました")
			k.under("idea", "零番目の段落です。\n一つ目の段落です。")
			return
		}
	}
	t.Errorf("nothing to press in %s", show(k.last))
}

func TestLate_after_submission_can_be_sent(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.propose("見守り")
	at := k.now.Add(-second)
	k.say("送信")
	k.do(concierge.Event{Kind: concierge.Said, Text: "ひみつの配食ルート", At: at})
	k.reads("「ひみつの配食ルート」は、まだどこにもお届けしていません")
	k.reads("デスクの職員と、照会した所管課が読みます")
	k.press("デスクに送る")
	k.reads("お伝えしました")
	if got := k.thread(k.mine()[0]); len(got) != 1 {
		t.Errorf("in the thread stands %q", got)
	}
	k.keeps()
}

// The profile loses the question at which somebody types, or makes another of it.
func TestGone(t *testing.T) {
	t.Parallel()
	without := func(id string) func(*form.Form) {
		return func(f *form.Form) {
			var left []form.Field
			for _, field := range f.Fields {
				if field.ID != id {
					left = append(left, field)
				}
			}
			f.Fields = left
		}
	}
	with := func(id string, change func(*form.Field)) func(*form.Form) {
		return func(f *form.Form) {
			f.Fields = append([]form.Field{}, f.Fields...)
			for i := range f.Fields {
				if f.Fields[i].ID == id {
					change(&f.Fields[i])
				}
			}
		}
	}
	for name, c := range map[string]struct {
		change func(*form.Form)
		offers bool // of the question as it is now
	}{
		"lost":           {without("contact_name"), false},
		"open now":       {with("contact_name", func(f *form.Field) { f.Private = false }), false},
		"another kind":   {with("contact_name", func(f *form.Field) { f.Kind = form.LongText }), true},
		"other words":    {with("contact_name", func(f *form.Field) { f.Ask = "ご担当の部署を教えてください。" }), true},
		"not lost, then": {func(*form.Form) {}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			k.to("お名前を")
			k.anew(c.change)
			k.say("佐藤 花子")
			if name == "not lost, then" {
				k.under("contact_name", "佐藤 花子")
				return
			}
			k.keeps("佐藤 花子")
			k.reads("質問の内容が変わったため")
			for _, field := range k.desk.Proposal.Fields {
				if k.answer(field.ID).Text == "佐藤 花子" {
					t.Errorf("the name stands under %s", field.ID)
				}
			}
			if got := strings.Contains(show(k.last), "ご担当者の回答です"); got != c.offers {
				t.Errorf("offered for the question: %v, want %v:\n%s", got, c.offers, show(k.last))
			}
			if k.sees("メールアドレスの回答です") {
				t.Error("a name is offered as a mail address")
			}
		})
	}
	t.Run("an answer that would be read by more is kept aside", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.to("メールアドレスを")
		k.anew(with("contact_name", func(f *form.Field) { f.Private = false }))
		k.say("hanako@danjiri-foods.example")
		k.under("contact_name", "")
		k.keeps("佐藤 花子")
	})
}

func TestUnsend_takes_one_message_of_several(t *testing.T) {
	t.Parallel()
	start := func(t *testing.T) *talk {
		k := newTalk(t)
		k.to("内容を教えて")
		k.say("一つ目の段落です。")
		k.soon(2*second, "二つ目の段落です。")
		k.soon(2*second, "三つ目の段落です。")
		return k
	}
	for unsent, want := range map[string]string{
		"一つ目の段落です。": "二つ目の段落です。\n三つ目の段落です。",
		"二つ目の段落です。": "一つ目の段落です。\n三つ目の段落です。",
		"三つ目の段落です。": "一つ目の段落です。\n二つ目の段落です。",
	} {
		t.Run("of a draft: "+unsent, func(t *testing.T) {
			t.Parallel()
			k := start(t)
			k.unsend(k.messageOf(unsent))
			k.under("idea", want)
		})
		t.Run("of a proposal: "+unsent, func(t *testing.T) {
			t.Parallel()
			k := start(t)
			for _, a := range []string{"なし", "はい", "佐藤 花子", "hanako@danjiri-foods.example", "スキップ", "送信"} {
				k.say(a)
			}
			k.reads("受付番号")
			k.unsend(k.messageOf(unsent))
			for _, q := range k.particulars() {
				if q.Field == "idea" && (q.Shown != want || q.Answer.Text != want) {
					t.Errorf("staff read %q", q.Shown)
				}
			}
			if n := k.count(`SELECT count(*) FROM answers WHERE answer::text LIKE '%' || $1 || '%'`, unsent); n != 0 {
				t.Error("it is still kept")
			}
		})
	}
	t.Run("all of them", func(t *testing.T) {
		t.Parallel()
		k := start(t)
		for _, words := range []string{"一つ目の段落です。", "二つ目の段落です。", "三つ目の段落です。"} {
			k.unsend(k.messageOf(words))
		}
		k.under("idea", "")
	})
}
