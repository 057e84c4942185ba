package story

import (
	"context"

	"tsunagi/handlers/slack/slacksim"
)

// share shares a room with another organisation, whose people may be named: they are in it then.
func (p *Player) share(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	var outsiders []string
	if m := p.member(s); m.ID != "" {
		outsiders = append(outsiders, m.ID)
	}
	return p.answered(s, slacksim.Outcome{}, p.Slack.Share(ctx, p.cast.Rooms[s.args["room"]], outsiders...))
}

func (p *Player) unshare(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	return p.answered(s, slacksim.Outcome{}, p.Slack.Unshare(ctx, p.cast.Rooms[s.args["room"]]))
}

// deleteCard deletes the card of a proposal, as an administrator may.
func (p *Player) deleteCard(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	room := p.cast.Rooms[s.args["room"]]
	for _, m := range p.Slack.Channel(room) {
		if (m.ThreadTS == "" || m.ThreadTS == m.TS) && holds(inSlack().of(m.Blocks), s.args["card"]) {
			return p.answered(s, slacksim.Outcome{}, p.Slack.DeleteMessage(ctx, room, m.TS))
		}
	}
	return p.wrong(s, "no_card", "card", s.args["card"]).instead(p.roomSince(s.args["room"], 0))
}
