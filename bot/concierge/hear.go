package concierge

import (
	"context"

	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// asides are the words of the main choices, which mean the same as their buttons wherever the talk stands; see turn.wish.
func asides(words *text.Catalogue) map[string]string {
	out := map[string]string{}
	for _, do := range []string{"menu.propose", "menu.consult", "menu.status", "menu.help", "menu.withdraw"} {
		for _, w := range words.Words("concierge.word." + do) {
			out[form.Fold(w)] = do
		}
	}
	return out
}

// hear takes typed words: an answer to a question beside the forms, else a wish of the menu, else an answer while a form
// asks, else a message to the city.
func (t *turn) hear(ctx context.Context) error {
	q := t.answering()
	for _, take := range []func() (bool, error){
		func() (bool, error) { return t.typedHeld(ctx) },
		func() (bool, error) { return t.typedAnswer(ctx, q) },
		func() (bool, error) { return t.outOfTime(ctx) },
	} {
		if done, err := take(); done || err != nil {
			return err
		}
	}
	if done, err := t.typedUndo(ctx); done || err != nil {
		return err
	}
	word := form.Fold(t.e.Text)
	do := t.wish(word)
	switch {
	case do != "":
		return t.menu(ctx, msg.Do(do))
	case t.asking(), t.st.Form != nil && t.resumes():
		return t.typed(ctx)
	case t.labels.form[word]:
		t.noQuestion()
		return nil
	}
	return t.orAnswered(ctx, func(ctx context.Context) error { return t.write(ctx, q) })
}

// wish is the main choice that a word means, as the Do of its button; empty if it means none. While a form asks, a word
// that names one of the question's choices is that choice, and what comes late belongs to a question of then.
func (t *turn) wish(word string) string {
	do := t.asides[word]
	if do == "" && t.phrases.withdraw(t.e.Text) {
		do = "menu.withdraw"
	}
	switch {
	case do == "" || !t.asking() || do == "menu.status":
	case t.late, form.Names(t.formOf(t.st.Form.Form), *t.st.Form, t.e.Text):
		return ""
	}
	return do
}

// noQuestion answers words of a form's buttons where no form asks: a second "submit", typed for safety, is no message.
func (t *turn) noQuestion() {
	if t.st.Form != nil {
		t.say("form.paused.first")
	} else {
		t.say("concierge.no_question")
	}
	t.prompt(t.again())
}

// answering is the question beside the forms that was asked last, which is now answered or over. What comes late comes
// from before it.
func (t *turn) answering() *asked {
	q := t.st.Asked
	if !t.late {
		t.st.Asked = nil
	}
	return q
}

// orAnswered does what is to be done with words or a file for the city, unless they come so late that they were meant
// as an answer of a form that was under way then, or the person does not know yet that its draft is gone: an answer may
// be protected, and must not go into threads. The person is asked to send it again, if it was for the city.
func (t *turn) orAnswered(ctx context.Context, do func(context.Context) error) error {
	if t.st.Expired != "" {
		t.say("concierge.not_sent")
		t.prompt(t.again())
		return nil
	}
	if !t.late || t.known && t.at.Field == "" { // no form asked anything then
		return do(ctx)
	}
	answered, err := t.tx.AskedAt(ctx, t.talk.ID, t.e.At)
	if err != nil {
		return err
	}
	if !answered {
		return do(ctx)
	}
	t.say("concierge.late")
	t.prompt(t.again())
	return nil
}

// asking reports whether a form waits for an answer.
func (t *turn) asking() bool { return t.st.asking() }

func (s state) asking() bool { return s.Form != nil && s.Form.Stage != form.StagePaused }

// resumes reports whether the words mean something to the paused form: go on, or give it up.
func (t *turn) resumes() bool {
	in := t.verbs.Read(t.formOf(t.st.Form.Form), *t.st.Form, t.e.Text)
	return in.Do == form.DoResume || in.Do == form.DoCancel
}

// menu takes what can be chosen at any time.
func (t *turn) menu(ctx context.Context, p msg.Press) error {
	switch p.Do {
	case "menu.propose", "menu.consult":
		return t.pressedStart(ctx, p, nil)
	case "menu.status":
		return t.status(ctx, int(p.Int("from")))
	case "menu.withdraw":
		return t.offerWithdraw(ctx)
	case "menu.help":
		if t.asking() {
			return t.step(ctx, form.Input{Do: form.DoHelp})
		}
		t.prompt(t.help())
	}
	return nil
}

// other answers what has no meaning here: a sticker, a place, a voice. What was asked is asked again.
func (t *turn) other(ctx context.Context) error {
	t.say("concierge.other")
	if t.st.Asked == nil || t.late {
		t.prompt(t.again())
		return nil
	}
	t.ask(*t.st.Asked)
	m, err := t.standing(ctx, &t.tx.Reader, t.st, t.talk.Draft)
	t.prompt(m)
	return err
}

// follow greets; whoever comes back in the middle of a form can go on.
func (t *turn) follow(ctx context.Context) error {
	switch {
	case t.st.Form == nil:
		t.prompt(t.greeting())
		return nil
	case t.late:
		t.prompt(t.again())
		return nil
	}
	t.say("concierge.welcome_back")
	return t.step(ctx, form.Input{Do: form.DoPause})
}
