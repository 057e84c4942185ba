package slack_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tsunagi/bot"
	"tsunagi/handlers/slack/slacksim"
)

func TestActor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sim.AddUser("U0GONE", "gone", slacksim.Gone)
	w.sim.AddPrivateChannel("C0DESK2", "x", "U0GONE")
	for user, want := range map[string]bot.Actor{
		chief:    {Desk: true, Manager: true},
		clerk:    {Desk: true},
		carer:    {Departments: []bot.DepartmentID{"welfare"}},
		nurse:    {Departments: []bot.DepartmentID{"health"}},
		both:     {Departments: []bot.DepartmentID{"welfare", "health"}},
		guest:    {},
		alien:    {},
		robot:    {},
		nobody:   {},
		"U0GONE": {},
		"U0NONE": {},
		botUser:  {},
	} {
		got, err := w.directory.Actor(w.ctx(), user, "")
		w.must(err)
		want.ID = user
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(bot.Actor{}, "Name")); diff != "" {
			t.Errorf("%s: %s", user, diff)
		}
	}
	t.Run("who acts from another workspace has no role", func(t *testing.T) {
		got, err := w.directory.Actor(w.ctx(), clerk, "T0OUTSIDE")
		if err != nil || got.Staff() {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	t.Run("names", func(t *testing.T) {
		for user, want := range map[string]string{clerk: "clerk", "U0NONE": "U0NONE"} {
			if got := w.directory.Name(w.ctx(), user); got != want {
				t.Errorf("%s is called %q", user, got)
			}
		}
	})
}

func TestAbsent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sim.AddUser("U0GONE", "gone", slacksim.Gone)
	for user, want := range map[string]bot.Absence{
		chief: bot.Present, clerk: bot.Present, // of the desk
		carer: bot.Left, guest: bot.Left, alien: bot.Left, robot: bot.Left, nobody: bot.Left,
		"U0GONE": bot.Closed, "U0NONE": bot.Closed,
	} {
		if got, err := w.directory.Absent(w.ctx(), user); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", user, got, err, want)
		}
	}
	w.must(w.sim.Leave(w.ctx(), chief, deskRoom)) // a manager is of the desk wherever they are
	w.must(w.sim.Deactivate(w.ctx(), clerk))
	for user, want := range map[string]bot.Absence{chief: bot.Present, clerk: bot.Closed} {
		if got, err := w.directory.Absent(w.ctx(), user); err != nil || got != want {
			t.Errorf("then %s: got %q, %v, want %q", user, got, err, want)
		}
	}
	t.Run("nobody is, as long as that cannot be told", func(t *testing.T) {
		for name, spoil := range map[string]func(*world){
			"Slack fails": func(w *world) {
				w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "users.info", Times: -1})
			},
			"members not told": func(w *world) {
				w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "conversations.members", Times: -1})
			},
			"taken out of it":      func(w *world) { w.sim.AddPrivateChannel(deskRoom, "desk"); w.must(w.sim.RemoveBot(w.ctx(), deskRoom)) },
			"of another workspace": func(w *world) { w.desk.Channel = "C0NONE" },
		} {
			w := newWorld(t)
			spoil(w)
			for _, user := range []string{clerk, "U0NONE"} {
				if got, err := w.directory.Absent(w.ctx(), user); bot.KindOf(err) != bot.Later || got != bot.Present {
					t.Errorf("%s: %s is %q, %v", name, user, got, err)
				}
			}
		}
	})
}

func TestActor_manyMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var members []string
	for i := range 1200 {
		id := fmt.Sprintf("U0M%04d", i)
		w.sim.AddUser(id, id)
		members = append(members, id)
	}
	w.sim.AddPrivateChannel(deskRoom, "desk", members...)
	for _, id := range []string{members[0], members[600], members[1199]} {
		if got, err := w.directory.Actor(w.ctx(), id, ""); err != nil || !got.Desk {
			t.Errorf("%s: %+v, %v", id, got, err)
		}
	}
}

// calls counts the calls of a method so far.
func (w *world) calls(method string) int {
	n := 0
	for _, e := range w.sim.Record() {
		if e.Kind == slacksim.Called && e.Method == method {
			n++
		}
	}
	return n
}

func TestActor_cached(t *testing.T) {
	t.Parallel()
	t.Run("those who ask at once ask Slack once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if a, err := w.directory.Actor(w.ctx(), clerk, ""); err != nil || !a.Desk {
					t.Errorf("got %+v, %v", a, err)
				}
			})
		}
		all.Wait()
		if n := w.calls("conversations.members"); n != 3 {
			t.Errorf("%d calls for three channels", n)
		}
		if n := w.calls("users.info"); n != 1 {
			t.Errorf("%d calls for one person", n)
		}
	})
	t.Run("who is taken out loses the role within a minute", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, func(c *slacksim.Config) { c.Events = []string{} })
		staff := func() bool {
			a, err := w.directory.Actor(w.ctx(), clerk, "")
			w.must(err)
			return a.Desk
		}
		if !staff() {
			t.Fatal("no role at first")
		}
		w.must(w.sim.Leave(w.ctx(), clerk, deskRoom))
		w.clock.Add(61 * time.Second)
		if staff() {
			t.Error("still has the role")
		}
	})
	t.Run("when Slack tells of it, at once", func(t *testing.T) {
		t.Parallel()
		overBothWires(t, func(t *testing.T, w *world) {
			for _, want := range []bool{true, false, true} {
				a, err := w.directory.Actor(w.ctx(), clerk, "")
				w.must(err)
				if a.Desk != want {
					t.Errorf("desk: %v, want %v", a.Desk, want)
				}
				if want {
					w.must(w.sim.Leave(w.ctx(), clerk, deskRoom))
				} else {
					w.must(w.sim.Join(w.ctx(), clerk, deskRoom))
				}
			}
		})
	})
	t.Run("nobody waits while it is renewed", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		_, err := w.directory.Actor(w.ctx(), clerk, "")
		w.must(err)
		w.clock.Add(40 * time.Second)
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.Timeout, Method: "conversations.members", Times: -1})
		ctx, cancel := context.WithCancel(w.ctx())
		cancel() // whoever waited would come away with that
		if a, err := w.directory.Actor(ctx, clerk, ""); err != nil || !a.Desk {
			t.Errorf("got %+v, %v", a, err)
		}
	})
	t.Run("what is too old is not believed", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		_, err := w.directory.Actor(w.ctx(), clerk, "")
		w.must(err)
		w.clock.Add(61 * time.Second)
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "conversations.members", Times: -1})
		a, err := w.directory.Actor(w.ctx(), clerk, "")
		if bot.KindOf(err) != bot.Later || a.Staff() {
			t.Errorf("got %+v, %v", a, err)
		}
	})
	t.Run("a department that cannot be looked up does not stop the desk", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "conversations.members", Channel: healthRoom, Times: -1})
		if a, err := w.directory.Actor(w.ctx(), clerk, ""); err != nil || !a.Desk {
			t.Errorf("desk: %+v, %v", a, err)
		}
		if _, err := w.directory.Actor(w.ctx(), nurse, ""); bot.KindOf(err) != bot.Later {
			t.Errorf("department: %v", err)
		}
	})
	t.Run("a channel that is gone has no members", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.must(w.sim.RemoveBot(w.ctx(), healthRoom))
		for user, want := range map[string]bool{clerk: true, nurse: false} {
			if a, err := w.directory.Actor(w.ctx(), user, ""); err != nil || a.Staff() != want {
				t.Errorf("%s: %+v, %v", user, a, err)
			}
		}
	})
}

// Nobody has no name: Slack is not asked for it.
func TestName_of_nobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seq := w.sim.Seq()
	if got := w.directory.Name(w.ctx(), ""); got != "" {
		t.Errorf("got %q", got)
	}
	for _, e := range w.sim.Since(seq) {
		t.Errorf("Slack was asked: %s %s", e.Kind, e.Method)
	}
}
