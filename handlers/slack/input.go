package slack

import (
	"slices"
	"time"

	"tsunagi/bot/msg"
)

// input is something to fill in. block_id and action_id are the input's own id, so that what was typed survives when
// the view is changed: https://docs.slack.dev/surfaces/modals
func (p *page) input(in msg.Input) block {
	name := orDash(line(in.Label, maxLabel))
	if choosing(in.Kind) && len(in.Options) == 0 {
		return smallPrint(p.say("slack.no_options", "label", name))
	}
	hint := clean(in.Hint)
	if len(in.Options) > maxOptions {
		hint = p.say("slack.hidden_options")
		in.Options = in.Options[:maxOptions]
	}
	b := block{Type: "input", ID: in.ID, Label: plain(name), Element: field(in), Optional: in.Optional}
	if hint != "" {
		b.Hint = plain(clip(hint, maxLabel))
	}
	return b
}

func choosing(k msg.InputKind) bool { return k == msg.InputChoice || k == msg.InputMulti }

func field(in msg.Input) *element {
	e := &element{ActionID: in.ID}
	switch in.Kind {
	case msg.InputChoice:
		e.Type, e.Options = "static_select", options(in.Options)
		if chosen := chosen(e.Options, in.Value); len(chosen) > 0 {
			e.InitialOption = &chosen[0]
		}
	case msg.InputMulti:
		e.Type, e.Options = "checkboxes", options(in.Options)
		if len(in.Options) > maxChecks {
			e.Type = "multi_static_select"
		}
		e.InitialOptions = chosen(e.Options, in.Value)
	case msg.InputDate:
		e.Type, e.InitialDate = "datepicker", day(preset(in))
	case msg.InputUser:
		e.Type, e.InitialUser = "users_select", preset(in)
	default:
		typed(e, in)
	}
	return e
}

// typed is a text input. A preset that is longer than may be typed would be refused.
func typed(e *element, in msg.Input) {
	e.Type, e.Multiline, e.MaxLength = "plain_text_input", in.Kind == msg.InputLong, maxInput
	if in.Max > 0 {
		e.MaxLength = min(in.Max, maxInput)
	}
	e.InitialValue, _ = split(preset(in), e.MaxLength)
}

func preset(in msg.Input) string {
	if len(in.Value) == 0 {
		return ""
	}
	return in.Value[0]
}

// day drops what is no date rather than have the whole view refused.
func day(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}

func options(all []msg.Option) []option {
	out := make([]option, 0, len(all))
	for _, o := range all {
		one := option{Text: plain(orDash(line(o.Label, maxOption))), Value: o.ID}
		if hint := line(o.Hint, maxOption); hint != "" {
			one.Description = plain(hint)
		}
		out = append(out, one)
	}
	return out
}

// chosen are the preset options; they must be the same as offered, and offered at all.
func chosen(offered []option, values []string) []option {
	var out []option
	for _, o := range offered {
		if slices.Contains(values, o.Value) {
			out = append(out, o)
		}
	}
	return out
}
