package concierge

import (
	"context"
	"slices"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/store"
)

// unsend hides what was taken back, from staff too; there is nothing to answer.
func (t *turn) unsend(ctx context.Context) error {
	found, err := t.tx.Unsend(ctx, t.e.Message)
	if err != nil {
		return err
	}
	for _, m := range found {
		if err := t.ledger.Unsent(ctx, t.tx, t.e.ID, m); err != nil {
			return err
		}
	}
	if err := t.ledger.TakenBack(ctx, t.tx, t.e.ID, t.e.Message); err != nil {
		return err
	}
	t.log.InfoContext(ctx, "message unsent", "event", t.e.ID)
	return t.unsendAnswers(ctx)
}

// unsendAnswers takes back the answers that the message gave: in the draft the question is open again, in a proposal
// staff see that the answer was taken back.
func (t *turn) unsendAnswers(ctx context.Context) error {
	answers, err := t.tx.UnsendAnswers(ctx, t.talk.ID, t.e.Message)
	if err != nil {
		return err
	}
	for _, a := range answers {
		if a.Piece {
			if err := t.unsendPiece(ctx, a); err != nil {
				return err
			}
			continue
		}
		if a.Proposal != 0 {
			if err := t.unsendSubmitted(ctx, a); err != nil {
				return err
			}
		}
		if t.st.Form == nil || a.Draft != t.talk.Draft {
			continue
		}
		if err := t.forget(a.Field, a.File); err != nil {
			return err
		}
	}
	return nil
}

// unsendSubmitted hides a submitted answer, or one of its files: the others stay, and stay as private as they were.
func (t *turn) unsendSubmitted(ctx context.Context, a store.UnsentAnswer) error {
	left, err := t.left(ctx, a)
	if err != nil {
		return err
	}
	if len(left.Answer.Files) > 0 {
		return t.ledger.ChangedAnswer(ctx, t.tx, t.e.ID, a.Proposal, left)
	}
	if err := t.forgetName(ctx, a); err != nil {
		return err
	}
	return t.ledger.UnsentAnswer(ctx, t.tx, t.e.ID, a.Proposal, a.Field)
}

// forgetName erases a name that was taken back where staff read it of the person, unless another was given since.
func (t *turn) forgetName(ctx context.Context, a store.UnsentAnswer) error {
	p, err := t.tx.Proposal(ctx, a.Proposal)
	switch {
	case err != nil:
		return err
	case a.Field == "organization" && t.talk.Organization == p.Organization:
		t.talk.Organization = store.Erased
	case a.Field == "contact_name" && t.talk.Name == p.ContactName:
		t.talk.Name = store.Erased
	}
	return nil
}

// left is what remains of a submitted answer.
func (t *turn) left(ctx context.Context, a store.UnsentAnswer) (store.Particular, error) {
	particulars, err := t.tx.Particulars(ctx, a.Proposal)
	if err != nil || a.File == 0 {
		return store.Particular{}, err
	}
	for _, q := range particulars {
		if q.Field != a.Field {
			continue
		}
		q.Answer.Files = slices.DeleteFunc(q.Answer.Files, func(f form.File) bool { return f.ID == int64(a.File) })
		q.Shown = t.words.Say(form.Display(form.Field{Kind: q.Kind}, q.Answer))
		return q, nil
	}
	return store.Particular{}, nil
}

// forget takes an answer, or one file of it, out of the draft; the question is open again.
func (t *turn) forget(field string, file bot.FileID) error {
	before := *t.st.Form
	s := form.Forget(t.formOf(before.Form), before, field, int64(file))
	t.st.Form = &s
	return t.keep(before, s, []string{field})
}

// unsendPiece takes one of several messages out of an answer; the others stay.
func (t *turn) unsendPiece(ctx context.Context, a store.UnsentAnswer) error {
	d, err := t.tx.Draft(ctx, a.Draft)
	if err != nil {
		return err
	}
	f := t.formOf(d.Form)
	field, _ := f.Field(a.Field)
	left := form.Without(field, d.Answers[a.Field], func(p form.Piece) bool { return p.Message == t.e.Message })
	switch {
	case a.Proposal != 0:
		err = t.unsendSubmittedPiece(ctx, a, left)
	case t.st.Form != nil && a.Draft == t.talk.Draft:
		s := form.Replace(f, *t.st.Form, a.Field, left)
		before := *t.st.Form
		t.st.Form = &s
		return t.keep(before, s, []string{a.Field})
	}
	if err != nil {
		return err
	}
	if left.Empty() {
		t.tx.DropAnswer(a.Draft, a.Field)
		return nil
	}
	return t.tx.SaveAnswer(a.Draft, a.Field, left, 0, t.source(left))
}

// unsendSubmittedPiece is unsendPiece where staff read the answer.
func (t *turn) unsendSubmittedPiece(ctx context.Context, a store.UnsentAnswer, left form.Answer) error {
	if left.Empty() {
		return t.unsendSubmitted(ctx, a)
	}
	particulars, err := t.tx.Particulars(ctx, a.Proposal)
	if err != nil {
		return err
	}
	for _, q := range particulars {
		if q.Field != a.Field {
			continue
		}
		t.rename(q, left)
		q.Answer, q.Shown = left, t.words.Say(form.Display(t.shownAs(q), left))
		return t.ledger.ChangedAnswer(ctx, t.tx, t.e.ID, a.Proposal, q)
	}
	return nil
}

// shownAs is the field of a submitted answer, as it is today.
func (t *turn) shownAs(q store.Particular) form.Field {
	for _, f := range []form.Form{t.desk.Proposal, t.desk.Consultation} {
		if field, known := f.Field(q.Field); known && field.Kind == q.Kind {
			return field
		}
	}
	return form.Field{Kind: q.Kind}
}

// rename keeps a name of the person as the answer has it now, unless another was given since.
func (t *turn) rename(q store.Particular, left form.Answer) {
	switch {
	case q.Field == "organization" && t.talk.Organization == q.Answer.Text:
		t.talk.Organization = left.Text
	case q.Field == "contact_name" && t.talk.Name == q.Answer.Text:
		t.talk.Name = left.Text
	}
}
