package form_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tsunagi/bot/form"
	"tsunagi/bot/text"
)

// good is a typed answer that each kind takes; choices and files are pressed and sent.
func good(field form.Field) []form.Input {
	press := form.Input{Do: form.DoAnswer, Field: field.ID, Revision: 1}
	typed := map[form.Kind]string{
		form.Text: "岸和田商店", form.LongText: "見守り\nをしたい", form.Number: "120人", form.Money: "50万円", form.Date: "12/1",
		form.Phone: "072-423-9999", form.Email: "a@example.jp", form.URL: "example.jp",
		form.CorporateNumber: "7000012050002", form.PostalCode: "596-8510",
	}[field.Kind]
	switch field.Kind {
	case form.YesNo:
		press.Choice = form.Yes
	case form.Choice:
		press.Choice = field.Options[0].ID
	case form.MultiChoice:
		press.Choice = field.Options[0].ID
		return []form.Input{press, {Do: form.DoDone, Field: field.ID}}
	case form.Files:
		return []form.Input{{Do: form.DoAnswer, File: form.File{ID: 1, Name: "a.pdf"}}, {Do: form.DoDone}}
	default:
		return []form.Input{{Do: form.DoAnswer, Text: typed, Now: now}}
	}
	return []form.Input{press}
}

// anyForm draws a form whose conditions look at earlier choices.
func anyForm(r *rapid.T, version string) form.Form {
	n := rapid.IntRange(1, 7).Draw(r, "fields")
	f := form.Form{ID: "proposal", Version: version}
	for i := range n {
		field := form.Field{ID: fmt.Sprintf("f%d", i), Ask: fmt.Sprintf("質問%d", i)}
		field.Kind = rapid.SampledFrom(form.Kinds()).Draw(r, "kind")
		field.Optional = rapid.Bool().Draw(r, "optional")
		for o := range rapid.IntRange(1, 4).Draw(r, "options") {
			field.Options = append(field.Options, form.Option{ID: fmt.Sprintf("o%d", o), Label: []string{"福祉", "健康・医療", "その他", "もどる"}[o]})
		}
		if i > 0 && rapid.IntRange(0, 2).Draw(r, "conditional") == 0 {
			field.When = map[string]string{f.Fields[rapid.IntRange(0, i-1).Draw(r, "on")].ID: rapid.SampledFrom([]string{"o0", "o1", "yes"}).Draw(r, "is")}
		}
		f.Fields = append(f.Fields, field)
	}
	return f
}

// anyInput draws what a person may do: sensible typing, presses old and new, nonsense.
func anyInput(r *rapid.T, f form.Form, s form.Session, words form.Words) form.Input {
	fields := append([]string{"", "nonsense", s.Cursor, s.Cursor}, fieldIDs(f)...)
	verbs := []form.Verb{form.DoAnswer, form.DoAnswer, form.DoDone, form.DoSkip, form.DoClear, form.DoBack, form.DoEdit, form.DoPause,
		form.DoResume, form.DoCancel, form.DoKeep, form.DoHelp, form.DoSubmit, form.DoLate, "nonsense", ""}
	switch rapid.IntRange(0, 3).Draw(r, "how") {
	case 0:
		if field, ok := f.Field(s.Cursor); ok {
			return rapid.SampledFrom(good(field)).Draw(r, "good")
		}
		fallthrough
	case 1:
		typed := rapid.OneOf(rapid.SampledFrom([]string{"もどる", "次へ", "スキップ", "中断", "再開", "続ける", "1", "2、3", "福祉", "はい", "消す", "送信", "質問1"}), rapid.String()).Draw(r, "typed")
		in := words.Read(f, s, typed)
		in.Now = now
		return in
	}
	return form.Input{
		Do:       rapid.SampledFrom(verbs).Draw(r, "verb"),
		Field:    rapid.SampledFrom(fields).Draw(r, "field"),
		Revision: rapid.Int64Range(0, s.Revision+1).Draw(r, "revision"),
		Text:     rapid.SampledFrom([]string{"", "50万円", "a\x00", "2026-12-01", "長い"}).Draw(r, "text"),
		Choice:   rapid.SampledFrom([]string{"", "", "o0", "o1", "yes", "gone"}).Draw(r, "choice"),
		File:     form.File{ID: rapid.Int64Range(-2, 3).Draw(r, "file"), Name: "案.pdf"},
		Now:      now,
	}
}

func fieldIDs(f form.Form) []string {
	var ids []string
	for _, field := range f.Fields {
		ids = append(ids, field.ID)
	}
	return ids
}

func TestStep_whatever_comes(t *testing.T) {
	t.Parallel()
	catalogues := []*text.Catalogue{catalogue(t, "ja"), catalogue(t, "en")}
	words := form.WordsOf(catalogues[0])
	rapid.Check(t, func(r *rapid.T) {
		f := anyForm(r, "1")
		s := form.Begin(f)
		for range rapid.IntRange(0, 25).Draw(r, "steps") {
			in := anyInput(r, f, s, words)
			before := mustJSON(r, s)
			next, out := form.Step(f, s, in)
			if mustJSON(r, s) != before {
				r.Fatalf("%+v changed the session it was given", in)
			}
			judge(r, f, s, next, in, out)
			speaks(r, catalogues, out)
			s = next
		}
		mustBack(r, f, s)
		mustFinish(r, f, s)
	})
}

// judge holds one step against the promises: only the current question's answer changes, nothing is lost unasked, the
// revision counts, the prompt can be made again, JSON keeps everything.
func judge(r *rapid.T, f form.Form, before, after form.Session, in form.Input, out form.Outcome) {
	for id, a := range before.Answers {
		b, kept := after.Answers[id]
		if kept && a.Equal(b) {
			continue
		}
		if !slices.Contains(out.Accepted, id) {
			r.Fatalf("%+v changed %s without saying so", in, id)
		}
		mayChange(r, f, before, id, b, in)
	}
	changed := cmp.Diff(before, after, cmpopts.EquateEmpty()) != ""
	if changed != (after.Revision == before.Revision+1) || after.Revision > before.Revision+1 {
		r.Fatalf("%+v: revision %d became %d, changed %v", in, before.Revision, after.Revision, changed)
	}
	if len(out.Accepted) > 0 != (after.Changed == after.Revision && changed) {
		r.Fatalf("%+v: accepted %v, changed at %d of %d", in, out.Accepted, after.Changed, after.Revision)
	}
	if !changed && len(out.Say) == 0 && !idle(in) {
		r.Fatalf("%+v had no answer", in)
	}
	out.Prompt.More = false // it is of the step, not of where the talk stands
	if diff := cmp.Diff(out.Prompt, form.Current(f, after)); diff != "" {
		r.Fatalf("the prompt cannot be made again:\n%s", diff)
	}
	var back form.Session
	if err := json.Unmarshal([]byte(mustJSON(r, after)), &back); err != nil {
		r.Fatal(err)
	}
	if diff := cmp.Diff(after, back, cmpopts.EquateEmpty()); diff != "" {
		r.Fatalf("JSON loses:\n%s", diff)
	}
}

// idle tells inputs whose whole answer is the prompt itself, shown again.
func idle(in form.Input) bool {
	switch in.Do {
	case form.DoPause, form.DoResume, form.DoKeep, form.DoCancel, form.DoConfirmCancel, form.DoEdit:
		return true
	}
	return in.Do == form.DoAnswer || in.Do == form.DoDone // the same answer once more
}

// mayChange allows an answer to change at its own question, by an answer or by clear; files may come at any time.
func mayChange(r *rapid.T, f form.Form, before form.Session, id string, b form.Answer, in form.Input) {
	field, _ := f.Field(id)
	here := before.Cursor == id
	switch {
	case field.Kind == form.Files && len(b.Files) > 0:
	case !here:
		r.Fatalf("%+v at %q changed the answer to %s", in, before.Cursor, id)
	case in.Do == form.DoAnswer, in.Do == form.DoClear:
	case b.Empty() && !before.Answers[id].Empty():
		r.Fatalf("%+v lost the answer to %s", in, id)
	}
}

// speaks renders everything said and shown; the visible mark of a missing text must not appear.
func speaks(r *rapid.T, catalogues []*text.Catalogue, out form.Outcome) {
	lines := slices.Clone(out.Say)
	p := out.Prompt
	lines = append(lines, p.Example, p.Value)
	for _, o := range p.Options {
		lines = append(lines, o.Label)
	}
	for _, row := range p.Rows {
		lines = append(lines, row.Value)
	}
	for _, v := range p.Offers {
		lines = append(lines, text.Say(v.Key()))
	}
	for _, c := range catalogues {
		for _, l := range lines {
			if l.Empty() {
				continue
			}
			if said := c.Say(l); strings.Contains(said, "⟨form.") || strings.Contains(said, "⟨button") || said == "" {
				r.Fatalf("%s: %+v says %q", c.Lang(), l, said)
			}
		}
	}
}

// mustBack walks back from wherever the talk stands to the first question, past a bad answer at each.
func mustBack(r *rapid.T, f form.Form, s form.Session) {
	s, _ = form.Step(f, s, form.Input{Do: form.DoResume})
	for range 2*len(f.Fields) + 2 {
		s, _ = form.Step(f, s, form.Input{Do: form.DoAnswer, Text: "\x00"})
		p := form.Current(f, s)
		next, out := form.Step(f, s, form.Input{Do: form.DoBack})
		if p.Kind == form.PromptQuestion && p.CanBack && next.Cursor == s.Cursor {
			r.Fatalf("cannot go back from %s: %v", s.Cursor, out.Say)
		}
		if len(out.Accepted) > 0 && !s.Editing {
			r.Fatalf("going back changed %v", out.Accepted)
		}
		s = next
	}
	if p := form.Current(f, s); p.Kind != form.PromptQuestion && p.Kind != form.PromptEnded || p.CanBack {
		r.Fatalf("never came to the first question: %+v", p)
	}
}

// mustFinish answers what is asked until the form is submitted, in a bounded number of steps.
func mustFinish(r *rapid.T, f form.Form, s form.Session) {
	for range 6*len(f.Fields) + 6 {
		var out form.Outcome
		for _, in := range onward(form.Current(f, s)) {
			s, out = form.Step(f, s, in)
		}
		if out.Event == form.Submitted || s.Ended() {
			allGiven(r, f, s)
			return
		}
	}
	r.Fatalf("dead end at %+v", s)
}

func onward(p form.Prompt) []form.Input {
	switch p.Kind {
	case form.PromptQuestion:
		if p.Answered {
			return []form.Input{{Do: form.DoDone}}
		}
		return good(p.Field)
	case form.PromptSummary:
		return []form.Input{{Do: p.Offers[0], Revision: p.Revision}}
	}
	return []form.Input{{Do: form.DoResume}}
}

func allGiven(r *rapid.T, f form.Form, s form.Session) {
	if s.Stage != form.StageSubmitted {
		return
	}
	given := form.Given(f, s)
	for _, row := range form.Current(f, form.Session{Version: s.Version, Stage: form.StageSummary, Answers: s.Answers}).Rows {
		if _, ok := given[row.Field.ID]; !ok && !row.Field.Optional {
			r.Fatalf("submitted without %s", row.Field.ID)
		}
	}
}

func TestCarryOver_keeps_what_fits(t *testing.T) {
	t.Parallel()
	words := form.WordsOf(catalogue(t, "ja"))
	rapid.Check(t, func(r *rapid.T) {
		f, g := anyForm(r, "1"), anyForm(r, "2")
		s := form.Begin(f)
		for range rapid.IntRange(0, 15).Draw(r, "steps") {
			s, _ = form.Step(f, s, anyInput(r, f, s, words))
		}
		carried, dropped := form.CarryOver(g, s)
		if s.Ended() {
			return
		}
		for id, a := range s.Answers {
			b, kept := carried.Answers[id]
			if kept == slices.Contains(dropped, id) || kept && !a.Equal(b) {
				r.Fatalf("%s: kept %v, dropped %v", id, kept, dropped)
			}
			before, _ := f.Field(id)
			after, known := g.Field(id)
			if known && !kept && cmp.Equal(before, after, cmpopts.IgnoreFields(form.Field{}, "Optional", "When")) && !a.Skipped {
				r.Fatalf("%s was dropped although its field is the same", id)
			}
		}
		mustFinish(r, g, carried)
		mustFinish(r, g, s) // also without carrying over first
	})
}

func mustJSON(r *rapid.T, s form.Session) string {
	b, err := json.Marshal(s)
	if err != nil {
		r.Fatal(err)
	}
	return string(b)
}

func FuzzStep(f *testing.F) {
	f.Add("answer", "organization", int64(1), "岸和田商店", "", `{"v":"1","s":"asking","c":"organization","r":1}`)
	f.Add("edit", "topic", int64(0), "1、2", "welfare", `{"v":"1","s":"summary","a":{"topic":{"choices":["gone"],"open":true}}}`)
	f.Add("submit", "", int64(9), "", "", `{"v":"0","s":"paused","c":"amount"}`)
	c, err := text.Load("ja")
	if err != nil {
		f.Fatal(err)
	}
	words, fields := form.WordsOf(c), proposal()
	f.Fuzz(func(t *testing.T, verb, field string, revision int64, typed, choice, session string) {
		var s form.Session
		if json.Unmarshal([]byte(session), &s) != nil {
			return
		}
		read := words.Read(fields, s, typed)
		for _, in := range []form.Input{read, {Do: form.Verb(verb), Field: field, Revision: revision, Text: typed, Choice: choice, Now: time.Unix(revision, 0)}} {
			var out form.Outcome
			s, out = form.Step(fields, s, in)
			if out.Prompt.Kind == "" {
				t.Errorf("%+v has no prompt", in)
			}
			c.SayAll(out.Say)
		}
	})
}
