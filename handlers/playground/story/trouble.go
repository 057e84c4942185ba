package story

import (
	"context"

	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/slack/slacksim"
)

// timeDeeds are what nobody does: time passes, networks fail.
func (p *Player) timeDeeds() map[string]func(context.Context, Step) error {
	return map[string]func(context.Context, Step) error{
		"pass.minutes":      p.pass(Minutes),
		"pass.hours":        p.pass(Hours),
		"pass.days":         p.pass(Days),
		"pass.working_days": p.pass(WorkingDays),

		"trouble.flush":     p.flush,
		"trouble.line_429":  p.lineFails(linesim.Fail429Rate),
		"trouble.line_500":  p.lineFails(linesim.Fail500),
		"trouble.line_late": p.lineLate,
		"trouble.line_half": p.lineFails(linesim.ApplyThenFail),

		"trouble.slack_429":  p.slackFails(slacksim.TooMany),
		"trouble.slack_500":  p.slackFails(slacksim.ServerError),
		"trouble.slack_half": p.slackFails(slacksim.ApplyThenFail),

		"trouble.duplicate": p.duplicate,
		"trouble.over":      p.behave,
	}
}

func (p *Player) pass(u Unit) func(context.Context, Step) error {
	return func(ctx context.Context, s Step) error {
		if err := p.begin(ctx, s); err != nil {
			return err
		}
		return p.Pass(ctx, Span{N: number(s.args["n"]), Unit: u})
	}
}

func (p *Player) flush(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	return p.Flush(ctx)
}

// lineFails makes the next sends to LINE fail.
func (p *Player) lineFails(how linesim.Deed) func(context.Context, Step) error {
	return func(ctx context.Context, s Step) error {
		if err := p.begin(ctx, s); err != nil {
			return err
		}
		p.Line.Misbehave(linesim.Fault{Do: how, Method: "POST", Path: "/v2/bot/message/*", Times: number(s.args["n"])})
		return nil
	}
}

// lineLate lets the next events wait until one that came after them has arrived.
func (p *Player) lineLate(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	p.Line.Misbehave(linesim.Fault{Do: linesim.Reorder, Times: number(s.args["n"])})
	return nil
}

// slackFails makes the next posts to Slack fail.
func (p *Player) slackFails(how slacksim.FaultKind) func(context.Context, Step) error {
	return func(ctx context.Context, s Step) error {
		if err := p.begin(ctx, s); err != nil {
			return err
		}
		p.Slack.Misbehave(slacksim.Fault{Kind: how, Method: "chat.postMessage", Times: number(s.args["n"])})
		return nil
	}
}

func (p *Player) duplicate(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	p.Line.Misbehave(linesim.Fault{Do: linesim.Duplicate, Times: -1})
	p.Slack.Misbehave(slacksim.Fault{Kind: slacksim.Duplicate, Times: -1})
	return nil
}

func (p *Player) behave(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	p.Line.Behave()
	p.Slack.Behave()
	return nil
}
