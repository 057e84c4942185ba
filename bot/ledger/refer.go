package ledger

import (
	"context"
	"slices"
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
	Note        string           // for the departments; never leaves. Empty: those asked before keep theirs
	Due         time.Time        // date; zero: the profile's days for a verdict from now
	Cleared     []string         // protected field ids these departments may see
	Named       bot.DepartmentID // the department that named these as the right ones; empty: the desk's own idea
	Again       bool             // also ask those anew that were asked before

	// Reopen are those of Departments that are asked anew though they have answered, which clears their verdict.
	Reopen []bot.DepartmentID
}

// Refer asks departments about a proposal: each gets its own card in its own channel, with only what it may see. It
// gives those it has asked. bot.Invalid if no department is named or one is unknown, bot.Conflict if all have been asked
// before and are not to be asked again, or with the key ledger.answered_before if one has answered that is not to be reopened.
func (l *Ledger) Refer(ctx context.Context, tx *store.Tx, r Referral) (bot.Proposal, []bot.DepartmentID, error) {
	if err := l.known(r.Departments); err != nil {
		return bot.Proposal{}, nil, err
	}
	p, err := l.lock(ctx, tx, r.Proposal)
	if err != nil {
		return p, nil, err
	}
	before, err := tx.Referrals(ctx, p.ID)
	if err != nil {
		return p, nil, err
	}
	ask := slices.DeleteFunc(distinct(r.Departments), func(d bot.DepartmentID) bool { return !r.Again && asked(before, d) })
	if len(ask) == 0 {
		return p, nil, bot.Refuse(bot.Conflict, "ledger.asked_before", "number", p.Number)
	}
	if err := l.keepsVerdicts(before, ask, r.Reopen); err != nil {
		return p, nil, err
	}
	p, err = l.refer(ctx, tx, r, ask, before)
	if err != nil {
		return p, nil, err
	}
	return p, ask, l.showFiles(ctx, tx, p, r, ask, before)
}

func (l *Ledger) refer(ctx context.Context, tx *store.Tx, r Referral, ask []bot.DepartmentID, before []bot.Referral) (bot.Proposal, error) {
	due := r.Due
	if due.IsZero() {
		due = l.workingDays(tx.Now, l.desk.Deadlines.Verdict)
	}
	for _, d := range ask {
		tx.AddReferral(bot.Referral{
			Proposal: r.Proposal, Department: d, Note: r.Note, Due: due, Cleared: r.Cleared, AskedBy: r.By.ID,
		})
	}
	c := Change{
		Event: r.Event, Proposal: r.Proposal, On: proposal.Asked, By: r.By, As: Role(r.By), Why: r.Note,
		Details: map[string]string{"departments": join(ask)},
	}
	if again := slices.DeleteFunc(slices.Clone(ask), func(d bot.DepartmentID) bool { return !asked(before, d) }); len(again) > 0 {
		c.Details["again"] = join(again)
	}
	if r.Named != "" {
		c.On, c.Details["named"] = proposal.Forwarded, string(r.Named)
	}
	return l.post(ctx, tx, c, nil)
}

// keepsVerdicts refuses to clear a verdict that nobody wants cleared, such as one given since the modal was opened.
func (l *Ledger) keepsVerdicts(before []bot.Referral, ask, reopen []bot.DepartmentID) error {
	for _, f := range before {
		if f.Verdict != "" && slices.Contains(ask, f.Department) && !slices.Contains(reopen, f.Department) {
			name, _ := l.desk.DepartmentName(f.Department)
			return bot.Refuse(bot.Conflict, "ledger.answered_before", "department", name)
		}
	}
	return nil
}

// showFiles hands each asked department the files it may see and has not been given yet. One that had said no may have
// missed some.
func (l *Ledger) showFiles(ctx context.Context, tx *store.Tx, p bot.Proposal, r Referral, ask []bot.DepartmentID, before []bot.Referral) error {
	files, err := tx.FilesOf(ctx, p.ID)
	if err != nil || len(files) == 0 {
		return err
	}
	particulars, err := tx.Particulars(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, d := range ask {
		earlier := clearedFor(before, d)
		hidden, wasHidden := Hidden(particulars, append(earlier, r.Cleared...)), Hidden(particulars, earlier)
		for _, f := range files {
			given := works(before, d) && !wasHidden[f.ID]
			if hidden[f.ID] || given || saidBefore(before, d, f) {
				continue
			}
			if err := tx.Put(l.file(p, d, f.ID, r.Event)); err != nil {
				return err
			}
		}
	}
	return nil
}

// saidBefore reports whether a file came with the talk before the department takes part in it: one that is asked for the first
// time reads of the talk only what comes from now on.
func saidBefore(before []bot.Referral, d bot.DepartmentID, f store.File) bool {
	at := slices.IndexFunc(before, func(r bot.Referral) bool { return r.Department == d })
	return f.Message != 0 && (at < 0 || f.CreatedAt.Before(before[at].FirstAskedAt))
}

// Visible reports whether a department for which these fields have been cleared may see a particular. What the
// organization marked as protected and what is private are hidden until cleared, but for what every card is made of and
// nobody could answer without.
func Visible(q store.Particular, cleared []string) bool {
	always := []string{"organization", "contact_name", "title", "topic"}
	return !(q.Protected || q.Private) || slices.Contains(always, q.Field) || slices.Contains(cleared, q.Field)
}

// Hidden are the files given for particulars that a department may not see. What the organization sent later in the
// thread is not among them.
func Hidden(particulars []store.Particular, cleared []string) map[bot.FileID]bool {
	hidden := map[bot.FileID]bool{}
	for _, q := range particulars {
		if Visible(q, cleared) {
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

func asked(referrals []bot.Referral, d bot.DepartmentID) bool {
	return slices.ContainsFunc(referrals, func(f bot.Referral) bool { return f.Department == d })
}

func works(referrals []bot.Referral, d bot.DepartmentID) bool {
	return slices.ContainsFunc(referrals, func(f bot.Referral) bool { return f.Department == d && !saidNo(f) })
}

func clearedFor(referrals []bot.Referral, d bot.DepartmentID) []string {
	for _, f := range referrals {
		if f.Department == d {
			return slices.Clone(f.Cleared)
		}
	}
	return nil
}

// distinct keeps the first of each, in the order given.
func distinct(ds []bot.DepartmentID) []bot.DepartmentID {
	var out []bot.DepartmentID
	for _, d := range ds {
		if !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

func join(ds []bot.DepartmentID) string {
	names := make([]string, len(ds))
	for i, d := range ds {
		names[i] = string(d)
	}
	return strings.Join(names, ",")
}
