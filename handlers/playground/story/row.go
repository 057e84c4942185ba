package story

import (
	"context"
	"encoding/json"

	"tsunagi/handlers/line/linesim"
)

// tapRow presses the button that stands beside a label within a message, the newest first.
func (p *Player) tapRow(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	who := p.person(s)
	var action map[string]any
	p.untilLine(ctx, func() bool {
		action = newestRow(who.Chat(), s.args["row"], s.args["label"])
		return action != nil
	})
	if action == nil {
		return p.wrong(s, "no_row", "row", s.args["row"], "label", s.args["label"]).instead(p.phoneNow(who))
	}
	data, _ := action["data"].(string)
	said, _ := action["displayText"].(string)
	r, err := who.PressPostback(ctx, data, said, nil)
	return p.brought(ctx, s, r, err)
}

func newestRow(log []linesim.Entry, row, label string) map[string]any {
	for i := len(log) - 1; i >= 0; i-- {
		var message any
		if log[i].Kind != linesim.Seen || json.Unmarshal(log[i].Message, &message) != nil {
			continue
		}
		if action := beside(message, row, label); action != nil {
			return action
		}
	}
	return nil
}

// beside finds the action with a label in the innermost part that also shows the row's words.
func beside(v any, row, label string) map[string]any {
	for _, kid := range kids(v) {
		if action := beside(kid, row, label); action != nil {
			return action
		}
	}
	if !shows(v, row) {
		return nil
	}
	return actionIn(v, label)
}

// kids are the parts of a part, actions left out.
func kids(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case map[string]any:
		var out []any
		for _, key := range onPhone().into {
			if key != "action" && key != "actions" && v[key] != nil {
				out = append(out, v[key])
			}
		}
		return out
	}
	return nil
}

// shows reports whether a part shows exactly these words somewhere.
func shows(v any, words string) bool {
	for _, t := range onPhone().walk(v, nil) {
		if t == words {
			return true
		}
	}
	return false
}

func actionIn(v any, label string) map[string]any {
	if part, ok := v.(map[string]any); ok {
		action, _ := part["action"].(map[string]any)
		if name, _ := action["label"].(string); name != "" && clean(name) == label {
			return action
		}
	}
	for _, kid := range kids(v) {
		if action := actionIn(kid, label); action != nil {
			return action
		}
	}
	return nil
}
