package concierge

import (
	"context"
	"fmt"
	"slices"

	"tsunagi/bot"
	"tsunagi/bot/filetype"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/store"
)

// formOf is the desk's form by id.
func (c *Concierge) formOf(id string) form.Form {
	if id == c.desk.Consultation.ID {
		return c.desk.Consultation
	}
	return c.desk.Proposal
}

// start begins a form; one that is under way is offered first, since its answers must not be lost by a slip: only the newest
// such question lets go of it.
func (t *turn) start(ctx context.Context, p msg.Press, q *asked) error {
	if t.st.Form != nil && !t.anew(p, q) {
		if p.Int("new") != 0 {
			t.say("concierge.over.nothing")
		}
		t.prompt(t.unfinished(t.ask(asked{Do: p.Do, Revision: t.st.Form.Revision}), *t.st.Form, t.talk.Draft))
		return nil
	}
	if full, err := t.full(ctx); full || err != nil {
		return err
	}
	f := t.desk.Proposal
	if p.Do == "menu.consult" {
		f = t.desk.Consultation
	}
	if t.talk.Draft != 0 {
		t.tx.DropDraft(t.talk.Draft, store.DraftCancelled)
	}
	draft, err := t.tx.OpenDraft(ctx, t.talk.ID, f, t.desk.DraftReminder(t.tx.Now))
	if err != nil {
		return err
	}
	s := form.Begin(f)
	t.talk.Draft, t.st.Form = draft, &s
	t.prompt(t.question(form.Current(f, s)))
	return nil
}

// anew reports whether a press gives up the draft under way, as it was when that was asked.
func (t *turn) anew(p msg.Press, q *asked) bool {
	return t.confirms(q, p) && bot.DraftID(p.Int("new")) == t.talk.Draft && q.Revision == t.st.Form.Revision
}

// step moves the form and acts on what became of it.
func (t *turn) step(ctx context.Context, in form.Input) error {
	f := t.formOf(t.st.Form.Form)
	before := *t.st.Form
	in.Now = t.tx.Now.In(t.desk.Location)
	s, out := form.Step(f, before, in)
	t.st.Form = &s
	t.said, t.accepted = append(t.said, out.Say...), append(t.accepted, out.Accepted...)
	if err := t.keepCarried(ctx, f, before); err != nil {
		return err
	}
	if err := t.keep(before, s, out.Accepted); err != nil {
		return err
	}
	switch {
	case before.Version != s.Version || out.Event != "":
		t.tx.SetDraft(t.talk.Draft, draftState(s.Stage), s.Version)
	case len(out.Accepted) == 0: // an answer says for itself when the draft was not alone
		t.tx.TouchDraft(t.talk.Draft)
	}
	if rule, ok := t.judge(s, out.Accepted); ok {
		return t.decline(rule)
	}
	return t.after(ctx, f, s, out)
}

// keep writes each accepted answer, and drops those that are no more, with their files.
func (t *turn) keep(before, after form.Session, accepted []string) error {
	for _, id := range accepted {
		a, ok := after.Answers[id]
		for _, f := range before.Answers[id].Files {
			if !hasFile(a, bot.FileID(f.ID)) {
				t.tx.EraseFile(bot.FileID(f.ID))
			}
		}
		if !ok {
			t.tx.DropAnswer(t.talk.Draft, id)
			continue
		}
		if err := t.tx.SaveAnswer(t.talk.Draft, id, a, after.Revision, t.source(a)); err != nil {
			return err
		}
	}
	return nil
}

// source is what an answer came as: the first of its messages, or this event.
func (t *turn) source(a form.Answer) store.Source {
	if len(a.Pieces) > 0 {
		return sourceOf(a.Pieces[0].Message, a.Pieces[0].At)
	}
	return store.Source{Message: t.e.Message, At: t.e.At}
}

// after answers a step: the next prompt, or the end.
func (t *turn) after(ctx context.Context, f form.Form, s form.Session, out form.Outcome) error {
	switch out.Event {
	case form.Submitted:
		return t.submit(ctx, f, s)
	case form.Cancelled:
		t.tx.DropDraft(t.talk.Draft, store.DraftCancelled)
		t.talk.Draft, t.st.Form = 0, nil
		t.say("concierge.cancelled")
		t.prompt(t.welcome())
		return nil
	}
	t.prompt(t.question(out.Prompt))
	return nil
}

func draftState(s form.Stage) store.DraftState {
	switch s {
	case form.StagePaused:
		return store.DraftPaused
	case form.StageSubmitted:
		return store.DraftSubmitted
	case form.StageCancelled:
		return store.DraftCancelled
	}
	return store.DraftOpen
}

// judge applies the profile's rules to answers just given: a remark is said and the form goes on; a no ends it.
func (t *turn) judge(s form.Session, accepted []string) (bot.Rule, bool) {
	for _, rule := range t.desk.Rules {
		if !slices.Contains(accepted, rule.Field) || !slices.Contains(s.Answers[rule.Field].Choices, rule.Choice) {
			continue
		}
		if rule.Do == bot.Decline {
			return rule, true
		}
		if rule.Say != "" {
			t.said = append(t.said, plainLine(rule.Say))
		}
	}
	return bot.Rule{}, false
}

// decline ends the form with the profile's words and another door, and keeps a record.
func (t *turn) decline(rule bot.Rule) error {
	t.tx.Refuse(t.talk.ID, rule.Field, rule.Choice)
	t.tx.DropDraft(t.talk.Draft, store.DraftDeclined)
	t.talk.Draft, t.st.Form, t.said = 0, nil, nil
	t.reply(answer{
		kind: KindRefused, args: map[string]string{"field": rule.Field, "choice": rule.Choice}, matters: true,
		message: t.otherDoors(rule.Say),
	})
	return nil
}

// file takes a file: an answer where the form asks for files, else a message to the city.
func (t *turn) file(ctx context.Context) error {
	if fault := refusedFile(t.e.File); fault != "" {
		t.say(fault, "file", called(filetype.Clean(t.e.File.Name)))
		t.prompt(t.again())
		return nil
	}
	if ok, err := t.spendFile(); !ok || err != nil {
		return err
	}
	if !t.asking() {
		q := t.answering()
		return t.orAnswered(ctx, func(ctx context.Context) error { return t.writeFile(ctx, q) })
	}
	t.answering()
	name, err := t.fileName(ctx, t.talk.Draft, 0)
	if err != nil {
		return err
	}
	f := store.File{
		Contact: t.talk.ID, Draft: t.talk.Draft, LineMessage: t.e.Message, Name: name, Size: t.e.File.Size, State: store.FileWanted,
	}
	id, err := t.tx.AddFile(ctx, f)
	if err != nil {
		return fmt.Errorf("take file: %w", err)
	}
	t.tx.AfterCommit(t.want)
	if err := t.step(ctx, form.Input{Do: form.DoAnswer, File: form.File{ID: int64(id), Name: f.Name, Size: f.Size}}); err != nil {
		return err
	}
	t.eraseUnless(id)
	return nil
}

// eraseUnless lets go of a file that the form has not taken.
func (t *turn) eraseUnless(id bot.FileID) {
	for _, a := range t.st.Form.Answers {
		if hasFile(a, id) {
			return
		}
	}
	t.tx.EraseFile(id)
}
