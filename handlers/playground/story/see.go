package story

import (
	"context"

	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/slack/slacksim"
)

// sights are what people see, or do not see.
//
// What is seen must have come up since the last deed began: a word that has stood there all along proves nothing. What
// is not seen must never have been there, and is looked for when nothing is under way any more.
func (p *Player) sights() map[string]func(context.Context, Step) error {
	return map[string]func(context.Context, Step) error{
		"seen":        p.seen,
		"unseen":      p.unseen,
		"room.seen":   p.roomSeen,
		"room.unseen": p.roomUnseen,
		"screen.seen": p.screenSeen,
		"home.seen":   p.homeSeen,
	}
}

func (p *Player) seen(ctx context.Context, s Step) error {
	if _, ok := p.cast.person(s.args["who"]); ok {
		who := p.person(s)
		return p.judgeSeen(ctx, s, p.untilLine, func() []string { return p.phoneSince(who, p.since.line) })
	}
	member, _ := p.cast.member(s.args["who"])
	return p.judgeSeen(ctx, s, p.untilSlack, func() []string { return p.privateSince(member, p.since.slack) })
}

func (p *Player) unseen(ctx context.Context, s Step) error {
	if _, ok := p.cast.person(s.args["who"]); ok {
		return p.judgeUnseen(ctx, s, func() []string { return p.phoneSince(p.person(s), 0) })
	}
	member, _ := p.cast.member(s.args["who"])
	return p.judgeUnseen(ctx, s, func() []string { return p.privateSince(member, 0) })
}

func (p *Player) roomSeen(ctx context.Context, s Step) error {
	return p.judgeSeen(ctx, s, p.untilSlack, func() []string { return p.roomSince(s.args["room"], p.since.slack) })
}

func (p *Player) roomUnseen(ctx context.Context, s Step) error {
	return p.judgeUnseen(ctx, s, func() []string { return p.roomSince(s.args["room"], 0) })
}

func (p *Player) screenSeen(ctx context.Context, s Step) error {
	member, _ := p.cast.member(s.args["who"])
	return p.judgeSeen(ctx, s, p.untilSlack, func() []string { return p.screenNow(member.ID) })
}

func (p *Player) homeSeen(ctx context.Context, s Step) error {
	member, _ := p.cast.member(s.args["who"])
	return p.judgeSeen(ctx, s, p.untilSlack, func() []string {
		home, _ := p.Slack.Home(member.ID)
		return p.viewTexts(home)
	})
}

func (p *Player) judgeSeen(ctx context.Context, s Step, until func(context.Context, func() bool) bool, look func() []string) error {
	var texts []string
	if until(ctx, func() bool {
		texts = look()
		return holds(texts, s.args["text"])
	}) {
		return nil
	}
	return p.wrong(s, "not_seen", "text", s.args["text"]).instead(texts)
}

func (p *Player) judgeUnseen(ctx context.Context, s Step, look func() []string) error {
	if err := p.settle(ctx, s); err != nil {
		return err
	}
	var found []string
	for _, t := range look() {
		if holds([]string{t}, s.args["text"]) {
			found = append(found, t)
		}
	}
	if found == nil {
		return nil
	}
	return p.wrong(s, "was_seen", "text", s.args["text"]).instead(found)
}

// phoneSince is what has come up on a phone, or in its rich menu, after a place on the record.
func (p *Player) phoneSince(who linesim.Person, seq int64) []string {
	var out []string
	for _, e := range p.Line.Since(seq) {
		if e.Kind == linesim.Seen && e.Chat == who.ID() {
			out = append(out, onPhone().of(e.Message)...)
		}
	}
	return out
}

// phoneNow is what stands on a phone.
func (p *Player) phoneNow(who linesim.Person) []string {
	var out []string
	for _, e := range who.Chat() {
		out = append(out, onPhone().of(e.Message)...)
	}
	return out
}

// roomSince is what has come up in a channel, its threads included, after a place on the record.
func (p *Player) roomSince(room string, seq int) []string {
	var out []string
	for _, e := range p.Slack.Since(seq) {
		if e.Channel != p.cast.Rooms[room] {
			continue
		}
		switch e.Kind {
		case slacksim.Posted, slacksim.Updated, slacksim.FileShared:
			out = append(out, p.entryTexts(e)...)
			if m, ok := p.Slack.Message(e.Channel, e.TS); ok {
				for _, f := range m.Files {
					out = append(out, f.Name)
				}
			}
		}
	}
	return out
}

// privateSince is what one member alone was shown after a place on the record: answers to commands and presses, modals,
// the Home tab, direct messages, errors.
func (p *Player) privateSince(m Member, seq int) []string {
	var out []string
	for _, e := range p.Slack.Since(seq) {
		direct := e.Channel == "D"+m.ID && (e.Kind == slacksim.Posted || e.Kind == slacksim.Updated)
		if e.User != m.ID && !direct {
			continue
		}
		switch e.Kind {
		case slacksim.Posted, slacksim.Updated:
			if direct {
				out = append(out, p.entryTexts(e)...)
			}
		case slacksim.Ephemeral, slacksim.ViewOpened, slacksim.ViewPushed, slacksim.ViewUpdated, slacksim.HomeShown:
			out = append(out, p.entryTexts(e)...)
		case slacksim.ErrorShown:
			out = append(out, e.Error, e.Text)
		}
	}
	return out
}

// entryTexts is what a message or view on the record shows: its blocks, else its text; of a view the title too.
func (p *Player) entryTexts(e slacksim.Entry) []string {
	out := p.named(inSlack().of(e.Blocks))
	if len(out) == 0 || e.View != "" {
		out = append(out, p.named([]string{clean(e.Text)})...)
	}
	return out
}

// screenNow is what the modal in front of somebody shows, what is typed and what is wrong included.
func (p *Player) screenNow(user string) []string {
	v, ok := p.Slack.View(user)
	if !ok {
		return nil
	}
	return p.viewTexts(v)
}

func (p *Player) viewTexts(v slacksim.View) []string {
	out := append([]string{v.Title}, p.named(inSlack().of(v.Blocks))...)
	for _, wrong := range v.Errors {
		out = append(out, wrong)
	}
	return append(out, v.Submit)
}

func (p *Player) named(texts []string) []string {
	for i := range texts {
		texts[i] = named(texts[i], p.nameOf)
	}
	return texts
}

func (p *Player) nameOf(id string) string {
	for _, u := range p.Slack.Users() {
		if u.ID == id {
			return u.Name
		}
	}
	return id
}
