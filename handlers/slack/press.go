package slack

import (
	"context"
	"slices"

	slackapi "github.com/slack-go/slack"

	"tsunagi/bot"
	"tsunagi/bot/coordinator"
	"tsunagi/bot/desk"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// press handles a button. What it changes is done when this returns; what the presser sees, a modal or a word for them
// alone, comes right after Slack has its answer.
func (a *App) press(ctx context.Context, in interaction) {
	act, p, ok := in.pressed()
	if !ok {
		return
	}
	id := in.Trigger
	if id == "" {
		id = in.User.ID + "." + act.TS
	}
	if p.Do == "desk.run" {
		a.pressCommand(ctx, in, id, p)
		return
	}
	reaction, err := a.pressCard(ctx, in, coordinator.Press{
		ID: id, Channel: in.spot().channel, TS: in.Container.TS, Press: p, Value: act.picked(), Alone: in.alone(),
	})
	switch {
	case err != nil:
		sorry := a.sorry(ctx, p.Do, id, err)
		a.after(ctx, p.Do, id, func(ctx context.Context) { a.whisper(ctx, in.spot(), sorry, false) })
		return
	case reaction.Open != nil:
		a.after(ctx, p.Do, id, func(ctx context.Context) { a.open(ctx, in, id, *reaction.Open) })
	}
	a.taken(ctx, "press", p.Do, id)
	if reaction.Say.Key != "" {
		a.after(ctx, p.Do, id, func(ctx context.Context) { a.whisper(ctx, in.spot(), a.plainly(reaction.Say), false) })
	}
}

func (a *App) pressCard(ctx context.Context, in interaction, p coordinator.Press) (coordinator.Reaction, error) {
	who, err := a.actor(ctx, in.User.ID, in.team())
	if err != nil {
		return coordinator.Reaction{}, err
	}
	p.Actor = who
	return a.Coordinator.Press(ctx, p)
}

// pressCommand runs the command that a button stands for. Its answer takes the place of the list it was pressed in.
func (a *App) pressCommand(ctx context.Context, in interaction, id string, p msg.Press) {
	m, err := a.run(ctx, in.User.ID, in.team(), desk.Call{
		ID: id, Channel: in.spot().channel, Line: p.Args.Get("line"), After: p.Args.Get("after"),
		Sure: p.Args.Get("sure") != "", Pressed: true, Shown: p.ShownAt(), Revision: p.Int("r"),
	})
	if err != nil {
		m = a.sorry(ctx, p.Do, id, err)
	}
	a.after(ctx, p.Do, id, func(ctx context.Context) {
		if in.inHome() && err == nil {
			a.publish(ctx, in.User.ID, in.View.Hash, m)
			return
		}
		a.whisper(ctx, in.spot(), m, err == nil)
	})
}

// open opens a modal, on top of one that is open already. When Slack's three seconds are over, the presser is told.
func (a *App) open(ctx context.Context, in interaction, id string, s msg.Screen) {
	v := modal(a.Words, s, "open."+id).request()
	var err error
	if in.View != nil && in.View.Type == "modal" {
		_, err = a.Client.api.PushViewContext(ctx, in.Trigger, v)
	} else {
		_, err = a.Client.api.OpenViewContext(ctx, in.Trigger, v)
	}
	if err == nil {
		return
	}
	say := broken(id, err)
	if late(err) {
		say = text.Say("coordinator.modal_late")
	}
	a.Log.Error("modal not opened", "event", id, "error", err, "reasons", reasons(err))
	a.whisper(ctx, in.spot(), a.plainly(say), false)
}

// late reports whether a modal could not be opened because of time rather than of what is in it.
// https://docs.slack.dev/reference/methods/views.open
func late(err error) bool {
	return bot.KindOf(fault("open", err)) == bot.Later || slices.Contains([]string{
		"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged",
	}, code(err))
}

// publish shows a message in the person's Home tab. With a hash it gives way to whatever was published meanwhile.
// https://docs.slack.dev/surfaces/app-home
func (a *App) publish(ctx context.Context, user, hash string, m msg.Message) {
	req := slackapi.PublishViewContextRequest{UserID: user, View: slackapi.HomeTabViewRequest{
		Type: slackapi.VTHomeTab, Blocks: carried(home(a.Words, m).Blocks),
	}}
	if hash != "" {
		req.Hash = &hash
	}
	if _, err := a.Client.api.PublishViewContext(ctx, req); err != nil && code(err) != "hash_conflict" {
		a.Log.Error("home not published", "user", user, "error", err, "reasons", reasons(err))
	}
}
