package slack_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot"
	"tsunagi/bot/coordinator"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/handlers/slack/slacksim"
)

// modal opens a screen before somebody and gives the view.
func (w *world) modal(user string, s msg.Screen) slacksim.View {
	w.t.Helper()
	w.cards.willOpen(s)
	ts := w.card(deskRoom, button(s.Then.Do, "proposal", "1"))
	seq := w.sim.Seq()
	_, err := w.sim.Press(w.ctx(), user, deskRoom, ts, s.Then.Do+"#1")
	w.must(err)
	_, err = w.sim.Wait(w.ctx(), seq, func(e slacksim.Entry) bool { return e.Kind == slacksim.ViewOpened && e.User == user })
	if err != nil {
		w.t.Fatalf("no modal: %v\n%s", err, w.log)
	}
	v, _ := w.sim.View(user)
	return v
}

func everyInput() []msg.Input {
	few := []msg.Option{{ID: "a", Label: "あ", Hint: "一番目"}, {ID: "b", Label: "い"}, {ID: "c", Label: "う"}}
	var many []msg.Option
	for _, r := range "abcdefghijklm" {
		many = append(many, msg.Option{ID: string(r), Label: strings.ToUpper(string(r))})
	}
	return []msg.Input{
		{ID: "line", Kind: msg.InputText, Label: "一行", Value: []string{"初め"}},
		{ID: "long", Kind: msg.InputLong, Label: "長文", Max: 100},
		{ID: "one", Kind: msg.InputChoice, Label: "一つ", Options: few, Value: []string{"b"}},
		{ID: "some", Kind: msg.InputMulti, Label: "いくつか", Options: few, Value: []string{"a", "c"}},
		{ID: "many", Kind: msg.InputMulti, Label: "たくさん", Options: many},
		{ID: "day", Kind: msg.InputDate, Label: "日付", Value: []string{"2026-11-27"}},
		{ID: "who", Kind: msg.InputUser, Label: "担当", Value: []string{chief}},
		{ID: "free", Kind: msg.InputText, Label: "任意", Optional: true},
	}
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	overBothWires(t, func(t *testing.T, w *world) {
		screen := replyScreen()
		screen.Inputs = everyInput()
		v := w.modal(clerk, screen)
		out, err := w.sim.Submit(w.ctx(), clerk, v.ID, slacksim.Values{
			"long": {"一行目 :bow::danjiri:\n<!channel> & *太字*"}, "many": {"b", "m"}, "who": {clerk},
		})
		w.must(err)
		if out.Error != "" || len(w.sim.Views(clerk)) != 0 {
			t.Errorf("got %+v, %d views", out, len(w.sim.Views(clerk)))
		}
		got := w.cards.submitted()
		want := []coordinator.Submission{{
			ID: v.ID + "." + v.Hash, Actor: bot.Actor{ID: clerk, Name: "clerk", Desk: true}, Press: msg.Do("proposal.reply", "proposal", "1"),
			Values: msg.Values{
				"line": {"初め"}, "long": {"一行目 🙇:danjiri:\n<!channel> & *太字*"}, "one": {"b"}, "some": {"a", "c"}, "many": {"b", "m"},
				"day": {"2026-11-27"}, "who": {clerk}, "free": nil,
			},
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSubmit_faults(t *testing.T) {
	t.Parallel()
	overBothWires(t, func(t *testing.T, w *world) {
		v := w.modal(clerk, replyScreen())
		for _, key := range []string{"body", "elsewhere"} {
			w.cards.willSubmit(coordinator.Response{Faults: map[string]text.Line{key: text.Say("modal.reply.body_missing")}}, nil)
			out, err := w.sim.Submit(w.ctx(), clerk, v.ID, slacksim.Values{"body": {"書いた言葉"}})
			w.must(err)
			if out.Errors["body"] != w.say("modal.reply.body_missing") {
				t.Errorf("%s: got %+v", key, out)
			}
		}
		now, _ := w.sim.View(clerk)
		if now.Values["body"]["body"]["value"] != "書いた言葉" {
			t.Errorf("what was typed is lost: %+v", now.Values)
		}
	})
}

func TestSubmit_error(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err error
		key string
	}{
		"refused":  {bot.Refuse(bot.Forbidden, "ledger.forbidden"), "ledger.forbidden"},
		"internal": {errors.New("database"), "error.internal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			v := w.modal(clerk, replyScreen())
			w.cards.willSubmit(coordinator.Response{}, c.err)
			out, err := w.sim.Submit(w.ctx(), clerk, v.ID, slacksim.Values{"body": {"書いた言葉"}})
			w.must(err)
			if !strings.HasPrefix(out.Errors["body"], w.say(c.key)) {
				t.Errorf("got %+v", out)
			}
			v = w.modal(chief, msg.Screen{Title: "確認", Submit: "送信", Then: msg.Do("proposal.send"), Blocks: []msg.Block{msg.Text{Body: "本文"}}})
			w.cards.willSubmit(coordinator.Response{}, c.err)
			out, err = w.sim.Submit(w.ctx(), chief, v.ID, nil)
			w.must(err)
			now, _ := w.sim.View(chief)
			if out.Error != "" || !strings.Contains(texts(t, now.Blocks), w.say(c.key)) || now.Submit != "" {
				t.Errorf("got %+v, %+v", out, now)
			}
		})
	}
}

func TestSubmit_nextView(t *testing.T) {
	t.Parallel()
	overBothWires(t, func(t *testing.T, w *world) {
		for name, body := range map[string]string{"short": "短い返事です。", "long": strings.Repeat("<\"長い\">", 500)} {
			v := w.modal(clerk, replyScreen())
			w.cards.willSubmit(coordinator.Response{Show: &msg.Screen{
				Title: "送信内容の確認", Submit: "送信する", Close: "送信しない", Then: msg.Do("proposal.send", "message", "7"),
				Blocks: []msg.Block{msg.Card{Title: "宛先", Body: body}, msg.Card{Title: "控え", Body: body}, msg.Card{Title: "控え", Body: body}},
			}}, nil)
			_, err := w.sim.Submit(w.ctx(), clerk, v.ID, slacksim.Values{"body": {"x"}})
			w.must(err)
			w.seen(func(e slacksim.Entry) bool {
				return e.Kind == slacksim.ViewUpdated && strings.Count(texts(t, e.Blocks), "い") == 3*strings.Count(body, "い")
			})
			now, _ := w.sim.View(clerk)
			if now.ID != v.ID || now.Title != "送信内容の確認" || now.PrivateMetadata != msg.Do("proposal.send", "message", "7").Encode() {
				t.Errorf("%s: got %+v", name, now)
			}
			w.must(w.sim.Close(w.ctx(), clerk, now.ID))
		}
	})
}

// Whoever sees a slip in the preview goes back to what was typed, and submits it again, as often as it takes.
func TestSubmit_back(t *testing.T) {
	t.Parallel()
	overBothWires(t, func(t *testing.T, w *world) {
		v := w.modal(clerk, replyScreen())
		for _, words := range []string{"打ち間違い", "直した言葉"} {
			w.cards.willSubmit(coordinator.Response{Back: true, Show: &msg.Screen{
				Title: "送信内容の確認", Submit: "送信する", Close: "戻って直す", Then: msg.Do("proposal.send", "message", "7"),
				Blocks: []msg.Block{msg.Card{Title: "宛先", Body: words}},
			}}, nil)
			out, err := w.sim.Submit(w.ctx(), clerk, v.ID, slacksim.Values{"body": {words}})
			w.must(err)
			top, _ := w.sim.View(clerk)
			if out.Error != "" || len(w.sim.Views(clerk)) != 2 || !strings.Contains(texts(t, top.Blocks), words) {
				t.Fatalf("got %+v, %+v", out, w.sim.Views(clerk))
			}
			if words == "打ち間違い" {
				w.must(w.sim.Close(w.ctx(), clerk, top.ID))
				now, _ := w.sim.View(clerk)
				if now.ID != v.ID || now.Values["body"]["body"]["value"] != words {
					t.Errorf("what was typed is lost: %+v", now)
				}
				continue
			}
			w.cards.willSubmit(coordinator.Response{}, nil)
			_, err = w.sim.Submit(w.ctx(), clerk, top.ID, nil)
			w.must(err)
			if left := w.sim.Views(clerk); len(left) != 0 {
				t.Errorf("%d views are left", len(left))
			}
		}
	})
}

// TestSubmit_twice: Slack sends the same view with the same hash, so the flow can tell a repeat.
func TestSubmit_twice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	payload := `{"type":"view_submission","user":{"id":"` + clerk + `","team_id":"T0SIM"},"trigger_id":"%","view":{"id":"V1","hash":"9.z",` +
		`"private_metadata":"do=proposal.send&message=7","blocks":[],"state":{"values":[]}}}`
	for _, trigger := range []string{"1", "2"} {
		status, said := w.post("/slack/interactions", "payload="+url.QueryEscape(strings.Replace(payload, "%", trigger, 1)), w.clock.Now())
		if status != 200 || said != `{"response_action":"clear"}` {
			t.Errorf("got %d %s", status, said)
		}
	}
	got := w.cards.submitted()
	if len(got) != 2 || got[0].ID != got[1].ID || got[0].Press.Int("message") != 7 {
		t.Errorf("got %+v", got)
	}
}

func TestSubmit_saysSomething(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.modal(clerk, replyScreen())
	w.cards.willSubmit(coordinator.Response{Say: text.Say("coordinator.released")}, nil)
	_, err := w.sim.Submit(w.ctx(), clerk, v.ID, slacksim.Values{"body": {"x"}})
	w.must(err)
	w.seen(func(e slacksim.Entry) bool { return e.Kind == slacksim.Posted && e.Channel == "D"+clerk })
}

func TestSubmit_outsider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	payload := `{"type":"view_submission","user":{"id":"` + alien + `","team_id":"T0OUTSIDE"},"view":{"id":"V1","hash":"h",` +
		`"private_metadata":"do=x","blocks":[{"type":"input","block_id":"body"}]}}`
	status, said := w.post("/slack/interactions", "payload="+url.QueryEscape(payload), w.clock.Now())
	if status != 200 || !strings.Contains(said, w.say("error.forbidden")) || len(w.cards.submitted()) != 0 {
		t.Errorf("got %d %s", status, said)
	}
}
