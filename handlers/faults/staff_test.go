package faults_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tsunagi/handlers/slack/slacksim"
	"tsunagi/store/testwait"
)

// colleague is a member of staff at a screen.
type colleague struct {
	w  *world
	id string
}

func (w *world) colleague(id string) colleague { return colleague{w, id} }

// brief is a context for one wait.
func (w *world) brief() context.Context { return testwait.Of(w.t, w.ctx) }

// cards are the cards of a proposal in a room: messages of ours that are no replies.
func (w *world) cards(room, number string) []slacksim.Message {
	var out []slacksim.Message
	for _, m := range w.slack.Channel(room) {
		if (m.ThreadTS == "" || m.ThreadTS == m.TS) && m.BotID != "" && strings.Contains(said(m.Blocks), number) {
			out = append(out, m)
		}
	}
	return out
}

// card waits for the card of a proposal with a button.
func (w *world) card(room, number, button string) slacksim.Message {
	w.t.Helper()
	var found slacksim.Message
	w.until(fmt.Sprintf("the card of %s in %s offers %q", number, room, button), func() (bool, error) {
		for _, m := range w.cards(room, number) {
			if _, _, ok := pressable(m.Blocks, button); ok {
				found = m
				return true, nil
			}
		}
		return false, nil
	})
	return found
}

// thread is all that stands under the card of a proposal.
func (w *world) thread(room, number string) string {
	var b strings.Builder
	for _, c := range w.cards(room, number) {
		for _, m := range w.slack.Thread(room, c.TS) {
			b.WriteString(m.Text + "\n" + said(m.Blocks) + "\n")
		}
	}
	return b.String()
}

// room is all that stands in a room.
func (w *world) room(room string) string {
	var b strings.Builder
	for _, m := range w.slack.Channel(room) {
		b.WriteString(m.Text + "\n" + said(m.Blocks) + "\n")
	}
	return b.String()
}

// reads waits until words stand in a room.
func (w *world) reads(room, words string) {
	w.t.Helper()
	w.until(fmt.Sprintf("%q stands in %s", words, room), func() (bool, error) {
		return strings.Contains(w.room(room), words), nil
	})
}

// pressable finds what carries a label: the action, and what tells it apart from others of that name: the value of a
// button, or the label if it is one of a menu.
func pressable(blocks json.RawMessage, label string) (action string, value []string, ok bool) {
	var v any
	if json.Unmarshal(blocks, &v) != nil {
		return "", nil, false
	}
	return search(v, label)
}

func search(v any, label string) (string, []string, bool) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			if action, value, ok := search(item, label); ok {
				return action, value, true
			}
		}
	case map[string]any:
		action, _ := v["action_id"].(string)
		if action != "" && words(v["text"]) == label {
			value, _ := v["value"].(string)
			return action, []string{value}, true
		}
		options, _ := v["options"].([]any)
		for _, o := range options {
			if m, ok := o.(map[string]any); ok && action != "" && words(m["text"]) == label {
				return action, []string{label}, true
			}
		}
		for _, part := range v {
			if action, value, ok := search(part, label); ok {
				return action, value, true
			}
		}
	}
	return "", nil, false
}

func words(v any) string {
	m, _ := v.(map[string]any)
	s, _ := m["text"].(string)
	return s
}

// presses presses a button of a card.
func (c colleague) presses(room, number, button string) slacksim.Outcome {
	c.w.t.Helper()
	return c.press(button, func() slacksim.Message { return c.w.card(room, number, button) })
}

// on presses a button of a message.
func (c colleague) on(m slacksim.Message, button string) slacksim.Outcome {
	c.w.t.Helper()
	return c.press(button, func() slacksim.Message {
		now, _ := c.w.slack.Message(m.Channel, m.TS)
		return now
	})
}

// press presses a button of a message as it stands. What is changed between the look and the press takes no press, since
// its buttons have moved: then it is looked at once more, as somebody does who sees the card change under the finger.
// Only a change that Slack's record tells of is a reason for that.
func (c colleague) press(button string, look func() slacksim.Message) slacksim.Outcome {
	c.w.t.Helper()
	for {
		before := c.w.slack.Seq()
		m := look()
		out, err := c.hits(m, button)
		if !errors.Is(err, slacksim.NotThere) && !errors.Is(err, slacksim.NotOffered) {
			c.w.must(err)
			return out
		}
		c.w.changes(before, m, err)
	}
}

// hits presses a button where it was seen.
func (c colleague) hits(seen slacksim.Message, button string) (slacksim.Outcome, error) {
	c.w.t.Helper()
	action, value, ok := pressable(seen.Blocks, button)
	if !ok {
		c.w.t.Fatalf("no %q on %s", button, said(seen.Blocks))
	}
	return c.w.slack.Press(c.w.ctx, c.id, seen.Channel, seen.TS, action, value...)
}

// changes waits for the change of a message after an entry of the record, which is why it has refused a press.
func (w *world) changes(after int, m slacksim.Message, refused error) {
	w.t.Helper()
	_, err := w.slack.Wait(w.brief(), after, func(e slacksim.Entry) bool {
		return e.Channel == m.Channel && e.TS == m.TS && (e.Kind == slacksim.Updated || e.Kind == slacksim.Deleted)
	})
	if err != nil {
		w.t.Fatalf("%v, and it has not changed:\n%s", refused, said(m.Blocks))
	}
}

// opens presses a button and waits for the modal that it opens.
func (c colleague) opens(room, number, button string) slacksim.View {
	c.w.t.Helper()
	for {
		before := c.w.slack.Seq()
		if out := c.presses(room, number, button); out.Error != "" {
			c.w.t.Fatalf("%s presses %s: %s", c.id, button, out.Error)
		}
		if e := c.sees(before); !busy(e) {
			return c.faces(e)
		}
	}
}

// sees waits for what a press that opens a modal shows the presser alone, after an entry of the record. That something was
// done is never said of such a press: it comes of one before, on a card of which the program did not know yet that it was
// posted.
func (c colleague) sees(after int) slacksim.Entry {
	c.w.t.Helper()
	e, err := c.w.slack.Wait(c.w.brief(), after, func(e slacksim.Entry) bool {
		late := e.Kind == slacksim.Ephemeral && strings.HasPrefix(e.Text, "反映しました。")
		return e.User == c.id && !late && (e.Kind == slacksim.ViewOpened || e.Kind == slacksim.Ephemeral)
	})
	c.w.must(err)
	return e
}

// busy reports whether somebody is told to press once more since there was no time: no fault of the program's on a machine
// that is busy with other things.
func busy(e slacksim.Entry) bool {
	return e.Kind == slacksim.Ephemeral &&
		(strings.Contains(e.Text, "ただいま混み合っています") || strings.Contains(e.Text, "画面を開けませんでした"))
}

// faces is the modal that was opened.
func (c colleague) faces(opened slacksim.Entry) slacksim.View {
	c.w.t.Helper()
	v, ok := c.w.slack.View(c.id)
	if !ok || opened.Kind != slacksim.ViewOpened {
		c.w.t.Fatalf("%s faces no modal but %q", c.id, opened.Text)
	}
	return v
}

// submits fills in the modal in front and sends it off.
func (c colleague) submits(values slacksim.Values) slacksim.Outcome {
	c.w.t.Helper()
	v, ok := c.w.slack.View(c.id)
	if !ok {
		c.w.t.Fatalf("%s faces no modal", c.id)
	}
	out, err := c.w.slack.Submit(c.w.ctx, c.id, v.ID, values)
	if err != nil {
		c.w.t.Fatalf("%v: %v\n%s", err, out.Errors, said(v.Blocks))
	}
	return out
}

// fine submits where nothing may be amiss.
func (c colleague) fine(values slacksim.Values) {
	c.w.t.Helper()
	if out := c.submits(values); out.Error != "" || len(out.Errors) > 0 {
		c.w.t.Fatalf("%s: %+v", c.id, out)
	}
}

// takes makes the colleague the owner.
func (c colleague) takes(number string) {
	c.w.t.Helper()
	before := c.w.slack.Seq()
	c.presses(deskRoom, number, "担当する")
	c.w.until(c.id+" owns "+number, func() (bool, error) {
		n, err := c.w.count(`SELECT count(*) FROM proposals WHERE number = $1 AND owner = $2`, number, c.id)
		if n == 0 && err == nil && c.toldBusy(before) {
			before = c.w.slack.Seq()
			c.presses(deskRoom, number, "担当する")
		}
		return n == 1, err
	})
}

// toldBusy reports whether the colleague was told to try once more, after an entry of the record.
func (c colleague) toldBusy(after int) bool {
	return slices.ContainsFunc(c.w.slack.Since(after), func(e slacksim.Entry) bool { return e.User == c.id && busy(e) })
}

// refers asks departments about a proposal.
func (c colleague) refers(number string, departments ...string) {
	c.w.t.Helper()
	c.opens(deskRoom, number, "照会する")
	c.fine(slacksim.Values{"departments": departments, "note": {"ご検討ください"}})
}

// writes writes a reply up to the preview.
func (c colleague) writes(room, number, body string) {
	c.w.t.Helper()
	c.opens(room, number, "企業に返信")
	c.fine(slacksim.Values{"body": {body}})
	if v, ok := c.w.slack.View(c.id); !ok || !strings.Contains(said(v.Blocks), body) {
		c.w.t.Fatalf("%s sees no preview of %q", c.id, body)
	}
}

// replies writes a reply and confirms it.
func (c colleague) replies(room, number, body string) {
	c.w.t.Helper()
	c.writes(room, number, body)
	c.fine(nil)
}

// begin is a proposal that the desk has taken: where most of what the desk does begins.
func begin(t *testing.T, wishes ...wish) (*world, person, string) {
	t.Helper()
	w := newWorld(t, wishes...)
	p := w.person("sato")
	p.arrives(p.Follow(w.ctx))
	number := p.submits(proposalOf(1))
	p.reads(0, number)
	w.colleague(tanaka).takes(number)
	return w, p, number
}
