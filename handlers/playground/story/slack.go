package story

import (
	"context"
	"slices"

	"tsunagi/handlers/slack/slacksim"
)

// slackDeeds are what staff do in Slack.
func (p *Player) slackDeeds() map[string]func(context.Context, Step) error {
	return map[string]func(context.Context, Step) error{
		"room.share":    p.share,
		"room.invite":   p.share,
		"room.unshare":  p.unshare,
		"room.delete":   p.deleteCard,
		"card.press":    p.pressCard,
		"card.say":      p.sayUnderCard,
		"room.press":    p.pressInRoom,
		"room.say":      p.sayInRoom,
		"private.press": p.pressPrivate,
		"command":       p.command,
		"home.open":     p.openHome,
		"staff.leave":   p.leave,
		"screen.fill":   p.fill,
		"screen.press":  p.pressOnScreen,
		"screen.submit": p.submit,
		"screen.try":    p.try,
		"screen.close":  p.closeScreen,
	}
}

func (p *Player) member(s Step) Member {
	m, _ := p.cast.member(s.args["who"])
	return m
}

func (p *Player) pressCard(ctx context.Context, s Step) error {
	card := s.args["card"]
	return p.press(ctx, s, s.args["label"], func() []slacksim.Message {
		return slices.DeleteFunc(p.Slack.Channel(p.cast.Rooms[s.args["room"]]), func(m slacksim.Message) bool {
			return !holds(inSlack().of(m.Blocks), card)
		})
	})
}

func (p *Player) pressInRoom(ctx context.Context, s Step) error {
	return p.press(ctx, s, s.args["label"], func() []slacksim.Message {
		return p.Slack.Channel(p.cast.Rooms[s.args["room"]])
	})
}

func (p *Player) pressPrivate(ctx context.Context, s Step) error {
	m := p.member(s)
	return p.press(ctx, s, s.args["label"], func() []slacksim.Message {
		var all []slacksim.Message
		for _, room := range p.Slack.Rooms(m.ID) {
			all = append(all, p.Slack.EphemeralTo(room.ID, m.ID)...)
			if room.With == m.ID {
				all = append(all, p.Slack.Channel(room.ID)...)
			}
		}
		slices.SortStableFunc(all, func(a, b slacksim.Message) int { return compare(a.TS, b.TS) })
		return all
	})
}

// press presses the button in the newest of some messages that has it, waiting for it if need be.
func (p *Player) press(ctx context.Context, s Step, label string, among func() []slacksim.Message) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	var in slacksim.Message
	var found element
	var offered []string
	ok := p.untilSlack(ctx, func() bool {
		offered = nil
		for _, m := range slices.Backward(among()) {
			all := buttons(m.Blocks)
			if e, ok := labelled(all, label); ok {
				in, found = m, e
				return true
			}
			offered = append(offered, labels(all)...)
		}
		return false
	})
	if !ok {
		return p.wrong(s, "no_button", "label", label).instead(offered)
	}
	out, err := p.Slack.Press(ctx, p.member(s).ID, in.Channel, in.TS, found.action, found.given()...)
	return p.answered(s, out, err)
}

// given is what tells a press from another with the same action.
func (e element) given() []string {
	if e.value == "" {
		return nil
	}
	return []string{e.value}
}

// answered judges what Slack's client showed after a deed.
func (p *Player) answered(s Step, out slacksim.Outcome, err error) error {
	switch {
	case err != nil && len(out.Errors) == 0:
		return p.failed(s, err)
	case out.Error != "":
		return p.wrong(s, "shown_error", "error", out.Error)
	case len(out.Errors) > 0:
		var all []string
		for _, e := range out.Errors {
			all = append(all, e)
		}
		slices.Sort(all)
		return p.wrong(s, "refused", "error", joined(all))
	}
	return nil
}

func (p *Player) sayUnderCard(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	room := p.cast.Rooms[s.args["room"]]
	var card *slacksim.Message
	ok := p.untilSlack(ctx, func() bool {
		for _, m := range p.Slack.Channel(room) {
			if m.ThreadTS == "" || m.ThreadTS == m.TS {
				if holds(inSlack().of(m.Blocks), s.args["card"]) {
					card = &m
				}
			}
		}
		return card != nil
	})
	if !ok {
		return p.wrong(s, "no_card", "card", s.args["card"]).instead(p.roomSince(s.args["room"], 0))
	}
	_, err := p.Slack.Say(ctx, p.member(s).ID, room, card.TS, s.args["text"])
	return p.answered(s, slacksim.Outcome{}, err)
}

func (p *Player) sayInRoom(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	_, err := p.Slack.Say(ctx, p.member(s).ID, p.cast.Rooms[s.args["room"]], "", s.args["text"])
	return p.answered(s, slacksim.Outcome{}, err)
}

// command types a command in the first of the member's rooms.
func (p *Player) command(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	m, room := p.member(s), ""
	if len(m.Rooms) > 0 {
		room = p.cast.Rooms[m.Rooms[0]]
	}
	out, err := p.Slack.Command(ctx, m.ID, room, s.args["text"])
	return p.answered(s, out, err)
}

func (p *Player) openHome(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	return p.answered(s, slacksim.Outcome{}, p.Slack.OpenHome(ctx, p.member(s).ID))
}

// leave closes the account of somebody who has left the city.
func (p *Player) leave(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	return p.answered(s, slacksim.Outcome{}, p.Slack.Deactivate(ctx, p.member(s).ID))
}
