package slack_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tsunagi/bot"
	"tsunagi/bot/desk"
	"tsunagi/bot/msg"
	"tsunagi/handlers/slack/slacksim"
)

func TestCommand(t *testing.T) {
	t.Parallel()
	overBothWires(t, func(t *testing.T, w *world) {
		out, err := w.sim.Command(w.ctx(), clerk, deskRoom, "/desk search <b> & @carer")
		w.must(err)
		if out.Error != "" || out.Message == nil || out.Message.EphemeralTo != clerk || out.Message.Text != "はい" {
			t.Errorf("got %+v", out)
		}
		want := []desk.Call{{
			Actor: bot.Actor{ID: clerk, Name: "clerk", Desk: true}, Channel: deskRoom, Line: "search <b> & <@" + carer + ">",
		}}
		got := w.commands.all()
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(desk.Call{}, "ID")); diff != "" {
			t.Error(diff)
		}
		if got[0].ID == "" {
			t.Error("the call has no id")
		}
	})
}

func TestCommand_errors(t *testing.T) {
	t.Parallel()
	overBothWires(t, func(t *testing.T, w *world) {
		for _, c := range []struct {
			err error
			key string
		}{
			{bot.Refuse(bot.Forbidden, "error.forbidden"), "error.forbidden"},
			{bot.Refuse(bot.NotFound, "error.not_found"), "error.not_found"},
			{fmt.Errorf("database: canary word"), "error.internal"},
			{fmt.Errorf("wrapped: %w", bot.Refuse(bot.Conflict, "error.conflict")), "error.conflict"},
		} {
			w.commands.will(func(context.Context, desk.Call) (msg.Message, error) { return msg.Message{}, c.err })
			out, err := w.sim.Command(w.ctx(), nobody, "C0LOBBY", "/desk list")
			w.must(err)
			if out.Message == nil || !strings.HasPrefix(out.Message.Text, w.say(c.key)) {
				t.Errorf("%v: got %+v", c.err, out)
			}
		}
	})
}

// TestCommand_roles is the whole matrix: who types is told apart before any flow hears of it.
func TestCommand_roles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for user, want := range map[string]bot.Actor{
		chief: {Desk: true, Manager: true}, clerk: {Desk: true}, carer: {Departments: []bot.DepartmentID{"welfare"}},
		nurse: {Departments: []bot.DepartmentID{"health"}}, guest: {}, nobody: {},
	} {
		room := map[bool]string{true: deskRoom, false: "C0LOBBY"}[user == guest]
		before := len(w.commands.all())
		out, err := w.sim.Command(w.ctx(), user, room, "/desk list")
		w.must(err)
		got := w.commands.all()[before:]
		want.ID, want.Name = user, strings.ToLower(user[2:])
		if diff := cmp.Diff([]bot.Actor{want}, []bot.Actor{got[0].Actor}); diff != "" || out.Message == nil {
			t.Errorf("%s: %+v %s", user, out, diff)
		}
	}
}

func TestCommand_outsider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := strings.NewReplacer("T0SIM", "T0OUTSIDE", clerk, alien).Replace(commandBody("list"))
	status, said := w.post("/slack/commands", body, w.clock.Now())
	if status != 200 || !strings.Contains(said, w.say("error.forbidden")) {
		t.Errorf("got %d %s", status, said)
	}
	if n := len(w.commands.all()); n != 0 {
		t.Errorf("%d commands ran", n)
	}
}

func TestCommand_slow(t *testing.T) {
	t.Parallel()
	overBothWires(t, func(t *testing.T, w *world) {
		w.commands.will(func(ctx context.Context, _ desk.Call) (msg.Message, error) {
			<-ctx.Done() // as a query would
			return msg.Message{}, fmt.Errorf("query: %w", ctx.Err())
		})
		out, err := w.sim.Command(w.ctx(), clerk, deskRoom, "/desk list")
		w.must(err)
		if out.Error != "" || out.Message == nil || out.Message.Text != w.say("error.later") {
			t.Errorf("got %+v", out)
		}
	})
}

func TestCommand_withoutSlack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Times: -1})
	out, err := w.sim.Command(w.ctx(), clerk, deskRoom, "/desk list")
	w.must(err)
	if out.Message == nil || out.Message.Text != w.say("error.later") || len(w.commands.all()) != 0 {
		t.Errorf("got %+v", out)
	}
}

// TestCommand_long: an answer of 20 KB and more would be dropped by Slack over Socket Mode without a word.
func TestCommand_long(t *testing.T) {
	t.Parallel()
	overBothWires(t, func(t *testing.T, w *world) {
		w.commands.will(func(context.Context, desk.Call) (msg.Message, error) {
			return msg.Message{Alt: "長い一覧", Blocks: []msg.Block{msg.Text{Body: strings.Repeat("長い話。", 2500)}}}, nil
		})
		_, err := w.sim.Command(w.ctx(), clerk, deskRoom, "/desk list")
		w.must(err)
		e := w.whispered(clerk, "長い一覧")
		if n := strings.Count(texts(t, e.Blocks), "長い話。"); n != 2500 {
			t.Errorf("%d of 2500 sentences arrived", n)
		}
	})
}

func TestLog_holdsNoContent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.commands.will(func(context.Context, desk.Call) (msg.Message, error) {
		return msg.Message{}, bot.Refuse(bot.Invalid, "error.invalid")
	})
	_, err := w.sim.Command(w.ctx(), clerk, deskRoom, "/desk search カナリア")
	w.must(err)
	w.sim.Misbehave(refusal("invalid_blocks"))
	_, _ = w.sender.Send(w.ctx(), parcel(deskRoom, plain("カナリア"))) // refused; the log is looked at
	for _, word := range []string{"カナリア", "xoxb-test", "/response/", "clerk\""} {
		if strings.Contains(w.log.String(), word) {
			t.Errorf("%s is in the log: %s", word, w.log)
		}
	}
	if !strings.Contains(w.log.String(), "slack refused") {
		t.Errorf("nothing was logged: %s", w.log)
	}
}
