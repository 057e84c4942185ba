package concierge

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// moment is when the event happened, by LINE's time.
func (e Event) moment() form.Moment {
	m := form.Moment{At: e.At.UnixMilli()}
	if e.Kind != Pressed && e.Kind != Unsent {
		m.Message = e.Message
	}
	return m
}

// typed takes words while a form is under way, for the question to which they belong by LINE's times (ADR 19). Control words
// that come late do nothing, but for a wish for help.
func (t *turn) typed(ctx context.Context) error {
	f := t.formOf(t.st.Form.Form)
	in := t.verbs.Read(f, *t.st.Form, t.e.Text)
	if t.late && in.Do != form.DoAnswer && in.Do != form.DoHelp || t.old && in.Do == form.DoAnswer {
		in.Do = form.DoLate
	}
	if in.Do != form.DoAnswer {
		in.Over = t.overTyped(in.Do)
		return t.step(ctx, in)
	}
	typed := form.Typed{Moment: t.e.moment(), Text: t.e.Text, Burst: t.desk.Burst, Now: t.tx.Now.In(t.desk.Location)}
	switch where, why := t.verbs.Belongs(f, *t.st.Form, t.st.Trail, typed); where {
	case form.Before:
		return t.join(ctx, f)
	case form.Nowhere:
		return t.doubt(ctx, f, why)
	}
	return t.step(ctx, in)
}

// overTyped reports whether words that end a form answer a screen that is over.
func (t *turn) overTyped(do form.Verb) bool {
	return (do == form.DoSubmit || do == form.DoConfirmCancel) && !t.stands(t.st.Shown, confirmFor)
}

// doubt keeps words that belong to no question that can be told: more than fits into the answer before, or typed at a
// question that the profile has changed.
func (t *turn) doubt(ctx context.Context, f form.Form, why []text.Line) error {
	present := t.st.Trail.Present()
	h := store.HeldWords{Draft: t.talk.Draft, Field: present.Field, Level: present.Level}
	if t.st.Trail.Gone(f, *t.st.Form) {
		t.say("concierge.held.gone")
		return t.hold(ctx, h)
	}
	before, _ := f.Field(t.st.Trail.Last.Field)
	h.Level = h.Level.Stricter(before.Level())
	if t.said = append(t.said, why...); len(why) > 0 {
		h.Field = before.ID
	} else {
		t.say("concierge.held.soon")
	}
	return t.hold(ctx, h)
}

// outOfTime takes words that are older than what has been taken since: they are no answer to what is asked now. Control words
// and what was said again meanwhile need not be kept. Words that were for the city go there, unless a form asks by now.
func (t *turn) outOfTime(ctx context.Context) (done bool, err error) {
	switch {
	case !t.late || t.asides[form.Fold(t.e.Text)] != "" || t.verbs.Controls(t.e.Text):
		return false, nil
	case !t.old:
		return t.saidBefore(ctx)
	}
	answering := t.at.Field != ""
	if !t.known {
		if answering, err = t.tx.AskedAt(ctx, t.talk.ID, t.e.At); err != nil {
			return false, err
		}
	}
	if !answering && !t.asking() {
		return false, nil
	}
	again, err := t.repeats(ctx)
	switch {
	case err != nil:
		return false, err
	case again && t.asking():
		return true, t.step(ctx, form.Input{Do: form.DoLate})
	case again:
		t.say("concierge.late")
		t.prompt(t.again())
		return true, nil
	}
	t.say("concierge.held.late")
	return true, t.hold(ctx, store.HeldWords{Draft: bot.DraftID(t.at.Draft), Field: t.at.Field, Level: t.at.Level})
}

// saidBefore takes late words at the question that still stands, if they say what has been said there since: a choice would be
// taken off by saying it twice.
func (t *turn) saidBefore(ctx context.Context) (bool, error) {
	if !t.asking() || t.at.Field == "" {
		return false, nil
	}
	again, err := t.repeats(ctx)
	if err != nil || !again {
		return false, err
	}
	return true, t.step(ctx, form.Input{Do: form.DoLate})
}

// repeats reports whether late words say what the draft at which they were typed says already: their author has seen no
// answer and typed them again.
func (t *turn) repeats(ctx context.Context) (bool, error) {
	id := bot.DraftID(t.at.Draft)
	if !t.known {
		id = t.talk.Draft
	}
	if id == 0 {
		return false, nil
	}
	d, err := t.tx.Draft(ctx, id)
	if err != nil {
		return false, err
	}
	for _, field := range t.formOf(d.Form).Fields {
		a, given := d.Answers[field.ID]
		if given && (!t.known || field.ID == t.at.Field) && t.verbs.Repeats(field, a, t.e.Text, t.tx.Now.In(t.desk.Location)) {
			return true, nil
		}
	}
	return false, nil
}

// join adds words to the answer before, and says so.
func (t *turn) join(ctx context.Context, f form.Form) error {
	last := t.st.Trail.Last
	field, _ := f.Field(last.Field)
	in := t.verbs.Join(field, t.e.Text)
	in.Moment, in.First, in.Level = t.e.moment(), last.Moment, t.st.Trail.Present().Level
	t.st.Trail = t.st.Trail.Join(in.Moment)
	if err := t.step(ctx, in); err != nil || t.st.Form == nil || t.answer == nil || t.answer.kind != KindPrompt {
		return err
	}
	t.sayJoined(field)
	if form.Current(f, *t.st.Form).Field.ID == t.st.Trail.Present().Field {
		t.prompt(t.brief())
	} else {
		t.prompt(t.again())
	}
	return nil
}

// sayJoined says what an answer has become, above what the step says.
func (t *turn) sayJoined(field form.Field) {
	a := t.st.Form.Answers[field.ID]
	name := text.Plain(field.Name())
	if field.Kind == form.LongText {
		added := len(a.Since(t.st.Trail.Last.Joined))
		t.say("form.joined.long_text", "field", name, "added", added, "count", form.Length(a.Text))
		return
	}
	t.say("form.joined.other", "field", name, "answer", form.Display(field, a))
}

// brief is where the form stands in a line, with the choices as short answers: the question itself stands above on the screen.
func (t *turn) brief() msg.Message {
	p := page{t.Concierge, form.Current(t.formOf(t.st.Form.Form), *t.st.Form), t.talk.Draft, t.st.Shown}
	if p.Kind != form.PromptQuestion {
		return t.again()
	}
	m := msg.Message{Alt: p.say("form.joined.now", "position", p.Position, "total", p.Total, "field", p.Field.Name())}
	m.Blocks = []msg.Block{msg.Text{Body: m.Alt}}
	options := p.options()
	if undo := t.apartButton(t.st, t.talk.Draft); undo != nil {
		options = append(options, *undo)
	}
	if len(options)+len(p.Offers) <= choicesMost {
		m.Choices = append(options, p.verbs()...)
		return m
	}
	return t.again()
}

// choicesMost is how many short answers LINE shows.
const choicesMost = 13

// apartButton takes out again what was joined last; nil if nothing was.
func (c *Concierge) apartButton(s state, d bot.DraftID) *msg.Button {
	last := s.Trail.Last
	if last == nil || last.Joined == "" || s.Form == nil {
		return nil
	}
	field, known := c.formOf(s.Form.Form).Field(last.Field)
	if !known || len(s.Form.Answers[last.Field].Since(last.Joined)) == 0 {
		return nil
	}
	key := "button.concierge.unjoin"
	if field.Kind == form.LongText {
		key = "button.concierge.apart"
	}
	return &msg.Button{Label: c.say(key), Press: msg.Do("words", "v", "apart", "d", id(d), "f", last.Field, "m", last.Joined)}
}

// apart takes out again what was joined to an answer, and keeps it.
func (t *turn) apart(ctx context.Context, p msg.Press) error {
	if t.st.Form == nil || bot.DraftID(p.Int("d")) != t.talk.Draft {
		return t.staleWords()
	}
	f, name := t.formOf(t.st.Form.Form), p.Args.Get("f")
	field, known := f.Field(name)
	out := t.st.Form.Answers[name].Since(p.Args.Get("m"))
	if !known || len(out) == 0 {
		return t.staleWords()
	}
	for _, piece := range out {
		t.keepWords(store.HeldWords{
			Draft: t.talk.Draft, Field: name, Level: field.Level(), Source: sourceOf(piece.Message, piece.At), Body: piece.Text,
		})
	}
	t.st.Trail = t.st.Trail.Apart()
	t.say("concierge.held.apart", "field", field.Name())
	return t.step(ctx, form.Input{Do: form.DoApart, Field: name, Moment: form.Moment{Message: out[0].Message}})
}

func (t *turn) staleWords() error {
	t.say("concierge.stale")
	t.prompt(t.again())
	return nil
}
