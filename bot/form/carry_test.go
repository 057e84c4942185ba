package form_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot/form"
)

func TestCarryOver(t *testing.T) {
	t.Parallel()
	full := func(t *testing.T) *talk {
		return filled(t).types("始めたい日", "12/1", "費用負担", "あり", "50万円").wantKind(form.PromptSummary)
	}
	t.Run("same form loses nothing", func(t *testing.T) {
		k := full(t)
		f := proposal()
		f.Version = "2"
		s, dropped := form.CarryOver(f, k.s)
		if diff := cmp.Diff(k.s.Answers, s.Answers); diff != "" || len(dropped) > 0 {
			t.Errorf("dropped %v\n%s", dropped, diff)
		}
		if s.Version != "2" || s.Revision <= k.s.Revision || s.Stage != form.StageSummary {
			t.Errorf("session %+v", s)
		}
	})
	t.Run("drops what no longer fits, and asks again", func(t *testing.T) {
		k := full(t)
		k.form.Version = "2"
		k.form.Fields[0].Max = 3              // too long now
		k.form.Fields[1].Options[0].ID = "w"  // a chosen option is gone
		k.form.Fields[3].Kind = form.LongText // digits are a text too
		k.form.Fields[6].Kind = form.Email    // a date is no address
		k.form.Fields[4].ID = "description"   // another field
		k.form.Fields[7].Optional = false     // was skipped
		s, dropped := form.CarryOver(k.form, k.s)
		if diff := cmp.Diff([]string{"documents", "idea", "organization", "start", "topic"}, dropped); diff != "" {
			t.Errorf("dropped (-want +got):\n%s", diff)
		}
		if _, kept := s.Answers["amount"]; !kept || s.Cursor != "organization" {
			t.Errorf("session %+v", s)
		}
	})
	t.Run("within a step it says so", func(t *testing.T) {
		k := full(t)
		k.form.Version = "2"
		k.form.Fields[0].Max = 3
		k.do(form.Input{Do: form.DoSubmit, Revision: k.s.Revision}).wantSaid("form.carried.again", "form.changed").wantAsked("organization")
	})
	t.Run("a removed question is told", func(t *testing.T) {
		k := full(t)
		k.form.Version = "2"
		k.form.Fields = k.form.Fields[1:]
		k.types("ヘルプ").wantSaid("form.carried.removed", "form.help.summary").wantKind(form.PromptSummary)
	})
	t.Run("goes on at the same question", func(t *testing.T) {
		k := begin(t).types("岸和田商店", "中断")
		k.form.Version = "2"
		k.form.Fields[0].Max = 3
		k.types("再開").wantAsked("topic")
	})
	t.Run("what ended stays", func(t *testing.T) {
		k := full(t).types("送信")
		k.form.Version = "2"
		k.form.Fields = nil
		s, dropped := form.CarryOver(k.form, k.s)
		if diff := cmp.Diff(k.s, s); diff != "" || len(dropped) > 0 {
			t.Errorf("dropped %v\n%s", dropped, diff)
		}
	})
}

func TestCurrent_mends_a_session_that_points_nowhere(t *testing.T) {
	t.Parallel()
	f := proposal()
	for _, s := range []form.Session{
		{}, {Version: "1"}, {Version: "1", Stage: form.StageAsking, Cursor: "gone"}, {Version: "1", Stage: "nonsense"},
		{Version: "1", Stage: form.StageSummary, Cursor: "topic", Editing: true}, {Version: "1", Stage: form.StagePaused, Cursor: "amount"},
	} {
		if p := form.Current(f, s); p.Kind == "" {
			t.Errorf("%+v has no prompt", s)
		}
		after, _ := form.Step(f, s, form.Input{Do: form.DoResume})
		if _, ok := f.Field(after.Cursor); !ok && after.Stage != form.StageSummary {
			t.Errorf("%+v became %+v", s, after)
		}
	}
}
