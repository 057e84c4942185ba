package ledger

import (
	"context"
	"fmt"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// Submission is a finished draft.
type Submission struct {
	Event        string
	Kind         bot.Kind
	Contact      bot.Contact
	Draft        bot.DraftID
	Organization string
	ContactName  string
	Title        string
	Topics       []bot.TopicID
	Particulars  []store.Particular
}

// Submit turns a finished draft into a proposal with a receipt number. The caller holds the contact.
func (l *Ledger) Submit(ctx context.Context, tx *store.Tx, s Submission) (bot.Proposal, error) {
	p := bot.Proposal{
		Kind: s.Kind, Contact: s.Contact.ID, Organization: s.Organization, ContactName: s.ContactName, Title: s.Title,
		Topics: s.Topics, State: proposal.Received, ReceivedAt: tx.Now, Revision: 1,
		NextDate: l.workingDays(tx.Now, min(l.desk.Deadlines.Triage, l.desk.Deadlines.Reply)),
	}
	year := l.desk.Calendar.FiscalYear(l.desk.Calendar.Today(tx.Now))
	seq, id, err := tx.NextNumber(ctx, year)
	if err != nil {
		return p, err
	}
	p.ID, p.Number = id, l.desk.Receipt.Number(year, seq)
	err = tx.AddProposal(store.NewProposal{Proposal: p, Draft: s.Draft, FiscalYear: year, Seq: seq, Particulars: s.Particulars}, true)
	if err != nil {
		return p, err
	}
	tx.FilesToProposal(s.Draft, p.ID, filesIn(s.Particulars))
	return p, l.announce(ctx, tx, p, s)
}

// filesIn are the files among the answers.
func filesIn(particulars []store.Particular) []bot.FileID {
	var out []bot.FileID
	for _, q := range particulars {
		for _, f := range q.Answer.Files {
			out = append(out, bot.FileID(f.ID))
		}
	}
	return out
}

// announce enters the submission into the history, gives the organization its receipt and the desk its card.
func (l *Ledger) announce(ctx context.Context, tx *store.Tx, p bot.Proposal, s Submission) error {
	err := tx.Enter(store.Entry{
		Proposal: p.ID, Event: proposal.Submitted, From: proposal.Begin, To: p.State, Actor: s.Contact.LineUser,
	})
	if err != nil {
		return err
	}
	if err := tx.Put(l.newCard(p, "", s.Event)); err != nil {
		return fmt.Errorf("announce proposal %d: %w", p.ID, err)
	}
	if len(filesIn(s.Particulars)) == 0 {
		return nil
	}
	files, err := tx.FilesOf(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := tx.Put(l.file(p, "", f.ID, s.Event)); err != nil {
			return err
		}
	}
	return nil
}
