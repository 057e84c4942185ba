package concierge

import (
	"context"
	"slices"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/ledger"
	"tsunagi/store"
)

// submit turns the finished form into a proposal and answers with its receipt number, unless the rules decline it: they
// may have changed since the answers were judged one by one.
func (t *turn) submit(ctx context.Context, f form.Form, s form.Session) error {
	given := form.Given(f, s)
	if rule, ok := t.declining(given); ok {
		return t.decline(rule)
	}
	submission := ledger.Submission{
		Event: t.e.ID, Kind: bot.Kind(f.ID), Contact: t.talk.Contact, Draft: t.talk.Draft,
		Organization: given["organization"].Text, ContactName: given["contact_name"].Text, Title: given["title"].Text,
		Topics: topicsOf(given["topic"]), Particulars: t.particulars(f, given),
	}
	p, err := t.ledger.Submit(ctx, t.tx, submission)
	if err != nil {
		return err
	}
	t.talk.Organization, t.talk.Name = submission.Organization, submission.ContactName
	t.talk.Draft, t.st.Form = 0, nil
	t.reply(answer{
		kind: KindReceipt, args: map[string]string{"proposal": id(p.ID)}, matters: true, about: p.ID, message: t.receipt(p),
	})
	return nil
}

// declining finds a rule that turns one of these answers away.
func (t *turn) declining(given map[string]form.Answer) (bot.Rule, bool) {
	for _, rule := range t.desk.Rules {
		if rule.Do == bot.Decline && slices.Contains(given[rule.Field].Choices, rule.Choice) {
			return rule, true
		}
	}
	return bot.Rule{}, false
}

// particulars are the answers as submitted, each with its name and its words as people read them now.
func (t *turn) particulars(f form.Form, given map[string]form.Answer) []store.Particular {
	var out []store.Particular
	for _, field := range f.Fields {
		a, ok := given[field.ID]
		if !ok {
			continue
		}
		out = append(out, store.Particular{
			Field: field.ID, Label: field.Name(), Kind: field.Kind, Answer: a, Shown: t.words.Say(form.Display(field, a)),
			Private: field.Private, Protected: field.Protected,
		})
	}
	return out
}

func topicsOf(a form.Answer) []bot.TopicID {
	out := make([]bot.TopicID, len(a.Choices))
	for i, id := range a.Choices {
		out[i] = bot.TopicID(id)
	}
	return out
}
