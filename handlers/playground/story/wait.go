package story

import (
	"context"

	"tsunagi/handlers/line/linesim"
)

// untilLine looks again whenever something new is on the record of LINE, until look says it is enough or patience ends.
func (p *Player) untilLine(ctx context.Context, look func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, p.Patience)
	defer cancel()
	for {
		last := p.Line.Last()
		if look() {
			return true
		}
		if _, err := p.Line.Wait(ctx, last, func(linesim.Entry) bool { return true }); err != nil {
			return look()
		}
	}
}

// untilSlack does so on the record of Slack.
func (p *Player) untilSlack(ctx context.Context, look func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, p.Patience)
	defer cancel()
	for {
		changed := p.Slack.Changed()
		if look() {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return look()
		}
	}
}
