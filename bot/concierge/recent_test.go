package concierge

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot/form"
)

func talkAbout(title string) (kept, []byte) {
	k := kept{Revision: 3, State: state{Form: &form.Session{Form: "proposal", Stage: form.StageAsking, Answers: map[string]form.Answer{
		"title": {Text: title},
	}}}}
	raw, _ := json.Marshal(k) // plain data
	return k, raw
}

func TestRecent(t *testing.T) {
	t.Parallel()
	t.Run("what is known reads as it was written", func(t *testing.T) {
		var r recent
		k, raw := talkAbout("見守り活動")
		r.learn("U1", raw, k)
		got, ok := r.read("U1", raw)
		if diff := cmp.Diff(k, got); !ok || diff != "" {
			t.Errorf("known %v (-want +got):\n%s", ok, diff)
		}
	})
	t.Run("other bytes, or another person's, are not known", func(t *testing.T) {
		var r recent
		k, raw := talkAbout("見守り活動")
		_, other := talkAbout("花いっぱい運動")
		r.learn("U1", raw, k)
		if _, ok := r.read("U1", other); ok {
			t.Error("read other bytes from memory")
		}
		if _, ok := r.read("U2", raw); ok {
			t.Error("read somebody else's from memory")
		}
	})
	t.Run("a turn that fails changes nothing in memory", func(t *testing.T) {
		var r recent
		k, raw := talkAbout("見守り活動")
		r.learn("U1", raw, k)
		turn, _ := r.read("U1", raw)
		turn.State.Form.Stage = form.StagePaused
		k.State.Form.Stage = form.StageCancelled
		if got, _ := r.read("U1", raw); got.State.Form.Stage != form.StageAsking {
			t.Errorf("stage %s, want it as it was written", got.State.Form.Stage)
		}
	})
	t.Run("it is bounded, and keeps whoever was heard last", func(t *testing.T) {
		var r recent
		k, raw := talkAbout("見守り活動")
		for n := range 5 * recentPeople {
			r.learn(fmt.Sprint(n), raw, k)
		}
		if size := len(r.now) + len(r.before); size > 2*recentPeople {
			t.Errorf("%d people in memory, want at most %d", size, 2*recentPeople)
		}
		if _, ok := r.read(fmt.Sprint(5*recentPeople-1), raw); !ok {
			t.Error("whoever was heard last is forgotten")
		}
		if _, ok := r.read("0", raw); ok {
			t.Error("whoever was heard first is still there")
		}
	})
}
