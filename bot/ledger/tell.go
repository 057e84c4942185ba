package ledger

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// Kinds of delivery the ledger puts. The concierge composes those to LINE, the coordinator those to Slack.
const (
	KindCard    = "card"    // Slack: the card of a proposal; posted once, then changed in place. args: proposal, department, first, under
	KindTold    = "told"    // Slack: a line of history under the card. args: proposal, department, entry
	KindMessage = "message" // Slack: what the organization wrote, under the card. args: proposal, department, message
	KindFile    = "file"    // Slack: a file, under the card. args: proposal, department, file
	KindErase   = "erase"   // Slack: a file its author took back is deleted where it was handed over. args: proposal, department, handover
	KindUnfiled = "unfiled" // Slack: what the organization wrote without saying which proposal it means. args: message
	KindOutcome = "outcome" // Slack: whether a message reached the organization. args: proposal, message, fault
	KindAlarm   = "alarm"   // Slack: a delivery that could not be made, for the desk. args: proposal, delivery, fault
	KindVacated = "vacated" // Slack: whose proposals have nobody now, for the desk. args: owner, why, proposals, count
	KindOrphan  = "orphan"  // Slack: which referrals a department that is gone cannot answer. args: department, proposals, count
	KindDigest  = "digest"  // Slack: how things stand, for the desk, once a working day. args: day, late, resumed
	KindMoved   = "moved"   // Slack: a card that has stayed behind loses its buttons. args: proposal, department, channel, ts, message
	KindClosed  = "closed"  // Slack: a channel that carries nothing for now, and what to do. args: channel, fault
	KindState   = "state"   // LINE: the proposal's state has changed. args: proposal, entry
	KindReply   = "reply"   // LINE: a confirmed reply or a decline. args: proposal, message

	KindReminder = "reminder" // LINE: a draft was left alone, and when it will go. args: draft
)

// tell puts the deliveries of a change to everybody its rule names.
func (l *Ledger) tell(ctx context.Context, tx *store.Tx, p bot.Proposal, c Change, entry int64, step proposal.Step, referrals []bot.Referral) error {
	for _, who := range step.Tell {
		var err error
		switch who {
		case proposal.ToOrganization:
			err = l.tellOrganization(ctx, tx, p, c, entry)
		case proposal.ToDesk:
			err = l.tellCard(tx, p, "", c, entry)
		case proposal.ToDepartments:
			err = l.tellDepartments(tx, p, c, entry, referrals)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) tellOrganization(ctx context.Context, tx *store.Tx, p bot.Proposal, c Change, entry int64) error {
	contact, err := tx.Contact(ctx, p.Contact)
	if err != nil {
		return err
	}
	return tx.Put(store.Delivery{
		Lane: store.LineLane(contact.LineUser), Event: c.Event, Kind: KindState, Matters: true, Proposal: p.ID,
		Args: map[string]string{"proposal": id(p.ID), "entry": id(entry)},
	})
}

// tellDepartments tells those that were asked and are still there; what concerns some departments is told to no other.
func (l *Ledger) tellDepartments(tx *store.Tx, p bot.Proposal, c Change, entry int64, referrals []bot.Referral) error {
	for _, f := range referrals {
		if !concerns(c, f.Department) || !l.current(f.Department) {
			continue
		}
		if err := l.tellCard(tx, p, f.Department, c, entry); err != nil {
			return err
		}
	}
	return nil
}

// concerns reports whether a change concerns a department: a verdict the one that gave it, a question those asked.
func concerns(c Change, d bot.DepartmentID) bool {
	if only := c.Details["department"]; only != "" {
		return only == string(d)
	}
	if only := c.Details["departments"]; only != "" {
		return slices.Contains(strings.Split(only, ","), string(d))
	}
	return true
}

// tellCard changes a card in place and adds the line of history under it; what stands there in its own words anyway
// needs no line.
func (l *Ledger) tellCard(tx *store.Tx, p bot.Proposal, d bot.DepartmentID, c Change, entry int64) error {
	if c.On == proposal.Written || c.On == proposal.Replied {
		return tx.Put(l.card(p, d, c.Event))
	}
	told := l.slack(p, d, KindTold, c.Event)
	told.Args["entry"] = id(entry)
	return tx.Put(l.card(p, d, c.Event), told)
}

func (l *Ledger) card(p bot.Proposal, d bot.DepartmentID, event string) store.Delivery {
	return l.slack(p, d, KindCard, event)
}

// newCard is a card that stands nowhere yet.
func (l *Ledger) newCard(p bot.Proposal, d bot.DepartmentID, event string) store.Delivery {
	delivery := l.card(p, d, event)
	delivery.Args["first"] = "yes"
	return delivery
}

func (l *Ledger) file(p bot.Proposal, d bot.DepartmentID, f bot.FileID, event string) store.Delivery {
	delivery := l.slack(p, d, KindFile, event)
	delivery.Args["file"] = id(f)
	return delivery
}

// slack is a delivery about a proposal into the desk's channel (department "") or a department's.
func (l *Ledger) slack(p bot.Proposal, d bot.DepartmentID, kind, event string) store.Delivery {
	return store.Delivery{
		Lane: store.SlackLane(l.channel(d), p.ID), Event: event, Kind: kind, Matters: true, Proposal: p.ID,
		Args: map[string]string{"proposal": id(p.ID), "department": string(d)},
	}
}

// current reports whether the profile has a department; of one that it no longer has, nobody reads or answers.
func (l *Ledger) current(d bot.DepartmentID) bool {
	_, ok := l.desk.Department(d)
	return ok
}

// channel is where a department reads; what still has to reach one that the profile no longer has goes in a lane of the desk.
func (l *Ledger) channel(d bot.DepartmentID) string {
	if dep, ok := l.desk.Department(d); ok {
		return dep.Channel
	}
	return l.desk.Channel
}

func id[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// Alarm is the news for the desk that a delivery could not be made; fault is the catalogue key of why.
func Alarm(desk *bot.Desk, d store.Delivery, fault string) store.Delivery {
	return store.Delivery{
		Lane: store.SlackLane(desk.Channel, d.Proposal), Event: d.Event, Kind: KindAlarm, Proposal: d.Proposal,
		Args: map[string]string{"proposal": id(d.Proposal), "delivery": d.ID.String(), "fault": fault},
	}
}

// Reminder is the news for a person that a draft was left alone.
func Reminder(lineUser string, d bot.DraftID, event string) store.Delivery {
	return store.Delivery{
		Lane: store.LineLane(lineUser), Event: event, Kind: KindReminder, Matters: true, Args: map[string]string{"draft": id(d)},
	}
}

// Warn lets the desk read in its own channel what concerns no single delivery.
func (l *Ledger) Warn(_ context.Context, tx *store.Tx, say text.Line) error {
	return tx.Put(store.Delivery{
		Lane: store.SlackLane(l.desk.Channel, 0), Event: "outbox", Kind: KindAlarm, Args: map[string]string{"fault": say.Key},
	})
}
