package concierge_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot"
	"tsunagi/bot/concierge"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
)

// deeds are the rows of the table that are LINE's.
func deeds() (all []msg.Deed) {
	for _, d := range msg.Deeds() {
		if d.On == "line" {
			all = append(all, d)
		}
	}
	return all
}

// The table of presses has all that the concierge answers, and each verb of a form.
func TestDeeds_are_all_answered(t *testing.T) {
	t.Parallel()
	var does, verbs []string
	for _, d := range deeds() {
		does = append(does, d.Do)
		if d.Do == "form" {
			verbs = append(verbs, d.Part)
		}
	}
	slices.Sort(does)
	if diff := cmp.Diff(concierge.Presses(), slices.Compact(does)); diff != "" {
		t.Errorf("buttons (-answered +listed):\n%s", diff)
	}
	slices.Sort(verbs)
	if diff := cmp.Diff(formVerbs(t), verbs); diff != "" {
		t.Errorf("verbs of a form (-there +listed):\n%s", diff)
	}
}

// typedOnly are the verbs that no button has: only typed words come to them.
var typedOnly = map[string]bool{"DoLate": true, "DoJoin": true, "DoApart": true, "DoLook": true}

// formVerbs are the verbs that bot/form has, but for what only typed words come to.
func formVerbs(t *testing.T) (out []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../form/step.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Verb" && !typedOnly[spec.Names[0].Name] {
			verb, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			out = append(out, verb)
		}
		return true
	})
	slices.Sort(out)
	return out
}

// pressOf leads a talk to where a button is shown that does this deed, and gives its press.
func pressOf(k *talk, d msg.Deed) msg.Press {
	k.t.Helper()
	form := func(at string, verb string) msg.Press {
		k.t.Helper()
		switch at {
		case "first":
			k.say("提案")
		case "name":
			k.answers("提案", "企業", "連携の提案")
		case "files":
			k.propose("見守り弁当")
			k.back("企画書など")
			k.file("資料.pdf")
		case "summary":
			k.propose("見守り弁当")
		}
		if verb == "keep" || verb == "confirm_cancel" {
			k.say("やめる")
		}
		if verb == "resume" {
			k.say("中断")
		}
		return k.button("form", func(p msg.Press) bool { return p.Args.Get("v") == verb })
	}
	any := func(msg.Press) bool { return true }
	switch key := d.Do + "/" + d.Part; key {
	case "form/answer":
		return form("first", "answer")
	case "form/clear", "form/done":
		return form("files", d.Part)
	case "form/skip":
		k.answers("提案", "企業", "連携の提案", "岸和田だんじり食品", "見守り", "福祉・見守り", "次へ", "地域課題の解決", "次へ",
			"配食のときに高齢の方へ声をかけます。", "なし", "はい", "佐藤 花子", "hanako@danjiri-foods.example")
		return form("", "skip")
	case "form/submit", "form/edit":
		return form("summary", d.Part)
	case "form/back", "form/pause", "form/resume", "form/cancel", "form/keep", "form/help", "form/confirm_cancel":
		return form("name", d.Part)
	case "menu.propose/new", "menu.consult/new":
		k.answers("提案", "企業", "連携の提案")
		k.do(concierge.Event{Kind: concierge.Pressed, Press: msg.Do(d.Do)})
		return k.button(d.Do, any)
	case "words/answer", "words/send", "words/drop":
		k.to("お名前")
		k.before(10*second, "夕方にも回れます。")
		return k.button("words", func(p msg.Press) bool { return p.Args.Get("v") == d.Part })
	case "words/apart":
		k.to("費用")
		k.soon(2*second, "夕方にも回れます。")
		return k.button("words", func(p msg.Press) bool { return p.Args.Get("v") == d.Part })
	case "which/":
		k.say("水曜日はいかがでしょうか。")
	case "withdraw/":
		k.say("取下げ")
	case "withdraw.yes/", "withdraw.no/", "about/":
		k.answers("取下げ", "K2026-0001")
	case "withdraw.undo/":
		k.answers("取下げ", "K2026-0001", "はい")
	default:
		return msg.Do(d.Do)
	}
	return k.button(d.Do, any)
}

// button is the press of the first button on the screen that is meant.
func (k *talk) button(do string, meant func(msg.Press) bool) msg.Press {
	k.t.Helper()
	for _, b := range buttons(k.last) {
		if b.Press.Do == do && meant(b.Press) {
			return b.Press
		}
	}
	k.t.Fatalf("no button %s in %s", do, show(k.last))
	return msg.Press{}
}

// facts is a sum over all that a press must not change: proposals, drafts with their answers and files, messages, and what
// the city's side is told.
func (k *talk) facts() int {
	k.t.Helper()
	return k.count(`
		SELECT hashtext(array_to_string(ARRAY[
			(SELECT string_agg(concat_ws(',', id, state, before, owner, next_date), ';' ORDER BY id) FROM proposals),
			(SELECT string_agg(concat_ws(',', id, state), ';' ORDER BY id) FROM drafts),
			(SELECT string_agg(concat_ws(',', draft, field, answer::text), ';' ORDER BY draft, field) FROM answers),
			(SELECT string_agg(concat_ws(',', id, state, draft, proposal), ';' ORDER BY id) FROM files),
			(SELECT string_agg(concat_ws(',', id, proposal), ';' ORDER BY id) FROM messages),
			(SELECT string_agg(id::text, ';' ORDER BY id) FROM held_words),
			(SELECT count(*)::text FROM deliveries WHERE lane LIKE 'slack/%' AND kind <> 'unfiled')], '|', '-'))`)
}

// A press on a screen that is over changes nothing that cannot be undone, and is answered.
func TestDeeds_on_screens_that_are_over(t *testing.T) {
	t.Parallel()
	for _, d := range deeds() {
		ways := map[string]func(k *talk, p bot.Proposal){
			"a week later": func(k *talk, _ bot.Proposal) { k.now = k.now.Add(7 * 24 * time.Hour) },
		}
		switch d.Do + "/" + d.Part {
		case "withdraw.yes/":
			ways["after a no"] = func(k *talk, _ bot.Proposal) { k.say("いいえ") }
			ways["after doubt"] = func(k *talk, _ bot.Proposal) { k.say("うーん") }
			ways["the case has moved on"] = func(k *talk, p bot.Proposal) { k.move(p.ID, proposal.DialogueOpened, "") }
			fallthrough
		case "form/submit", "form/confirm_cancel", "menu.propose/new", "menu.consult/new":
			ways["16 minutes later"] = func(k *talk, _ bot.Proposal) { k.now = k.now.Add(16 * time.Minute) }
			ways["after another question"] = func(k *talk, _ bot.Proposal) { k.say("取下げ") }
			ways["after the same question"] = func(k *talk, _ bot.Proposal) { k.do(concierge.Event{Kind: concierge.SentOther}) }
		}
		if d.Do == "withdraw.undo" {
			ways = map[string]func(*talk, bot.Proposal){"25 hours later": func(k *talk, _ bot.Proposal) { k.now = k.now.Add(25 * time.Hour) }}
		}
		for name, over := range ways {
			t.Run(d.Do+" "+d.Part+" "+name, func(t *testing.T) {
				t.Parallel()
				k := newTalk(t)
				p := k.several(2)[0]
				press := pressOf(k, d)
				over(k, p)
				before := k.facts()
				k.do(concierge.Event{Kind: concierge.Pressed, Press: press})
				if !k.answered() {
					t.Error("nobody answers")
				}
				if d.Fresh && k.facts() != before {
					t.Errorf("it has changed something:\n%s", show(k.last))
				}
			})
		}
	}
}

// The same presses count while their screens stand; else the test above would hold for buttons that never do anything.
func TestDeeds_on_screens_that_stand(t *testing.T) {
	t.Parallel()
	for _, d := range deeds() {
		if !d.Fresh {
			continue
		}
		t.Run(d.Do+" "+d.Part, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			k.several(2)
			press := pressOf(k, d)
			before := k.facts()
			k.now = k.now.Add(14 * time.Minute)
			k.do(concierge.Event{Kind: concierge.Pressed, Press: press})
			if k.facts() == before {
				t.Errorf("it has changed nothing:\n%s", show(k.last))
			}
		})
	}
}
