package concierge

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
)

// presses is what each button does, by the Do of its press; q is the question beside the forms that stood when it was pressed.
// msg.Deeds says of each whether it can be undone.
func presses() map[string]func(*turn, context.Context, msg.Press, *asked) error {
	menu := func(t *turn, ctx context.Context, p msg.Press, _ *asked) error { return t.menu(ctx, p) }
	return map[string]func(*turn, context.Context, msg.Press, *asked) error{
		"form":          (*turn).pressed,
		"which":         (*turn).pressedWhich,
		"about":         (*turn).pressedAbout,
		"words":         func(t *turn, ctx context.Context, p msg.Press, _ *asked) error { return t.chosen(ctx, p) },
		"withdraw":      (*turn).askWithdraw,
		"withdraw.yes":  (*turn).withdraw,
		"withdraw.no":   (*turn).keepIt,
		"withdraw.undo": (*turn).undo,
		"menu.propose":  (*turn).pressedStart,
		"menu.consult":  (*turn).pressedStart,
		"menu.status":   menu,
		"menu.withdraw": menu,
		"menu.help":     menu,
	}
}

// press takes a button: of a form, of the menu, or of a message that asked something. An unknown one is answered with where
// the talk stands.
func (t *turn) press(ctx context.Context) error {
	q := t.answering()
	if do, known := t.does[t.e.Press.Do]; known {
		return do(t, ctx, t.e.Press, q)
	}
	t.say("concierge.stale")
	t.prompt(t.again())
	return nil
}

// pressedStart begins a form; a wish to begin that comes late has been made again, or given up, since.
func (t *turn) pressedStart(ctx context.Context, p msg.Press, q *asked) error {
	if t.late {
		t.prompt(t.again())
		return nil
	}
	return t.start(ctx, p, q)
}

// pressed is a button as input of the form it belongs to; one of an earlier draft is told apart.
func (t *turn) pressed(ctx context.Context, p msg.Press, q *asked) error {
	if d := bot.DraftID(p.Int("d")); t.st.Form == nil || d != t.talk.Draft {
		return t.pressedLater(ctx, d)
	}
	in := form.Input{
		Do: form.Verb(p.Args.Get("v")), Field: p.Args.Get("f"), Choice: p.Args.Get("c"), Revision: p.Int("r"), Text: t.e.Picked,
	}
	in.Over = t.formOver(q, p, in)
	return t.step(ctx, in)
}

// pressedLater answers a button of a draft that is over: one that was submitted, as by a second press, has its number, and
// whoever has withdrawn it since reads so.
func (t *turn) pressedLater(ctx context.Context, d bot.DraftID) error {
	p, err := t.tx.ProposalOfDraft(ctx, t.talk.ID, d)
	switch {
	case bot.KindOf(err) == bot.NotFound && t.st.Form != nil:
		t.say("concierge.other_draft")
	case bot.KindOf(err) == bot.NotFound:
		t.say("concierge.stale")
	case err != nil:
		return err
	case open(p):
		t.say("concierge.submitted_before", "form", t.formTitle(string(p.Kind)), "number", p.Number)
	default:
		t.over(p)
		return nil
	}
	t.prompt(t.again())
	return nil
}

// pressedWhich says which proposal the waiting messages are about. Once its screen has stood for a day it is asked again: it
// shows no longer what would go where.
func (t *turn) pressedWhich(ctx context.Context, p msg.Press, _ *asked) error {
	if t.stands(p.ShownAt(), screenFor) {
		return t.which(ctx, p)
	}
	waiting, err := t.waiting(ctx, bot.MessageID(p.Int("m")))
	if err != nil {
		return err
	}
	may, err := t.addresses(ctx)
	if err != nil {
		return err
	}
	if len(waiting) == 0 || len(may) == 0 {
		t.say("concierge.stale")
		t.prompt(t.again())
		return nil
	}
	t.say("concierge.over.nothing")
	t.askWhich(waiting[0].ID, may)
	return nil
}

// pressedAbout lets the next words be about one proposal; a form under way is paused, since they would be its answer.
func (t *turn) pressedAbout(ctx context.Context, press msg.Press, _ *asked) error {
	p, found, err := t.pressedOn(ctx, press)
	switch {
	case err != nil || !found:
		return err
	case t.asking():
		if err := t.step(ctx, form.Input{Do: form.DoPause}); err != nil {
			return err
		}
		t.say("concierge.put_aside", "form", t.formTitle(t.st.Form.Form))
	}
	t.ask(asked{Do: "about", Proposal: p.ID})
	t.prompt(t.aboutIt(p))
	return nil
}

// pressedOn is the proposal that a button names. If it is not one of theirs, or is gone, it says that the button is stale.
func (t *turn) pressedOn(ctx context.Context, press msg.Press) (_ bot.Proposal, found bool, _ error) {
	p, err := t.own(ctx, bot.ProposalID(press.Int("p")))
	if bot.KindOf(err) == bot.NotFound {
		t.say("concierge.stale")
		t.prompt(t.again())
		return p, false, nil
	}
	return p, err == nil, err
}
