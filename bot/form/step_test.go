package form_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot/form"
)

func TestStep_tells_a_whole_story(t *testing.T) {
	t.Parallel()
	k := begin(t)
	k.types("岸和田商店").wantAsked("topic")
	k.types("1", "健康").wantSaid("form.choice.took").wantAsked("topic")
	k.types("次へ").wantAsked("cost")
	k.types("あり").wantAsked("amount")
	if p := k.out.Prompt; p.Position != 4 || p.Total != 8 {
		t.Errorf("stands at %d/%d, want 4/8", p.Position, p.Total)
	}
	k.types("たくさん").wantSaid("form.wrong.money", "form.example.money").wantAsked("amount")
	k.types("もどる").wantAsked("cost")
	k.types("２").wantAsked("amount")
	k.types("50万円", "見守りをしたい", "いいえ", "12月1日").wantAsked("documents")
	k.do(form.Input{Do: form.DoAnswer, File: form.File{ID: 7, Name: "案.pdf", Size: 3}}).wantSaid("form.file.taken")
	k.types("次へ").wantKind(form.PromptSummary)
	k.types("費用負担").wantAsked("cost")
	k.types("なし").wantKind(form.PromptSummary)
	k.types("送信").wantKind(form.PromptEnded)
	if k.out.Event != form.Submitted {
		t.Errorf("event %q, want submitted", k.out.Event)
	}
	want := map[string]form.Answer{
		"organization": {Text: "岸和田商店"},
		"topic":        {Choices: []string{"welfare", "health"}},
		"cost":         {Choices: []string{"none"}, Typed: "なし"},
		"idea":         {Text: "見守りをしたい"},
		"met":          {Choices: []string{"no"}, Typed: "いいえ"},
		"start":        {Text: "2026-12-01", Typed: "12月1日"},
		"documents":    {Files: []form.File{{ID: 7, Name: "案.pdf", Size: 3}}},
	}
	if diff := cmp.Diff(want, form.Given(k.form, k.s)); diff != "" {
		t.Errorf("submitted (-want +got):\n%s", diff)
	}
	k.wantAnswer("amount", form.Answer{Text: "500000", Typed: "50万円"})
}

func TestStep_back(t *testing.T) {
	t.Parallel()
	t.Run("keeps the answer and shows it", func(t *testing.T) {
		k := begin(t).types("岸和田商店", "戻る").wantAsked("organization")
		if p := k.out.Prompt; !p.Answered || p.Answer.Text != "岸和田商店" || p.Offers[0] != form.DoDone {
			t.Errorf("prompt %+v", p)
		}
		k.types("次へ").wantAsked("topic").wantAnswer("organization", form.Answer{Text: "岸和田商店"})
	})
	t.Run("is never stopped by a bad answer", func(t *testing.T) {
		begin(t).types("岸和田商店", "福祉、謎", "もどる").wantAsked("organization")
	})
	t.Run("at the first question says so", func(t *testing.T) {
		begin(t).types("もどる").wantSaid("form.back.first").wantAsked("organization")
	})
	t.Run("from the summary asks the last question", func(t *testing.T) {
		filled(t).types("もどる").wantAsked("documents")
	})
	t.Run("leaves choices picked so far open", func(t *testing.T) {
		k := begin(t).types("岸和田商店", "福祉", "もどる", "岸和田商会").wantAsked("topic")
		k.wantAnswer("topic", form.Answer{Choices: []string{"welfare"}, Open: true})
	})
	t.Run("after a correction goes on where the talk was", func(t *testing.T) {
		k := begin(t).types("岸和田商店", "福祉、子育て", "なし").wantAsked("idea")
		k.types("もどる", "もどる", "もどる", "岸和田商会").wantAsked("idea")
	})
	t.Run("pressed twice goes back once", func(t *testing.T) {
		k := begin(t).types("岸和田商店", "福祉、子育て")
		twice := form.Input{Do: form.DoBack, Field: "cost", Revision: k.s.Revision}
		k.do(twice, twice).wantAsked("topic").wantSaid("form.stale")
	})
}

func TestStep_choices(t *testing.T) {
	t.Parallel()
	at := func(t *testing.T) *talk { return begin(t).types("岸和田商店").wantAsked("topic") }
	for typed, want := range map[string][]string{
		"福祉、健康・医療":    {"welfare", "health"},
		"１，３":         {"welfare", "industry"},
		"1 3":         {"welfare", "industry"},
		"子育て・福祉":      {"welfare", "child"},
		"産業、商工、福祉、福祉": {"welfare", "industry"},
		"けんこう、福祉":     nil,
		"医療\n子育て":     {"health", "child"},
		"1":           {"welfare"},
		"１と３":         {"welfare", "industry"},
		"福祉と健康":       {"welfare", "health"},
		"福祉 と 健康・医療":  {"welfare", "health"},
		"福祉及び子育て":     {"welfare", "child"},
		"福祉および子育て":    {"welfare", "child"},
		"1 and 3":     {"welfare", "industry"},
		"1、2と3":       {"welfare", "health", "industry"},
		"福祉・健康と子育て":   {"welfare", "health", "child"},
		"福祉と宇宙":       nil,
		"福祉と":         nil,
	} {
		k := at(t).types(typed)
		if got := k.s.Answers["topic"].Choices; !slices.Equal(got, want) {
			t.Errorf("%q chose %v, want %v; said %v", typed, got, want, k.said())
		}
	}
	t.Run("the same again takes it back", func(t *testing.T) {
		at(t).types("福祉", "福祉").wantAnswer("topic", form.Answer{}).wantAsked("topic")
	})
	t.Run("next without any asks for one", func(t *testing.T) {
		at(t).types("次へ").wantSaid("form.done.no_choice").wantAsked("topic")
	})
	t.Run("quick presses on one message all count", func(t *testing.T) {
		k := at(t)
		k.do(k.press("child"), k.press("welfare"))
		k.wantAnswer("topic", form.Answer{Choices: []string{"welfare", "child"}, Open: true})
	})
	t.Run("a label that holds a comma can be typed", func(t *testing.T) {
		at(t).types("産業、商工").wantAnswer("topic", form.Answer{Choices: []string{"industry"}, Open: true})
	})
	t.Run("a label that holds a joining word can be typed", func(t *testing.T) {
		k := begin(t)
		k.form.Fields[1].Options = []form.Option{{ID: "a", Label: "防災とまちづくり"}, {ID: "b", Label: "福祉"}}
		k.types("岸和田商店", "防災とまちづくり").wantAnswer("topic", form.Answer{Choices: []string{"a"}, Open: true})
		k.types("福祉と防災とまちづくり")
		if got := k.s.Answers["topic"].Choices; !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("chose %v", got)
		}
	})
	t.Run("a part of several labels is asked about", func(t *testing.T) {
		k := begin(t)
		k.form.Fields[1].Options = []form.Option{{ID: "a", Label: "高齢福祉"}, {ID: "b", Label: "障害福祉"}}
		k.types("岸和田商店", "福祉").wantSaid("form.choice.ambiguous").wantAsked("topic")
		k.types("高").wantSaid("form.choice.took")
	})
	t.Run("an unknown press is answered", func(t *testing.T) {
		k := at(t)
		k.do(k.press("gone")).wantSaid("form.choice.unknown_several")
	})
}

func TestStep_edit(t *testing.T) {
	t.Parallel()
	edit := func(field string) form.Input { return form.Input{Do: form.DoEdit, Field: field, Revision: 1} }
	t.Run("returns to the summary", func(t *testing.T) {
		k := filled(t).do(edit("organization")).wantAsked("organization")
		if !k.out.Prompt.Editing || !k.out.Prompt.CanBack {
			t.Errorf("prompt %+v", k.out.Prompt)
		}
		k.types("岸和田商会").wantKind(form.PromptSummary).wantAnswer("organization", form.Answer{Text: "岸和田商会"})
	})
	t.Run("is left unchanged by back", func(t *testing.T) {
		k := filled(t)
		before := k.s.Answers
		k.do(edit("idea")).types("もどる").wantKind(form.PromptSummary)
		if diff := cmp.Diff(before, k.s.Answers); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("asks what became necessary", func(t *testing.T) {
		filled(t).do(edit("cost")).types("あり").wantAsked("amount").types("50万円").wantKind(form.PromptSummary)
	})
	t.Run("of several choices needs no second word", func(t *testing.T) {
		k := filled(t).do(edit("topic"))
		k.do(k.press("health")).wantAsked("topic").types("もどる").wantKind(form.PromptSummary)
		k.wantAnswer("topic", form.Answer{Choices: []string{"welfare", "health", "child"}})
	})
	t.Run("typed anew replaces several choices", func(t *testing.T) {
		filled(t).do(edit("topic")).types("2、3").wantAnswer("topic", form.Answer{Choices: []string{"health", "industry"}, Typed: "2、3"})
	})
	t.Run("emptied stands as missing on the summary", func(t *testing.T) {
		k := filled(t).do(edit("topic")).types("回答を消す", "もどる").wantKind(form.PromptSummary)
		if !slices.Equal(k.out.Prompt.Missing, []string{"topic"}) || k.out.Prompt.Offers[0] != form.DoDone {
			t.Errorf("prompt %+v", k.out.Prompt)
		}
		k.types("送信").wantSaid("form.submit.missing").wantAsked("topic")
	})
	t.Run("of an unknown field is answered", func(t *testing.T) {
		filled(t).do(edit("nonsense")).wantSaid("form.edit.unknown").wantKind(form.PromptSummary)
		filled(t).do(edit("amount")).wantSaid("form.edit.unknown").wantKind(form.PromptSummary)
	})
	t.Run("by the number of the line", func(t *testing.T) { filled(t).types("3").wantAsked("cost") })
	t.Run("straight from another edit", func(t *testing.T) {
		filled(t).do(edit("idea"), edit("cost")).wantAsked("cost").types("もどる").wantKind(form.PromptSummary)
	})
}

func TestStep_skip_and_clear(t *testing.T) {
	t.Parallel()
	t.Run("skip on a required field", func(t *testing.T) {
		begin(t).types("スキップ").wantSaid("form.skip.required").wantAsked("organization")
	})
	t.Run("skip keeps what was answered", func(t *testing.T) {
		k := begin(t).types("岸和田商店", "もどる", "スキップ").wantSaid("form.skip.kept").wantAsked("topic")
		k.wantAnswer("organization", form.Answer{Text: "岸和田商店"})
	})
	t.Run("clear on an optional field", func(t *testing.T) {
		k := filled(t).types("始めたい日", "12/1", "始めたい日").wantAsked("start").types("消す")
		k.wantSaid("form.clear.done").wantAnswer("start", form.Answer{Skipped: true}).wantKind(form.PromptSummary)
	})
	t.Run("clear on a required text does not lose it", func(t *testing.T) {
		k := filled(t).types("内容", "クリア").wantSaid("form.clear.required").wantAsked("idea")
		k.wantAnswer("idea", form.Answer{Text: "見守りをしたい"})
	})
	t.Run("clear with nothing there", func(t *testing.T) { begin(t).types("クリア").wantSaid("form.clear.nothing") })
	t.Run("next without an answer", func(t *testing.T) { begin(t).types("次へ").wantSaid("form.done.no_answer") })
	t.Run("next on an optional field skips", func(t *testing.T) {
		k := filled(t).types("もどる")
		k.s = form.Session{Form: k.s.Form, Version: k.s.Version, Stage: form.StageAsking, Cursor: "documents", Answers: k.s.Answers, Revision: 9}
		k.types("次へ").wantKind(form.PromptSummary)
	})
}

func TestStep_files(t *testing.T) {
	t.Parallel()
	file := func(id int64) form.Input {
		return form.Input{Do: form.DoAnswer, File: form.File{ID: id, Name: "案.pdf"}}
	}
	at := func(t *testing.T) *talk {
		return begin(t).types("岸和田商店", "福祉、子育て", "なし", "見守り", "はい", "スキップ").wantAsked("documents")
	}
	t.Run("several until next", func(t *testing.T) {
		k := at(t).do(file(1), file(2)).wantSaid("form.file.taken").wantAsked("documents").types("次へ").wantKind(form.PromptSummary)
		if n := len(k.s.Answers["documents"].Files); n != 2 {
			t.Errorf("%d files, want 2", n)
		}
	})
	t.Run("the same file once", func(t *testing.T) {
		if n := len(at(t).do(file(1), file(1)).s.Answers["documents"].Files); n != 1 {
			t.Errorf("%d files, want 1", n)
		}
	})
	t.Run("a session goes two ways without one touching the other", func(t *testing.T) {
		k := at(t)
		k.form.Fields[7].Max = 9
		k.do(file(1), file(2), file(3))
		one, _ := form.Step(k.form, k.s, file(4))
		other, _ := form.Step(k.form, k.s, file(5))
		if one.Answers["documents"].Files[3].ID != 4 || other.Answers["documents"].Files[3].ID != 5 {
			t.Errorf("%+v\n%+v", one, other)
		}
	})
	t.Run("not more than fit", func(t *testing.T) { at(t).do(file(1), file(2), file(3)).wantSaid("form.file.too_many") })
	t.Run("words instead of a file", func(t *testing.T) {
		at(t).types("あとで送ります").wantSaid("form.wrong.files", "form.example.files").wantAsked("documents")
	})
	t.Run("sent too early it waits for its question", func(t *testing.T) {
		k := begin(t).do(file(1)).wantSaid("form.file.taken").wantAsked("organization")
		k.types("岸和田商店", "福祉、子育て", "なし", "見守り", "はい", "スキップ").wantAsked("documents")
		if k.out.Prompt.Files[0].ID != 1 {
			t.Errorf("prompt %+v", k.out.Prompt)
		}
	})
	t.Run("sent at the summary it is added", func(t *testing.T) {
		filled(t).do(file(1)).wantSaid("form.file.taken").wantKind(form.PromptSummary).
			wantAnswer("documents", form.Answer{Files: []form.File{{ID: 1, Name: "案.pdf"}}})
	})
	t.Run("where no question wants one", func(t *testing.T) {
		k := begin(t)
		k.form.Fields = k.form.Fields[:3]
		k.do(file(1)).wantSaid("form.file.none").wantAsked("organization")
	})
}

func TestStep_stale(t *testing.T) {
	t.Parallel()
	t.Run("answer to an earlier question", func(t *testing.T) {
		k := begin(t).types("岸和田商店", "福祉、子育て")
		old := k.press("none")
		k.do(old, old).wantSaid("form.late").wantAsked("idea").wantAnswer("cost", form.Answer{Choices: []string{"none"}})
	})
	t.Run("button without a field", func(t *testing.T) {
		k := begin(t).types("岸和田商店")
		k.do(form.Input{Do: form.DoSkip, Revision: 1}).wantSaid("form.stale").wantAsked("topic")
	})
	t.Run("answer button at the summary", func(t *testing.T) {
		filled(t).do(form.Input{Do: form.DoAnswer, Field: "cost", Revision: 3, Choice: "some"}).
			wantSaid("form.stale").wantKind(form.PromptSummary).wantAnswer("cost", form.Answer{Choices: []string{"none"}, Typed: "なし"})
	})
	t.Run("late text", func(t *testing.T) {
		begin(t).types("岸和田商店").do(form.Input{Do: form.DoLate, Text: "?"}).wantSaid("form.late").wantAsked("topic")
	})
	t.Run("submit of an older summary", func(t *testing.T) {
		k := filled(t)
		old := form.Input{Do: form.DoSubmit, Revision: k.s.Revision}
		k.types("団体名", "岸和田商会").do(old).wantSaid("form.changed").wantKind(form.PromptSummary)
		if k.out.Event != "" {
			t.Errorf("event %q", k.out.Event)
		}
	})
	t.Run("submit of an older summary that still holds", func(t *testing.T) {
		k := filled(t)
		old := form.Input{Do: form.DoSubmit, Revision: k.s.Revision}
		k.types("団体名", "もどる").do(old).wantKind(form.PromptEnded)
	})
	t.Run("submit twice", func(t *testing.T) {
		k := filled(t)
		press := form.Input{Do: form.DoSubmit, Revision: k.s.Revision}
		k.do(press)
		k.do(press).wantSaid("form.ended.submitted")
		if k.out.Event != "" {
			t.Errorf("event %q on the second press", k.out.Event)
		}
	})
	t.Run("submit before the summary", func(t *testing.T) {
		k := begin(t).types("岸和田商店", "福祉、子育て", "送信").wantSaid("form.submit.not_yet").wantAsked("cost")
		k.do(form.Input{Do: form.DoSubmit, Revision: k.s.Revision}).wantSaid("form.submit.missing").wantAsked("cost")
	})
	t.Run("confirming a cancel nobody asked for asks first", func(t *testing.T) {
		filled(t).do(form.Input{Do: form.DoConfirmCancel, Revision: 99}).wantKind(form.PromptConfirmCancel)
	})
	t.Run("confirming an older cancel", func(t *testing.T) {
		filled(t).do(form.Input{Do: form.DoConfirmCancel, Revision: 2}).wantSaid("form.changed").wantKind(form.PromptSummary)
	})
}

func TestStep_pause_and_cancel(t *testing.T) {
	t.Parallel()
	t.Run("pause and resume at the same question", func(t *testing.T) {
		k := begin(t).types("岸和田商店", "中断").wantKind(form.PromptPaused)
		if k.out.Event != form.Paused || k.out.Prompt.Position != 2 {
			t.Errorf("outcome %+v", k.out)
		}
		k.types("福祉").wantSaid("form.paused.first").wantKind(form.PromptPaused)
		k.types("再開").wantAsked("topic")
		if k.out.Event != form.Resumed {
			t.Errorf("event %q", k.out.Event)
		}
	})
	t.Run("an old button of the current question resumes", func(t *testing.T) {
		k := begin(t).types("岸和田商店")
		press := k.press("child")
		k.types("中断").do(press).wantAsked("topic").wantAnswer("topic", form.Answer{Choices: []string{"child"}, Open: true})
		if k.out.Event != form.Resumed {
			t.Errorf("event %q", k.out.Event)
		}
	})
	t.Run("pause at the summary", func(t *testing.T) { filled(t).types("中断", "つづける").wantKind(form.PromptSummary) })
	t.Run("cancel asks, keep goes on", func(t *testing.T) {
		begin(t).types("岸和田商店", "やめる").wantKind(form.PromptConfirmCancel).types("いいえ").wantAsked("topic")
	})
	t.Run("cancel typed twice means it", func(t *testing.T) {
		begin(t).types("やめる", "やめる").wantKind(form.PromptEnded)
	})
	t.Run("cancel takes nothing for an answer", func(t *testing.T) {
		begin(t).types("やめる", "岸和田商店").wantSaid("form.cancel.choose").wantKind(form.PromptConfirmCancel)
	})
	t.Run("cancel and yes", func(t *testing.T) {
		k := begin(t).types("やめる", "はい").wantKind(form.PromptEnded)
		if k.out.Event != form.Cancelled {
			t.Errorf("event %q", k.out.Event)
		}
		k.types("もどる").wantSaid("form.ended.cancelled")
	})
	t.Run("help everywhere", func(t *testing.T) {
		begin(t).types("ヘルプ").wantSaid("form.help.question").types("中断", "help").wantSaid("form.help.paused")
		filled(t).types("ヘルプ").wantSaid("form.help.summary").types("やめる", "？").wantSaid("form.help.confirm_cancel")
	})
}
