package slacksim_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"tsunagi/handlers/slack/slacksim"
)

func label(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject("plain_text", text, false, false)
}

// form is a modal with one required text, one optional menu and a button.
func form(title string) slack.ModalViewRequest {
	words := slack.NewPlainTextInputBlockElement(nil, "words")
	words.MaxLength = 10
	menu := slack.NewOptionsSelectBlockElement("static_select", nil, "verdict",
		slack.NewOptionBlockObject("yes", label("はい"), nil), slack.NewOptionBlockObject("no", label("いいえ"), nil))
	optional := slack.NewInputBlock("b-verdict", label("verdict"), nil, menu)
	optional.Optional = true
	more := slack.NewActionBlock("b-more", slack.NewButtonBlockElement("more", "m1", label("more")))
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: label(title), Submit: label("send"), Close: label("close"), NotifyOnClose: true,
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock("b-words", label("words"), nil, words), optional, more}},
	}
}

func (w *world) openForm(userID string) *slack.ViewResponse {
	w.t.Helper()
	v, err := w.api.OpenViewContext(w.t.Context(), w.trigger(userID), form("one"))
	w.must(err)
	return v
}

func TestTriggers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := func(trigger string) string {
		_, err := w.api.OpenViewContext(t.Context(), trigger, form("one"))
		return fmt.Sprint(err)
	}
	first := w.trigger(clerk)
	if got := open(first); got != "<nil>" {
		t.Errorf("in time: %s", got)
	}
	if got := open(first); got != "exchanged_trigger_id" {
		t.Errorf("again: %s", got)
	}
	late := w.trigger(clerk)
	w.clock.Add(2999 * time.Millisecond)
	if got := open(late); got != "<nil>" {
		t.Errorf("after 2.999 s: %s", got)
	}
	late = w.trigger(clerk)
	w.clock.Add(3 * time.Second)
	if got := open(late); got != "expired_trigger_id" {
		t.Errorf("after 3 s: %s", got)
	}
	if got := open("1.2.3"); got != "invalid_trigger_id" {
		t.Errorf("made up: %s", got)
	}
}

func TestViews(t *testing.T) {
	t.Parallel()
	t.Run("update with an old hash is refused", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		v := w.openForm(clerk)
		_, err := w.api.UpdateViewContext(t.Context(), form("two"), "", v.Hash, v.ID)
		w.must(err)
		if _, err = w.api.UpdateViewContext(t.Context(), form("three"), "", v.Hash, v.ID); err == nil || err.Error() != "hash_conflict" {
			t.Errorf("got %v", err)
		}
		if got, _ := w.sim.View(clerk); got.Title != "two" {
			t.Errorf("the view is titled %q", got.Title)
		}
		if _, err = w.api.UpdateViewContext(t.Context(), form("x"), "", "", "V0NONE"); err == nil || err.Error() != "not_found" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("typed values survive an update where the ids stay", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		v := w.openForm(clerk)
		w.must(w.sim.Type(clerk, v.ID, slacksim.Values{"words": {"kept"}, "verdict": {"いいえ"}}))
		next := form("two")
		next.Blocks.BlockSet[1].(*slack.InputBlock).BlockID = "b-other"
		_, err := w.api.UpdateViewContext(t.Context(), next, "", "", v.ID)
		w.must(err)
		got, _ := w.sim.View(clerk)
		if got.Values["b-words"]["words"]["value"] != "kept" {
			t.Errorf("the text is lost: %v", got.Values)
		}
		if got.Values["b-other"]["verdict"]["selected_option"] != nil || got.Values["b-verdict"] != nil {
			t.Errorf("the choice came along: %v", got.Values)
		}
	})
	t.Run("three modals, not four", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.openForm(clerk)
		for i, want := range []string{"<nil>", "<nil>", "push_limit_reached"} {
			v, _ := w.sim.View(clerk)
			_, err := w.sim.PressView(t.Context(), clerk, v.ID, "more")
			w.must(err)
			trigger, _ := w.app.last(t, "/interactions").json["trigger_id"].(string)
			_, err = w.api.PushViewContext(t.Context(), trigger, form(fmt.Sprint(i)))
			if fmt.Sprint(err) != want {
				t.Errorf("push %d: %v, want %s", i, err, want)
			}
		}
		stack := w.sim.Views(clerk)
		if len(stack) != 3 || stack[2].Title != "1" {
			t.Errorf("got %+v", stack)
		}
	})
	t.Run("an external_id is unique", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		v := form("one")
		v.ExternalID = "mine"
		_, err := w.api.OpenViewContext(t.Context(), w.trigger(clerk), v)
		w.must(err)
		if _, err = w.api.OpenViewContext(t.Context(), w.trigger(chief), v); err == nil || err.Error() != "duplicate_external_id" {
			t.Errorf("got %v", err)
		}
		_, err = w.api.UpdateViewContext(t.Context(), v, "mine", "", "")
		w.must(err)
	})
	t.Run("the Home tab", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}}}
		w.must(w.sim.OpenHome(t.Context(), clerk))
		if ev := w.app.last(t, "/events").json["event"]; dig(ev, "type") != "app_home_opened" || dig(ev, "view") != nil {
			t.Errorf("the first opening: %v", ev)
		}
		v, err := w.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: clerk, View: home})
		w.must(err)
		if got, ok := w.sim.Home(clerk); !ok || got.ID != v.ID {
			t.Errorf("got %+v", got)
		}
		old := v.Hash
		_, err = w.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: clerk, View: home, Hash: &old})
		w.must(err)
		if _, err = w.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: clerk, View: home, Hash: &old}); err == nil || err.Error() != "hash_conflict" {
			t.Errorf("got %v", err)
		}
		w.must(w.sim.OpenHome(t.Context(), clerk))
		if ev := w.app.last(t, "/events").json["event"]; dig(ev, "view", "id") != v.ID {
			t.Errorf("the second opening: %v", ev)
		}
	})
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	submit := func(w *world, values slacksim.Values) (slacksim.Outcome, error) {
		v, ok := w.sim.View(clerk)
		if !ok {
			w.t.Fatal("no modal")
		}
		return w.sim.Submit(w.t.Context(), clerk, v.ID, values)
	}
	t.Run("what the client refuses never reaches the app", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.openForm(clerk)
		for name, c := range map[string]struct {
			values slacksim.Values
			want   error
		}{
			"nothing typed":     {slacksim.Values{"words": {}}, slacksim.Incomplete},
			"eleven characters": {slacksim.Values{"words": {chars(11)}}, slacksim.Incomplete},
			"not offered":       {slacksim.Values{"words": {"a"}, "verdict": {"maybe"}}, slacksim.NotOffered},
			"no such field":     {slacksim.Values{"colour": {"red"}}, slacksim.NotThere},
		} {
			if _, err := submit(w, c.values); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		if n := len(w.app.received("/interactions")); n != 0 {
			t.Errorf("the app got %d interactions", n)
		}
	})
	t.Run("the app reads what was typed", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.openForm(clerk)
		out, err := submit(w, slacksim.Values{"words": {chars(10)}, "verdict": {"yes"}})
		w.must(err)
		if diff := cmp.Diff(slacksim.Outcome{}, out); diff != "" {
			t.Errorf("outcome (-want +got):\n%s", diff)
		}
		var ic slack.InteractionCallback
		w.must(ic.UnmarshalJSON([]byte(w.app.last(t, "/interactions").form.Get("payload"))))
		state := ic.View.State.Values
		if ic.Type != slack.InteractionTypeViewSubmission || state["b-words"]["words"].Value != chars(10) || state["b-verdict"]["verdict"].SelectedOption.Value != "yes" {
			t.Errorf("got %+v", ic)
		}
		if _, open := w.sim.View(clerk); open {
			t.Error("an empty answer must close the modal")
		}
	})
	t.Run("answers", func(t *testing.T) {
		t.Parallel()
		second := `{"type":"modal","title":{"type":"plain_text","text":"next"},"blocks":[{"type":"divider"}]}`
		for name, c := range map[string]struct {
			answer string
			titles string
			shown  string
		}{
			"update":             {`{"response_action":"update","view":` + second + `}`, "one next", ""},
			"push":               {`{"response_action":"push","view":` + second + `}`, "one one next", ""},
			"clear":              {`{"response_action":"clear"}`, "", ""},
			"nothing":            {``, "one", ""},
			"an empty object":    {`{}`, "one", ""},
			"errors":             {`{"response_action":"errors","errors":{"b-words":"too short"}}`, "one one", ""},
			"errors nowhere":     {`{"response_action":"errors","errors":{"words":"too short"}}`, "one one", "trouble"},
			"a broken view":      {`{"response_action":"update","view":{"type":"modal"}}`, "one one", "trouble"},
			"no JSON":            {`<html>`, "one one", "trouble"},
			"an unknown action":  {`{"response_action":"explode"}`, "one one", "trouble"},
			"a title too long":   {`{"response_action":"push","view":` + strings.Replace(second, "next", chars(25), 1) + `}`, "one one", "trouble"},
			"a view with no end": {`{"response_action":"update","view":`, "one one", "trouble"},
		} {
			w := newWorld(t)
			w.openForm(clerk)
			v, _ := w.sim.View(clerk)
			_, err := w.sim.PressView(t.Context(), clerk, v.ID, "more")
			w.must(err)
			_, err = w.api.PushViewContext(t.Context(), w.app.last(t, "/interactions").json["trigger_id"].(string), form("one"))
			w.must(err)
			w.app.script(reply(c.answer))
			out, err := submit(w, slacksim.Values{"words": {"a"}})
			w.must(err)
			var titles []string
			for _, v := range w.sim.Views(clerk) {
				titles = append(titles, v.Title)
			}
			if got := strings.Join(titles, " "); got != c.titles || !strings.Contains(out.Error, c.shown) || (c.shown == "") != (out.Error == "") {
				t.Errorf("%s: views %q, want %q; outcome %+v", name, got, c.titles, out)
			}
			if name == "errors" && out.Errors["b-words"] != "too short" {
				t.Errorf("errors: %+v", out)
			}
		}
	})
	t.Run("no answer within the time", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.openForm(clerk)
		w.app.script(hold(t))
		w.sim.SetAckTimeout(30 * time.Millisecond)
		out, err := submit(w, slacksim.Values{"words": {"a"}})
		w.must(err)
		if _, open := w.sim.View(clerk); out.Error != "operation_timeout" || !open {
			t.Errorf("got %+v, modal open: %v", out, open)
		}
	})
	t.Run("closing", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		v := w.openForm(clerk)
		w.must(w.sim.Close(t.Context(), clerk, v.ID))
		got := w.app.last(t, "/interactions").json
		if got["type"] != "view_closed" || got["is_cleared"] != false || dig(got, "view", "id") != v.ID || len(w.sim.Views(clerk)) != 0 {
			t.Errorf("got %v", got)
		}
		v = w.openForm(clerk)
		w.must(w.sim.Dismiss(t.Context(), clerk, v.ID))
		if got := w.app.last(t, "/interactions").json; got["is_cleared"] != true {
			t.Errorf("got %v", got)
		}
	})
}

// hold never answers until the test ends.
func hold(t *testing.T) func(http.ResponseWriter, got) {
	end := make(chan struct{})
	t.Cleanup(func() { close(end) })
	return func(http.ResponseWriter, got) { <-end }
}
