package playground

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"tsunagi/handlers/slack/slacksim"
)

// command is the app's in Slack.
const command = "/desk"

// Slack does what a staff member does in Slack.
func (c *Console) Slack(ctx context.Context, do SlackDo) error {
	out, err := c.inSlack(ctx, c.touch().Slack, do)
	var refused slacksim.Refusal
	switch {
	case errors.Is(err, slacksim.Incomplete): // the modal says under its inputs what is missing
		c.notice()
		return nil
	case errors.Is(err, slacksim.NotThere) && do.Do == "command":
		return Refuse("no_command", command)
	case errors.Is(err, slacksim.NotAllowed) && covered(c.world().Slack, do):
		return Refuse("covered")
	case errors.As(err, &refused):
		return c.refusedBySlack(refused)
	case err != nil:
		return err
	case out.Error != "":
		return Refuse("slack", out.Error)
	}
	return nil
}

// covered reports whether the view that somebody acts in lies below another one.
func covered(s *slacksim.Sim, do SlackDo) bool {
	stack := s.Views(do.User)
	at := slices.IndexFunc(stack, func(v slacksim.View) bool { return v.ID == do.ViewID })
	return at >= 0 && at < len(stack)-1
}

func (c *Console) refusedBySlack(r slacksim.Refusal) error {
	key, known := map[slacksim.Refusal]string{
		slacksim.NotThere: "not_there", slacksim.NotAllowed: "not_allowed", slacksim.NotOffered: "not_offered",
		slacksim.TooLong: "too_long", slacksim.NotMine: "not_mine",
	}[r]
	if !known {
		return Refuse("slack", string(r))
	}
	return Refuse(key)
}

func (c *Console) inSlack(ctx context.Context, s *slacksim.Sim, do SlackDo) (slacksim.Outcome, error) {
	switch do.Do {
	case "command":
		return s.Command(ctx, do.User, do.Channel, do.Text)
	case "press":
		return press(ctx, s, do)
	case "submit":
		return s.Submit(ctx, do.User, do.ViewID, values(do.Values))
	case "close":
		if do.Clear {
			return slacksim.Outcome{}, s.Dismiss(ctx, do.User, do.ViewID)
		}
		return slacksim.Outcome{}, s.Close(ctx, do.User, do.ViewID)
	case "say":
		_, err := s.Say(ctx, do.User, do.Channel, do.ThreadTS, do.Text)
		return slacksim.Outcome{}, err
	case "home":
		return slacksim.Outcome{}, s.OpenHome(ctx, do.User)
	case "upload":
		if do.File != nil {
			_, err := s.Attach(ctx, do.User, do.Channel, do.ThreadTS, do.File.Name, do.Text, do.File.Content)
			return slacksim.Outcome{}, err
		}
	}
	return slacksim.Outcome{}, Refuse("unknown")
}

// press presses in a message or in a view; what stands in the view's inputs is typed first.
func press(ctx context.Context, s *slacksim.Sim, do SlackDo) (slacksim.Outcome, error) {
	var value []string
	if do.Value != "" {
		value = []string{do.Value}
	}
	if do.ViewID == "" {
		return s.PressIn(ctx, do.User, do.Channel, do.TS, do.BlockID, do.ActionID, value...)
	}
	if err := s.Type(do.User, do.ViewID, values(do.Values)); err != nil {
		return slacksim.Outcome{}, err
	}
	return s.PressView(ctx, do.User, do.ViewID, do.ActionID, value...)
}

// values reads view.state.values as the page sends it. An input is known by its block, of which there is but one in it.
// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
func values(raw json.RawMessage) slacksim.Values {
	var state map[string]map[string]map[string]json.RawMessage
	if json.Unmarshal(raw, &state) != nil {
		return nil
	}
	out := slacksim.Values{}
	for _, actions := range state {
		for action, input := range actions {
			for slot, value := range input {
				if slot == "value" || strings.HasPrefix(slot, "selected_") {
					out[action] = chosen(value)
				}
			}
		}
	}
	return out
}

// chosen is what was typed or chosen: words, a number, an option, or a list of these. Nothing is an empty list.
func chosen(raw json.RawMessage) []string {
	var words string
	var option struct{ Value *string }
	var list []json.RawMessage
	out := []string{}
	switch {
	case string(raw) == "null":
	case json.Unmarshal(raw, &words) == nil:
		if words != "" {
			out = append(out, words)
		}
	case json.Unmarshal(raw, &list) == nil:
		for _, one := range list {
			out = append(out, chosen(one)...)
		}
	case json.Unmarshal(raw, &option) == nil && option.Value != nil:
		out = append(out, *option.Value)
	default:
		out = append(out, string(raw))
	}
	return out
}
