package bot

import (
	"time"

	"tsunagi/bot/calendar"
)

// draftNotice is how many days before the end the author of a draft is reminded: a week, or half the time that it is kept
// if that is short.
func (d *Desk) draftNotice() int { return min(7, d.Deadlines.DraftExpires/2) }

// DraftReminder is when to remind the author of a draft that was left alone since then: within office hours, since it
// makes a telephone ring.
func (d *Desk) DraftReminder(left time.Time) time.Time {
	day := d.Calendar.Today(left).AddDays(d.Deadlines.DraftExpires - d.draftNotice())
	return d.Calendar.NextOpening(day.In(d.Location))
}

// DraftKept is the last day on which a draft is kept that was left alone since then: the profile's days, and longer if its
// author was reminded late.
func (d *Desk) DraftKept(left, reminded time.Time) calendar.Date {
	last := d.Calendar.Today(left).AddDays(d.Deadlines.DraftExpires)
	if !reminded.After(left) {
		return last
	}
	if told := d.Calendar.Today(reminded).AddDays(d.draftNotice()); told.After(last) {
		return told
	}
	return last
}
