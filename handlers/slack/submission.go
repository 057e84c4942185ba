package slack

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"tsunagi/bot/coordinator"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// submit answers a filled-in modal: with complaints at its inputs, with the next view in its place, or by closing it.
// Pressing twice sends the same view with the same hash, so both carry one id.
func (a *App) submit(ctx context.Context, in interaction) answer {
	p, _ := msg.ParsePress(in.View.Private)
	id := in.View.ID + "." + in.View.Hash
	who, err := a.actor(ctx, in.User.ID, in.team())
	var said coordinator.Response
	if err == nil {
		said, err = a.Coordinator.Submit(ctx, coordinator.Submission{ID: id, Actor: who, Press: p, Values: in.View.values()})
	}
	switch {
	case err != nil:
		return a.complain(in, a.sorry(ctx, p.Do, id, err))
	case len(said.Faults) > 0:
		return a.faults(in, said.Faults)
	}
	a.taken(ctx, "submission", p.Do, id)
	if said.Say.Key != "" {
		a.after(ctx, p.Do, id, func(ctx context.Context) {
			a.whisper(ctx, spot{user: in.User.ID}, a.plainly(said.Say), false)
		})
	}
	if said.Show != nil {
		return a.show(in, said)
	}
	return answer{body: compact(viewAnswer{Action: "clear"})}
}

// viewAnswer is https://docs.slack.dev/surfaces/modals#response_actions
type viewAnswer struct {
	Action string            `json:"response_action"`
	Errors map[string]string `json:"errors,omitempty"`
	View   *view             `json:"view,omitempty"`
}

// faults shows what is wrong under the inputs. A complaint about no input of this view would break the whole answer, so
// it goes to the first one.
func (a *App) faults(in interaction, all map[string]text.Line) answer {
	inputs := in.View.inputs()
	said := viewAnswer{Action: "errors", Errors: map[string]string{}}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		at := id
		if !slices.Contains(inputs, id) && len(inputs) > 0 {
			at = inputs[0]
		}
		said.Errors[at] = clip(clean(a.Words.Say(all[id])), maxLabel)
	}
	if len(inputs) == 0 {
		lines := make([]string, 0, len(all))
		for _, id := range slices.Sorted(maps.Keys(all)) {
			lines = append(lines, a.Words.Say(all[id]))
		}
		return a.instead(in, lines)
	}
	return answer{body: compact(said)}
}

// complain shows an error without losing what was typed: under the first input, or in place of a view without any.
func (a *App) complain(in interaction, sorry msg.Message) answer {
	inputs := in.View.inputs()
	if len(inputs) == 0 {
		return a.instead(in, []string{sorry.Alt})
	}
	return answer{body: compact(viewAnswer{Action: "errors", Errors: map[string]string{inputs[0]: clip(clean(sorry.Alt), maxLabel)}})}
}

// instead shows words in place of a view that has no inputs.
func (a *App) instead(in interaction, lines []string) answer {
	s := msg.Screen{Title: a.Words.Say(text.Say("slack.screen.sorry")), Close: a.Words.Say(text.Say("slack.screen.close"))}
	for _, l := range lines {
		s.Blocks = append(s.Blocks, msg.Text{Body: l})
	}
	v := modal(a.Words, s, "sorry."+in.View.ID+"."+in.View.Hash)
	return answer{body: compact(viewAnswer{Action: "update", View: &v})}
}

// show puts the next view on top of this one if closing it is to lead back, else in its place. One that is too long for
// Socket Mode comes in two steps, which only a view whose id is known can. Somebody who went back and submits again does so
// with the view's old hash: the trigger alone is new each time. https://docs.slack.dev/surfaces/modals#response_actions
func (a *App) show(in interaction, said coordinator.Response) answer {
	s, action, id := *said.Show, "update", in.View.ID+"."+in.View.Hash+"."+in.Trigger
	if said.Back {
		action = "push"
	}
	v := modal(a.Words, s, "show."+id)
	wait := modal(a.Words, msg.Screen{
		Title: s.Title, Blocks: []msg.Block{msg.Text{Body: a.Words.Say(text.Say("slack.screen.wait"))}},
	}, v.External)
	return answer{
		body: compact(viewAnswer{Action: action, View: &v}), short: compact(viewAnswer{Action: "update", View: &wait}),
		whole: func(ctx context.Context) {
			if _, err := a.Client.api.UpdateViewContext(ctx, v.request(), "", "", in.View.ID); err != nil {
				a.Log.Error("view not shown", "event", id, "error", err, "reasons", reasons(err))
			}
		},
	}
}

// inputs are the ids of the view's inputs, in order.
func (s *shown) inputs() []string {
	var blocks []struct {
		Type string `json:"type"`
		ID   string `json:"block_id"`
	}
	_ = loosely(s.Blocks, &blocks) // what cannot be read holds no input of ours
	var ids []string
	for _, b := range blocks {
		if b.Type == "input" && b.ID != "" {
			ids = append(ids, b.ID)
		}
	}
	return ids
}

// values are what was filled in, by input id. An input of unknown shape is left out rather than costing the rest.
func (s *shown) values() msg.Values {
	var state map[string]json.RawMessage
	_ = loosely(s.State.Values, &state) // an empty state comes as a list
	out := msg.Values{}
	for id, raw := range state {
		var fields map[string]json.RawMessage
		_ = loosely(raw, &fields)
		for _, raw := range fields {
			var f filled
			if loosely(raw, &f) == nil {
				out[id] = f.values()
			}
		}
	}
	return out
}

// filled is the state of one input. https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
type filled struct {
	Type    string           `json:"type"`
	Value   string           `json:"value"`
	Option  *chosenOption    `json:"selected_option"`
	Options *[]*chosenOption `json:"selected_options"`
	Date    string           `json:"selected_date"`
	User    string           `json:"selected_user"`
}

type chosenOption struct {
	Value string `json:"value"`
}

func (f filled) values() []string {
	var out []string
	if f.Options != nil {
		for _, o := range *f.Options {
			if o != nil {
				out = append(out, o.Value)
			}
		}
	}
	if f.Option != nil {
		out = append(out, f.Option.Value)
	}
	typed := strings.ReplaceAll(form.Readable(f.Value), "\x00", "") // which no database takes
	for _, v := range []string{unnamed(typed), f.Date, f.User} {
		if v != "" {
			out = append(out, v)
		}
	}
	return out
}
