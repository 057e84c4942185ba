package ledger

import (
	"context"
	"strings"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// Referral is a question of the desk to several departments about one proposal.
type Referral struct {
	Event       string
	Proposal    bot.ProposalID
	By          bot.Actor
	Departments []bot.DepartmentID
	Note        string    // for the departments; never leaves
	Due         time.Time // date; zero: the profile's days for a verdict from now
	Cleared     []string  // protected field ids these departments may see
}

// Refer asks departments about a proposal: each gets its own card in its own channel, with only what it may see.
// bot.Invalid if no department is named or one is unknown.
func (l *Ledger) Refer(ctx context.Context, tx *store.Tx, r Referral) (bot.Proposal, error) {
	if err := l.known(r.Departments); err != nil {
		return bot.Proposal{}, err
	}
	if _, err := l.lock(ctx, tx, r.Proposal); err != nil {
		return bot.Proposal{}, err
	}
	due := r.Due
	if due.IsZero() {
		due = l.workingDays(tx.Now, l.desk.Deadlines.Verdict)
	}
	for _, d := range r.Departments {
		tx.AddReferral(bot.Referral{
			Proposal: r.Proposal, Department: d, Note: r.Note, Due: due, Cleared: r.Cleared, AskedBy: r.By.ID,
		})
	}
	p, err := l.post(ctx, tx, Change{
		Event: r.Event, Proposal: r.Proposal, On: proposal.Asked, By: r.By, As: Role(r.By), Why: r.Note,
		Details: map[string]string{"departments": join(r.Departments)},
	}, nil)
	if err != nil {
		return p, err
	}
	return p, l.show(ctx, tx, p, r)
}

// show gives each asked department its card and the files it may see.
func (l *Ledger) show(ctx context.Context, tx *store.Tx, p bot.Proposal, r Referral) error {
	files, err := l.visible(ctx, tx, p, r.Cleared)
	if err != nil {
		return err
	}
	for _, d := range r.Departments {
		if err := tx.Put(l.card(p, d, r.Event)); err != nil {
			return err
		}
		for _, f := range files {
			if err := tx.Put(l.file(p, d, f.ID, r.Event)); err != nil {
				return err
			}
		}
	}
	return nil
}

// visible lists the files a department may see: those given for a field that is not protected, or cleared. What the
// organization sent later in the thread is not protected.
func (l *Ledger) visible(ctx context.Context, tx *store.Tx, p bot.Proposal, cleared []string) ([]store.File, error) {
	files, err := tx.FilesOf(ctx, p.ID)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	particulars, err := tx.Particulars(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	hidden := Hidden(particulars, cleared)
	var out []store.File
	for _, f := range files {
		if !hidden[f.ID] {
			out = append(out, f)
		}
	}
	return out, nil
}

// Hidden are the files of protected particulars that have not been cleared.
func Hidden(particulars []store.Particular, cleared []string) map[bot.FileID]bool {
	hidden := map[bot.FileID]bool{}
	for _, q := range particulars {
		if !q.Protected || contains(cleared, q.Field) {
			continue
		}
		for _, f := range q.Answer.Files {
			hidden[bot.FileID(f.ID)] = true
		}
	}
	return hidden
}

func (l *Ledger) known(ds []bot.DepartmentID) error {
	if len(ds) == 0 {
		return bot.Refuse(bot.Invalid, "ledger.no_department")
	}
	for _, d := range ds {
		if _, ok := l.desk.Department(d); !ok {
			return bot.Refuse(bot.Invalid, "ledger.unknown_department", "department", string(d))
		}
	}
	return nil
}

func join(ds []bot.DepartmentID) string {
	names := make([]string, len(ds))
	for i, d := range ds {
		names[i] = string(d)
	}
	return strings.Join(names, ",")
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}
