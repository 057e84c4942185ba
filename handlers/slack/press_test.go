package slack_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tsunagi/bot"
	"tsunagi/bot/coordinator"
	"tsunagi/bot/desk"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/handlers/slack/slacksim"
)

func TestPress(t *testing.T) {
	t.Parallel()
	overBothWires(t, func(t *testing.T, w *world) {
		ts := w.card(welfareRoom,
			button("proposal.take", "proposal", "12"), button("verdict", "proposal", "12", "verdict", "join"),
			button("verdict", "proposal", "12", "verdict", "ask"),
			msg.Button{Label: "その他", Menu: []msg.Button{button("proposal.details", "proposal", "12"), button("proposal.move", "proposal", "12")}},
		)
		out, err := w.sim.Press(w.ctx(), carer, welfareRoom, ts, "verdict#3")
		w.must(err)
		if out.Error != "" {
			t.Errorf("got %+v", out)
		}
		_, err = w.sim.Press(w.ctx(), carer, welfareRoom, ts, "menu#4", "proposal.move")
		w.must(err)
		actor := bot.Actor{ID: carer, Name: "carer", Departments: []bot.DepartmentID{"welfare"}}
		want := []coordinator.Press{
			{Actor: actor, Channel: welfareRoom, TS: ts, Press: msg.Do("verdict", "proposal", "12", "verdict", "ask")},
			{Actor: actor, Channel: welfareRoom, TS: ts, Press: msg.Do("proposal.move", "proposal", "12")},
		}
		got := w.cards.pressed()
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(coordinator.Press{}, "ID")); diff != "" {
			t.Fatal(diff)
		}
		if got[0].ID == "" || got[0].ID == got[1].ID {
			t.Errorf("ids %q, %q", got[0].ID, got[1].ID)
		}
	})
}

// TestPress_roles is the whole matrix of who may press: roles are told to the flows, outsiders never reach them.
func TestPress_roles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.card(welfareRoom, button("verdict", "proposal", "1"))
	for user, want := range map[string]*bot.Actor{
		carer: {Departments: []bot.DepartmentID{"welfare"}}, both: {Departments: []bot.DepartmentID{"welfare", "health"}},
		guest: {}, robot: {}, alien: nil,
	} {
		before := len(w.cards.pressed())
		out, err := w.sim.Press(w.ctx(), user, welfareRoom, ts, "verdict#1")
		w.must(err)
		if out.Error != "" {
			t.Errorf("%s: %s", user, out.Error)
		}
		got := w.cards.pressed()[before:]
		if want == nil {
			if len(got) != 0 {
				t.Errorf("%s reached the flow: %+v", user, got)
			}
			w.whispered(user, w.say("error.forbidden"))
			continue
		}
		want.ID, want.Name = user, strings.ToLower(user[2:])
		if len(got) != 1 || cmp.Diff(*want, got[0].Actor) != "" {
			t.Errorf("%s: got %+v", user, got)
		}
	}
}

func TestPress_saysSomething(t *testing.T) {
	t.Parallel()
	overBothWires(t, func(t *testing.T, w *world) {
		ts := w.card(deskRoom, button("proposal.take", "proposal", "1"))
		for _, c := range []struct {
			say  text.Line
			err  error
			want string
		}{
			{say: text.Say("coordinator.taken", "number", "K1", "name", "<!channel>"), want: "K1"},
			{err: bot.Refuse(bot.Conflict, "error.conflict"), want: w.say("error.conflict")},
			{err: errors.New("database"), want: w.say("error.internal")},
		} {
			w.cards.willPress(func(context.Context, coordinator.Press) (coordinator.Reaction, error) {
				return coordinator.Reaction{Say: c.say}, c.err
			})
			_, err := w.sim.Press(w.ctx(), clerk, deskRoom, ts, "proposal.take#1")
			w.must(err)
			if e := w.whispered(clerk, c.want); e.Mentions != nil && !e.Mentions.None() {
				t.Errorf("calls %+v", e.Mentions)
			}
		}
		if m, _ := w.sim.Message(deskRoom, ts); !strings.Contains(string(m.Blocks), "K2026-0001") {
			t.Errorf("the card was replaced: %s", m.Blocks)
		}
	})
}

func TestPress_withoutResponseURL(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cards.willPress(func(context.Context, coordinator.Press) (coordinator.Reaction, error) {
		return coordinator.Reaction{Say: text.Say("coordinator.released")}, nil
	})
	ts := w.card(deskRoom, button("delivery.release", "delivery", "x"))
	w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "response_url"})
	_, err := w.sim.Press(w.ctx(), clerk, deskRoom, ts, "delivery.release#1")
	w.must(err)
	w.whispered(clerk, w.say("coordinator.released"))
	w.seen(func(e slacksim.Entry) bool { return e.Kind == slacksim.Called && e.Method == "chat.postEphemeral" })
	if n := w.calls("chat.postEphemeral"); n != 1 {
		t.Errorf("%d ephemeral posts", n)
	}
}

// What a presser alone reads stands where the pressed message stands: a thread that nobody has opened hides it.
func TestPress_inThread(t *testing.T) {
	t.Parallel()
	overBothWires(t, func(t *testing.T, w *world) {
		refused := w.say("error.forbidden")
		card := w.card(deskRoom, button("proposal.take", "proposal", "1"))
		under := parcel(deskRoom, msg.Message{Alt: "選択", Choices: []msg.Button{button("message.file", "message", "1")}})
		under.Thread = card
		below, err := w.sender.Send(w.ctx(), under)
		w.must(err)
		seen := 0
		for _, fault := range []string{"", "chat.postEphemeral"} {
			for _, c := range []struct{ ts, action, thread string }{
				{card, "proposal.take#1", ""}, {below.TS, "message.file#1", card},
			} {
				w.cards.willPress(func(context.Context, coordinator.Press) (coordinator.Reaction, error) {
					return coordinator.Reaction{}, bot.Refuse(bot.Forbidden, "error.forbidden")
				})
				if fault != "" {
					w.sim.Misbehave(slacksim.Fault{Kind: slacksim.Refuse, Method: fault, Error: "user_not_in_channel"})
				}
				_, err := w.sim.Press(w.ctx(), clerk, deskRoom, c.ts, c.action)
				w.must(err)
				e := w.seen(func(e slacksim.Entry) bool {
					return e.Seq > seen && e.Kind == slacksim.Ephemeral && e.User == clerk && strings.Contains(e.Text, refused)
				})
				if seen = e.Seq; e.ThreadTS != c.thread || e.Channel != deskRoom {
					t.Errorf("%s without %q: stands in thread %q of %s, want %q", c.action, fault, e.ThreadTS, e.Channel, c.thread)
				}
				w.sim.Behave()
			}
			if n := w.calls("response_url"); (n > 0) != (fault != "") {
				t.Errorf("without %q: %d answers to a response_url, which does not promise where they stand", fault, n)
			}
		}
	})
}

func TestPress_opensModal(t *testing.T) {
	t.Parallel()
	overBothWires(t, func(t *testing.T, w *world) {
		w.cards.willOpen(replyScreen())
		ts := w.card(deskRoom, button("proposal.reply", "proposal", "1"))
		_, err := w.sim.Press(w.ctx(), clerk, deskRoom, ts, "proposal.reply#1")
		w.must(err)
		w.seen(func(e slacksim.Entry) bool { return e.Kind == slacksim.ViewOpened && e.User == clerk })
		v, _ := w.sim.View(clerk)
		if v.Title != "企業に返信" || v.PrivateMetadata != msg.Do("proposal.reply", "proposal", "1").Encode() || v.ExternalID == "" {
			t.Errorf("got %+v", v)
		}
	})
}

func TestPress_late(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault slacksim.Fault
		want  string
	}{
		"trigger expired": {refusal("expired_trigger_id"), "coordinator.modal_late"},
		"used twice":      {refusal("exchanged_trigger_id"), "coordinator.modal_late"},
		"server error":    {slacksim.Fault{Kind: slacksim.ServerError}, "coordinator.modal_late"},
		"refused":         {refusal("invalid_arguments"), "error.internal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c.fault.Method = "views.open"
			w.sim.Misbehave(c.fault)
			w.cards.willOpen(replyScreen())
			ts := w.card(deskRoom, button("proposal.reply", "proposal", "1"))
			_, err := w.sim.Press(w.ctx(), clerk, deskRoom, ts, "proposal.reply#1")
			w.must(err)
			w.whispered(clerk, w.say(c.want))
		})
	}
	t.Run("the flow took longer than three seconds", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		screen := replyScreen()
		w.cards.willPress(func(context.Context, coordinator.Press) (coordinator.Reaction, error) {
			w.clock.Add(4 * time.Second)
			return coordinator.Reaction{Open: &screen}, nil
		})
		ts := w.card(deskRoom, button("proposal.reply", "proposal", "1"))
		_, err := w.sim.Press(w.ctx(), clerk, deskRoom, ts, "proposal.reply#1")
		w.must(err)
		w.whispered(clerk, w.say("coordinator.modal_late"))
	})
}

func TestPress_inModal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	screen := replyScreen()
	screen.Blocks = append(screen.Blocks, msg.Card{Title: "カード", Buttons: []msg.Button{button("proposal.details", "proposal", "1")}})
	w.cards.willOpen(screen)
	ts := w.card(deskRoom, button("proposal.reply", "proposal", "1"))
	_, err := w.sim.Press(w.ctx(), clerk, deskRoom, ts, "proposal.reply#1")
	w.must(err)
	w.seen(func(e slacksim.Entry) bool { return e.Kind == slacksim.ViewOpened })
	v, _ := w.sim.View(clerk)
	_, err = w.sim.PressView(w.ctx(), clerk, v.ID, "proposal.details#1")
	w.must(err)
	w.seen(func(e slacksim.Entry) bool { return e.Kind == slacksim.ViewPushed })
	if got := len(w.sim.Views(clerk)); got != 2 {
		t.Errorf("%d views", got)
	}
}

func TestPress_command(t *testing.T) {
	t.Parallel()
	shown := time.UnixMilli(1_795_136_406_000)
	overBothWires(t, func(t *testing.T, w *world) {
		list := msg.Message{Alt: "一覧 1", Blocks: []msg.Block{msg.Text{Body: "一覧 1"}}, Choices: []msg.Button{
			{Label: "次へ", Press: msg.Do("desk.run", "line", "list overdue", "after", "20", "r", "7").Shown(shown)},
		}}
		w.commands.will(func(_ context.Context, c desk.Call) (msg.Message, error) {
			if c.After == "20" {
				return plain("一覧 2"), nil
			}
			return list, nil
		})
		out, err := w.sim.Command(w.ctx(), clerk, deskRoom, "/desk list overdue")
		w.must(err)
		_, err = w.sim.Press(w.ctx(), clerk, deskRoom, out.Message.TS, "desk.run#1")
		w.must(err)
		w.whispered(clerk, "一覧 2")
		if all := w.sim.EphemeralTo(deskRoom, clerk); len(all) != 1 || all[0].TS != out.Message.TS {
			t.Errorf("the list was not replaced: %+v", all)
		}
		want := desk.Call{
			Actor: bot.Actor{ID: clerk, Name: "clerk", Desk: true}, Channel: deskRoom, Line: "list overdue", After: "20",
			Pressed: true, Shown: shown, Revision: 7,
		}
		if diff := cmp.Diff(want, w.commands.all()[1], cmpopts.IgnoreFields(desk.Call{}, "ID")); diff != "" {
			t.Error(diff)
		}
		t.Run("a fault leaves the list", func(t *testing.T) {
			w.commands.will(func(context.Context, desk.Call) (msg.Message, error) { return list, nil })
			out, err := w.sim.Command(w.ctx(), clerk, deskRoom, "/desk list")
			w.must(err)
			w.commands.will(func(context.Context, desk.Call) (msg.Message, error) {
				return msg.Message{}, bot.Refuse(bot.Later, "error.later")
			})
			_, err = w.sim.Press(w.ctx(), clerk, deskRoom, out.Message.TS, "desk.run#1")
			w.must(err)
			w.whispered(clerk, w.say("error.later"))
			if m, _ := w.sim.Message(deskRoom, out.Message.TS); m.Text != "一覧 1" {
				t.Errorf("got %s", m.Text)
			}
		})
	})
	t.Run("a list in a thread is replaced, too", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.commands.will(func(_ context.Context, c desk.Call) (msg.Message, error) {
			return msg.Message{Alt: c.Line, Blocks: []msg.Block{msg.Text{Body: c.Line}}, Choices: []msg.Button{
				{Label: "次へ", Press: msg.Do("desk.run", "line", "list 2")},
			}}, nil
		})
		under := parcel(deskRoom, msg.Message{Alt: "まとめ", Choices: []msg.Button{button("desk.run", "line", "list 1")}})
		under.Thread = w.card(deskRoom)
		below, err := w.sender.Send(w.ctx(), under)
		w.must(err)
		_, err = w.sim.Press(w.ctx(), clerk, deskRoom, below.TS, "desk.run#1")
		w.must(err)
		first := w.whispered(clerk, "list 1")
		_, err = w.sim.Press(w.ctx(), clerk, deskRoom, first.TS, "desk.run#1")
		w.must(err)
		w.whispered(clerk, "list 2")
		if all := w.sim.EphemeralTo(deskRoom, clerk); len(all) != 1 || all[0].TS != first.TS {
			t.Errorf("the list was not replaced: %+v", all)
		}
	})
	t.Run("on a card for everybody the answer is for the presser alone", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		ts := w.card(deskRoom, button("desk.run", "line", "show K1"))
		_, err := w.sim.Press(w.ctx(), clerk, deskRoom, ts, "desk.run#1")
		w.must(err)
		w.whispered(clerk, "はい")
		if m, _ := w.sim.Message(deskRoom, ts); m.Text != "カード" {
			t.Errorf("the card was replaced by %s", m.Text)
		}
	})
}

func TestPress_link(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.card(deskRoom, msg.Button{Label: "開く", URL: "https://www.city.kishiwada.lg.jp/"})
	out, err := w.sim.Press(w.ctx(), clerk, deskRoom, ts, "link#1")
	w.must(err)
	if out.Error != "" || len(w.cards.pressed()) != 0 {
		t.Errorf("got %+v, %+v", out, w.cards.pressed())
	}
}

func TestPress_slow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cards.willPress(func(ctx context.Context, _ coordinator.Press) (coordinator.Reaction, error) {
		<-ctx.Done() // as a query would
		return coordinator.Reaction{}, ctx.Err()
	})
	ts := w.card(deskRoom, button("proposal.take", "proposal", "1"))
	out, err := w.sim.Press(w.ctx(), clerk, deskRoom, ts, "proposal.take#1")
	w.must(err)
	if out.Error != "" {
		t.Errorf("got %+v", out)
	}
	w.whispered(clerk, w.say("error.later"))
}

func replyScreen() msg.Screen {
	return msg.Screen{
		Title: "企業に返信", Submit: "確認へ進む", Close: "閉じる", Then: msg.Do("proposal.reply", "proposal", "1"),
		Blocks: []msg.Block{msg.Text{Body: "K2026-0001「見守り」"}},
		Inputs: []msg.Input{{ID: "body", Kind: msg.InputLong, Label: "本文", Hint: "3,000文字まで。", Max: 3000}},
	}
}

// What only the presser sees is no card of a room: an answer shown to them alone, or one in the app's own conversation with them.
func TestPress_alone(t *testing.T) {
	t.Parallel()
	for channel, want := range map[string]bool{deskRoom: false, "D" + clerk: true} {
		t.Run(channel, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			button := msg.Do("proposal.details", "proposal", "1")
			payload := fmt.Sprintf(`{"type":"block_actions","user":{"id":%q,"team_id":"T0SIM"},"trigger_id":"t1","channel":{"id":%q},`+
				`"container":{"type":"message","message_ts":"1.1","channel_id":%q},"actions":[{"type":"button","action_id":"x#1","value":%q}]}`,
				clerk, channel, channel, button.Encode())
			_, _, err := w.sim.Forge(w.ctx(), slacksim.Forged{
				To: w.appURL + "/slack/interactions", Body: []byte(url.Values{"payload": {payload}}.Encode()),
				Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
			})
			w.must(err)
			w.cards.mu.Lock()
			defer w.cards.mu.Unlock()
			if len(w.cards.presses) != 1 || w.cards.presses[0].Alone != want {
				t.Errorf("got %+v", w.cards.presses)
			}
		})
	}
}
