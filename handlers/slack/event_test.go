package slack_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot"
	"tsunagi/bot/desk"
	"tsunagi/bot/msg"
	"tsunagi/handlers/slack"
	"tsunagi/handlers/slack/slacksim"
	"tsunagi/store/testwait"
)

func TestEvents(t *testing.T) {
	t.Parallel()
	overBothWires(t, func(t *testing.T, w *world) {
		t.Run("what staff say among themselves goes nowhere", func(t *testing.T) {
			ts := w.card(welfareRoom)
			seq := w.sim.Seq()
			_, err := w.sim.Say(w.ctx(), carer, welfareRoom, ts, "企業には言えない話")
			w.must(err)
			_, err = w.sim.Attach(w.ctx(), carer, welfareRoom, ts, "内部.pdf", "これも", []byte("x"))
			w.must(err)
			_, err = w.sim.Say(w.ctx(), carer, "U0BOT", "", "直接の話")
			w.must(err)
			if n := len(w.commands.all()) + len(w.cards.pressed()) + len(w.cards.submitted()); n != 0 {
				t.Errorf("%d flows were asked", n)
			}
			for _, e := range w.sim.Since(seq) {
				if e.Kind == slacksim.Called {
					t.Errorf("the app called %s", e.Method)
				}
			}
		})
		t.Run("repeats are taken and do nothing", func(t *testing.T) {
			w.sim.Again(w.ctx(), 3)
			if n := w.sim.Unacknowledged(); n != 0 {
				t.Errorf("%d events were not taken", n)
			}
		})
	})
}

func TestHome(t *testing.T) {
	t.Parallel()
	overBothWires(t, func(t *testing.T, w *world) {
		w.commands.will(deskHome)
		for range 2 { // the second time with the hash of the first
			seq := w.sim.Seq()
			w.must(w.sim.OpenHome(w.ctx(), clerk))
			_, err := w.sim.Wait(w.ctx(), seq, func(e slacksim.Entry) bool { return e.Kind == slacksim.HomeShown })
			w.must(err)
		}
		v, _ := w.sim.Home(clerk)
		if !strings.Contains(texts(t, v.Blocks), "担当する案件") {
			t.Errorf("got %s", v.Blocks)
		}
		if got := w.commands.all()[0]; got.Line != "home" || !got.Actor.Desk {
			t.Errorf("got %+v", got)
		}
		t.Run("its buttons show their answer there", func(t *testing.T) {
			w.commands.will(nil)
			seq := w.sim.Seq()
			_, err := w.sim.PressView(w.ctx(), clerk, v.ID, "desk.run#1")
			w.must(err)
			_, err = w.sim.Wait(w.ctx(), seq, func(e slacksim.Entry) bool {
				return e.Kind == slacksim.HomeShown && strings.Contains(texts(t, e.Blocks), "はい")
			})
			w.must(err)
		})
	})
	t.Run("in words when it cannot be shown", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		for user, c := range map[string]struct {
			err  error
			want string
		}{
			clerk:  {errors.New("database"), "slack.home"},
			nobody: {bot.Refuse(bot.Forbidden, "error.forbidden"), "error.forbidden"},
		} {
			w.commands.will(func(context.Context, desk.Call) (msg.Message, error) { return msg.Message{}, c.err })
			w.must(w.sim.OpenHome(w.ctx(), user))
			w.seen(func(e slacksim.Entry) bool { return e.Kind == slacksim.HomeShown && e.User == user })
			if v, _ := w.sim.Home(user); !strings.Contains(texts(t, v.Blocks), w.say(c.want)) {
				t.Errorf("%s: got %s", user, v.Blocks)
			}
		}
	})
}

func deskHome(context.Context, desk.Call) (msg.Message, error) {
	return msg.Message{Alt: "ホーム", Blocks: []msg.Block{msg.Card{
		Title: "担当する案件", Buttons: []msg.Button{button("desk.run", "line", "list mine")},
	}}}, nil
}

// The app hears with what its manifest asks for who may have gone, and of nobody else.
func TestLeft(t *testing.T) {
	t.Parallel()
	for name, socket := range map[string]bool{"http": false, "socket": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(c *slacksim.Config) { c.SocketMode, c.Events, c.Scopes = socket, slack.Events(), slack.Scopes() })
			w.must(w.sim.Rename(w.ctx(), clerk, "somebody"))
			w.must(w.sim.Join(w.ctx(), nobody, deskRoom))
			w.must(w.sim.Leave(w.ctx(), clerk, deskRoom))
			w.must(w.sim.Leave(w.ctx(), nurse, healthRoom))
			w.must(w.sim.MakeGuest(w.ctx(), carer))
			w.must(w.sim.Deactivate(w.ctx(), chief))
			w.sim.Again(w.ctx(), 1)
			if diff := cmp.Diff([]string{clerk, nurse, carer, chief, chief}, w.cards.left()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if n := w.sim.Unacknowledged(); n != 0 {
				t.Errorf("%d events were not taken", n)
			}
		})
	}
	t.Run("is heard again when it was in vain", func(t *testing.T) {
		t.Parallel()
		overBothWires(t, func(t *testing.T, w *world) {
			ctx, expire := testwait.Expiring(w.ctx()) // over the socket, no acknowledgement is the answer
			w.cards.turnDeaf(errors.New("database"), expire)
			w.must(w.sim.Deactivate(ctx, clerk))
			if n := w.sim.Unacknowledged(); n != 1 {
				t.Fatalf("%d events wait", n)
			}
			w.cards.turnDeaf(nil, nil)
			w.sim.Redeliver(w.ctx())
			if n := w.sim.Unacknowledged(); n != 0 || len(w.cards.left()) != 2 {
				t.Errorf("%d events wait, heard of %v", n, w.cards.left())
			}
		})
	})
}
