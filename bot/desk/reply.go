package desk

import (
	"context"
	"strings"

	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
)

// reply shows the card, whose button opens the only dialog that can reach an organization: words of a line never do. What was
// typed behind the number is said back, so that it can be copied there.
func (d *Desk) reply(ctx context.Context, r request) (msg.Message, error) {
	p, err := d.proposal(ctx, r)
	if err != nil {
		return msg.Message{}, err
	}
	number := r
	number.words = r.words[:1]
	m, err := d.show(ctx, number)
	if err != nil {
		return m, err
	}
	if err := ledger.May(p, ledger.Role(r.Actor), proposal.Replied); err != nil {
		return msg.Message{}, err
	}
	top := []msg.Block{msg.Text{Body: d.say("desk.reply.how", "number", p.Number, "button", d.say("button.card.reply"))}}
	if len(r.words) > 1 {
		top = append(top, msg.Quote{Author: d.say("desk.reply.typed"), Body: strings.Join(r.words[1:], " ")})
	}
	m.Blocks = append(top, m.Blocks...)
	return m, nil
}
