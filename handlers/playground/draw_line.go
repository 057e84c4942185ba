package playground

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"tsunagi/handlers/line/linesim"
)

func (c *Console) desk(r *Running) Desk {
	return Desk{Name: r.World.Desk.Name, Bot: r.Cast.Bot, Workspace: r.Cast.Workspace, Command: command}
}

// drawLine shows the phones.
func (c *Console) drawLine(r *Running, sections map[string]any) {
	people, chats, loading := []Person{}, map[string][]ChatEntry{}, map[string]bool{}
	var menu *RichMenu
	turns := c.turns(r)
	for _, p := range r.Line.People() {
		people = append(people, Person{ID: p.ID, Name: p.Name, Organization: organization(r, p.ID), Friend: p.Friend || p.Blocked, Blocked: p.Blocked})
		chats[p.ID] = c.chat(r, p.ID, turns[p.ID])
		loading[p.ID] = r.Line.Loading(p.ID)
		if menu == nil {
			menu = richMenu(r, p.ID)
		}
	}
	sections[SectionPeople], sections[SectionChats] = people, chats
	sections[SectionLoading], sections[SectionRichMenu] = loading, menu
}

func organization(r *Running, id string) string {
	for _, p := range r.Cast.People {
		if linesim.UserID(p.Name) == id {
			return p.Organization
		}
	}
	return ""
}

// turns are when people followed and blocked, which leaves nothing in the talk but a note of the phone's.
func (c *Console) turns(r *Running) map[string][]ChatEntry {
	out := map[string][]ChatEntry{}
	for _, e := range r.Line.Record() {
		if e.Kind != linesim.Followed && e.Kind != linesim.Blocked {
			continue
		}
		out[e.Person] = append(out[e.Person], ChatEntry{Seq: e.Seq, At: e.Time.Format(time.RFC3339), From: "person", Note: string(e.Kind)})
	}
	return out
}

// chat is one talk, oldest first.
func (c *Console) chat(r *Running, id string, turns []ChatEntry) []ChatEntry {
	out := slices.Clone(turns)
	for _, e := range r.Line.Chat(id) {
		one := ChatEntry{Seq: e.Seq, At: e.Time.Format(time.RFC3339), From: "desk", Message: e.Message, Unsent: e.Unsent}
		if e.Kind != linesim.Seen {
			one.From = "person"
		}
		if e.QuickReply == nil {
			one.Message = withoutQuickReply(e.Message)
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b ChatEntry) int { return int(a.Seq - b.Seq) })
	return out
}

// withoutQuickReply takes away what the phone no longer shows.
func withoutQuickReply(message json.RawMessage) json.RawMessage {
	var parts map[string]json.RawMessage
	if json.Unmarshal(message, &parts) != nil || parts["quickReply"] == nil {
		return message
	}
	delete(parts, "quickReply")
	raw, err := json.Marshal(parts)
	if err != nil {
		return message
	}
	return raw
}

// richMenu is the menu on a phone; whoever is no friend sees none.
func richMenu(r *Running, id string) *RichMenu {
	m, ok := r.Line.Menu(id)
	if !ok {
		return nil
	}
	out := &RichMenu{}
	if json.Unmarshal(m.Menu, out) != nil {
		return nil
	}
	if len(m.Image) > 0 {
		out.ImageURL = "/playground/menu/" + m.ID
	}
	return out
}

// menuImage gives the picture of a rich menu that somebody can see.
func (c *Console) menuImage(w http.ResponseWriter, req *http.Request) {
	r := c.world()
	for _, p := range r.Line.People() {
		if m, ok := r.Line.Menu(p.ID); ok && m.ID == req.PathValue("id") {
			w.Header().Set("Content-Type", m.MediaType)
			w.Header().Set("X-Content-Type-Options", "nosniff")
			_, _ = w.Write(m.Image) // the browser may be gone
			return
		}
	}
	http.NotFound(w, req)
}
