package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tsunagi/bot/calendar"
)

// checker judges what no single key can tell: names that must differ, references that must lead somewhere, and what
// this version cannot do yet. It looks only at what could be read.
type checker struct {
	*reader
	p *Profile
}

func (c checker) check() {
	if !c.good("") {
		return
	}
	c.contact()
	c.days()
	c.topics()
	c.departments()
	c.managers()
	c.notYet()
	fields := append(c.first(), c.located("intake.form", c.p.Intake.Form)...)
	c.form("intake.form", fields, reserved("topic"))
	c.form("intake.consultation", c.located("intake.consultation", c.p.Intake.Consultation), reserved())
	c.eligibility(fields)
}

func (c checker) contact() {
	if c.good("desk.contact") && !c.given("desk.contact.phone") && !c.given("desk.contact.url") {
		c.fault("desk.contact", Fault{Wrong: "says neither phone nor url", Want: "at least one of them"})
	}
}

// days makes the desk's calendar; what a single key got wrong has been said already.
func (c checker) days() {
	if c.anyBad("desk.hours", "desk.closed", "desk.timezone", "desk.fiscal_year_starts") {
		return
	}
	rules := c.rules()
	if rules.From >= rules.To {
		c.fault("desk.hours", Fault{Wrong: fmt.Sprintf("from %s to %s is no span", rules.From, rules.To),
			Want: "from earlier than to"})
		return
	}
	var err error
	if c.p.calendar, err = calendar.New(rules); err != nil {
		c.fault("desk.closed", Fault{Wrong: strings.TrimPrefix(err.Error(), "closed: "), Want: "some working days in every year"})
	}
}

func (c checker) rules() calendar.Rules {
	about := c.p.About
	c.p.location, _ = zone(about.Timezone) // each value was judged when it was read
	r := calendar.Rules{FiscalStart: time.Month(about.FiscalYearStarts), Location: c.p.location}
	r.From, _ = calendar.ParseTimeOfDay(about.Hours.From)
	r.To, _ = calendar.ParseTimeOfDay(about.Hours.To)
	for _, name := range about.Hours.Days {
		day, _ := calendar.ParseWeekday(name)
		r.Days = append(r.Days, day)
	}
	for _, days := range about.Closed {
		span, _ := calendar.ParseRange(days)
		r.Closed = append(r.Closed, span)
	}
	return r
}

// anyBad reports whether something at or below one of the paths, or the desk as a whole, could not be read.
func (c checker) anyBad(paths ...string) bool {
	for path, at := range c.places {
		for _, p := range paths {
			if !at.good && (path == p || strings.HasPrefix(path, p+".") || strings.HasPrefix(path, p+"[")) {
				return true
			}
		}
	}
	return !c.good("desk")
}

func (c checker) topics() {
	ids, labels := once{}, once{}
	for i, t := range c.p.Topics {
		path := fmt.Sprintf("topics[%d]", i)
		c.differs(ids, path+".id", t.ID)
		c.differs(labels, path+".name", t.Name)
	}
}

func (c checker) departments() {
	ids, labels, channels := once{}, once{}, once{}
	c.differs(channels, "slack.desk_channel", c.p.Slack.DeskChannel)
	for i, d := range c.p.Departments {
		path := fmt.Sprintf("departments[%d]", i)
		c.differs(ids, path+".id", d.ID)
		c.differs(labels, path+".name", d.Name)
		c.differs(channels, path+".channel", d.Channel)
		c.topicsOf(path, d)
	}
}

func (c checker) topicsOf(path string, d Department) {
	seen := once{}
	for i, topic := range d.Topics {
		at := fmt.Sprintf("%s.topics[%d]", path, i)
		c.differs(seen, at, topic)
		c.leadsTo(at, topic, c.topicIDs(), "topics")
	}
}

// leadsTo asks that the word at the path is one of the ids of a list that was read.
func (c checker) leadsTo(path, word string, ids []string, list string) {
	if !c.good(path) || !c.good(list) {
		return
	}
	if slices.Contains(ids, word) {
		return
	}
	c.fault(path, Fault{Wrong: fmt.Sprintf("%s has no id %q", list, word), Want: "one of " + strings.Join(ids, ", "),
		Nearest: nearest(word, ids)})
}

func (c checker) topicIDs() []string {
	var ids []string
	for _, t := range c.p.Topics {
		ids = append(ids, t.ID)
	}
	return slices.Compact(ids)
}

func (c checker) managers() {
	seen := once{}
	for i, id := range c.p.Slack.Managers {
		c.differs(seen, fmt.Sprintf("slack.managers[%d]", i), id)
	}
	days := once{}
	for i, day := range c.p.About.Hours.Days {
		c.differs(days, fmt.Sprintf("desk.hours.days[%d]", i), day)
	}
}

// once remembers where each word was first used.
type once map[string]string

// differs asks that no two of a kind are the same.
func (c checker) differs(seen once, path, word string) {
	if !c.good(path) {
		return
	}
	if first, twice := seen[word]; twice {
		c.fault(path, Fault{Wrong: fmt.Sprintf("%q is used already, by %s in line %d", word, first, c.places[first].line),
			Want: "another one"})
		return
	}
	seen[word] = path
}

// notYet refuses what design and profile know but this version does not do, rather than doing less than was asked.
func (c checker) notYet() {
	in := c.p.Intake
	if in.PrivateFields == "web" {
		c.fault("intake.private_fields", Fault{Wrong: `"web" cannot be used yet: the private page comes in a later version`,
			Want: "chat, which asks these fields in the talk"})
	}
	if in.Replies == "notice" {
		c.fault("intake.replies", Fault{Wrong: `"notice" cannot be used yet: the page for replies comes in a later version`,
			Want: "full, which sends the text of a reply in LINE"})
	}
	if in.ReplyApproval == "desk" || in.ReplyApproval == "manager" {
		c.fault("intake.reply_approval", Fault{Want: "none, with which each reply is previewed and confirmed by its writer",
			Wrong: fmt.Sprintf("%q cannot be used yet: approval of replies comes in a later version", in.ReplyApproval)})
	}
}
