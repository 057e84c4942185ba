package playground

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tsunagi/handlers/slack/slacksim"
)

// drawSlack shows the workspace.
func (c *Console) drawSlack(r *Running, sections map[string]any) {
	staff := []Staff{}
	views, homes := map[string][]json.RawMessage{}, map[string]json.RawMessage{}
	for _, m := range r.Cast.Staff {
		staff = append(staff, Staff{ID: m.ID, Name: m.Name, Role: m.Role})
		views[m.ID] = []json.RawMessage{}
		for _, v := range r.Slack.Views(m.ID) {
			views[m.ID] = append(views[m.ID], drawView(v))
		}
		homes[m.ID] = json.RawMessage("null")
		if home, ok := r.Slack.Home(m.ID); ok {
			homes[m.ID] = drawView(home)
		}
	}
	channels, messages := []Channel{}, map[string][]Message{}
	for _, room := range r.Slack.Rooms(botUser(r)) {
		channels = append(channels, c.channel(r, room))
		messages[room.ID] = c.messages(r, room)
	}
	sections[SectionStaff], sections[SectionViews], sections[SectionHome] = staff, views, homes
	sections[SectionChannels], sections[SectionMessages] = channels, messages
}

// botUser is the app's own user: it is in every channel of this workspace.
func botUser(r *Running) string {
	for _, u := range r.Slack.Users() {
		if u.Bot {
			return u.ID
		}
	}
	return ""
}

// channel is a channel, or somebody's conversation with the app.
func (c *Console) channel(r *Running, room slacksim.Room) Channel {
	out := Channel{ID: room.ID, Name: room.Name, Members: []string{}}
	if room.With != "" {
		out.Name, out.Direct = r.Cast.Bot, true
	}
	for _, m := range r.Cast.Staff { // in the cast's order: whoever comes first is whom one looks over the shoulder of
		if slices.Contains(room.Members, m.ID) {
			out.Members = append(out.Members, m.ID)
		}
	}
	return out
}

// messages are those of a channel with what single people alone see, oldest first.
func (c *Console) messages(r *Running, room slacksim.Room) []Message {
	all := r.Slack.Channel(room.ID)
	for _, member := range room.Members {
		all = append(all, r.Slack.EphemeralTo(room.ID, member)...)
	}
	slices.SortStableFunc(all, func(a, b slacksim.Message) int { return cmp.Compare(a.TS, b.TS) })
	out := []Message{}
	for _, m := range all {
		out = append(out, c.drawMessage(m))
	}
	return out
}

func (c *Console) drawMessage(m slacksim.Message) Message {
	out := Message{
		TS: m.TS, ThreadTS: m.ThreadTS, User: m.User, Bot: m.BotID, Text: m.Text, Blocks: withBlockIDs(m.Blocks),
		Edited: m.EditedTS != "", EphemeralFor: m.EphemeralTo,
	}
	for _, f := range m.Files {
		drawn := SlackFile{Name: f.Name, MimeType: f.Type, Size: int64(f.Size)}
		if f.Gone {
			drawn = SlackFile{Gone: true}
		}
		out.Files = append(out.Files, drawn)
	}
	return out
}

// drawView is a view in Slack's shape, with what has been typed into it so far as what its inputs begin with.
func drawView(v slacksim.View) json.RawMessage {
	words := func(s string) any {
		if s == "" {
			return nil
		}
		return map[string]string{"type": "plain_text", "text": s}
	}
	raw, err := json.Marshal(map[string]any{
		"id": v.ID, "type": v.Type, "title": words(v.Title), "submit": words(v.Submit), "close": words(v.Close),
		"blocks": typed(withBlockIDs(v.Blocks), v.Values), "errors": v.Errors,
	})
	if err != nil {
		return json.RawMessage("null")
	}
	return raw
}

// withBlockIDs gives blocks without an id the one that the workspace knows them by.
func withBlockIDs(blocks json.RawMessage) json.RawMessage {
	var list []map[string]any
	if len(blocks) == 0 || json.Unmarshal(blocks, &list) != nil {
		return blocks
	}
	for i, b := range list {
		if id, _ := b["block_id"].(string); id == "" {
			b["block_id"] = fmt.Sprintf("auto%d", i)
		}
	}
	return encoded(list, blocks)
}

// typed puts what stands in the inputs into the blocks: initial_value for value, initial_option for selected_option.
// https://docs.slack.dev/reference/block-kit/block-elements
func typed(blocks json.RawMessage, values slacksim.State) json.RawMessage {
	var list []map[string]any
	if len(blocks) == 0 || json.Unmarshal(blocks, &list) != nil {
		return blocks
	}
	for _, b := range list {
		element, _ := b["element"].(map[string]any)
		id, _ := b["block_id"].(string)
		action, _ := element["action_id"].(string)
		for slot, value := range values[id][action] {
			begin(element, slot, value)
		}
	}
	return encoded(list, blocks)
}

func begin(element map[string]any, slot string, value any) {
	name, selected := strings.CutPrefix(slot, "selected_")
	if !selected && slot != "value" {
		return
	}
	key := "initial_" + name
	if list, ok := value.([]any); value == nil || ok && len(list) == 0 {
		delete(element, key)
		return
	}
	element[key] = value
}

func encoded(v any, otherwise json.RawMessage) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		return otherwise
	}
	return raw
}
