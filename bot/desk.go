package bot

import (
	"slices"
	"time"

	"tsunagi/bot/calendar"
	"tsunagi/bot/form"
)

// Desk is all that one municipality decides, as its profile (desk.yaml) says. It is read once at start and handed down.
type Desk struct {
	Name         string // 岸和田市公民戦略連携デスク
	Municipality string
	Language     string // ja or en
	Location     *time.Location
	Calendar     calendar.Desk
	Receipt      Receipt
	ReceiptStep  int // how many numbers are left out after a backup was restored
	Phone, URL   string
	Channel      string   // the desk's Slack channel
	Managers     []string // Slack user ids
	Departments  []Department
	Former       []Department // that an earlier profile had, with the names they are remembered by
	Topics       []Topic
	Rules        []Rule // eligibility, judged on the first questions
	Proposal     form.Form
	Consultation form.Form
	Deadlines    Deadlines
	Approval     string // intake.reply_approval: none, desk, manager
	// Burst is how soon after an answer typed words still belong to it; 0: never.
	Burst time.Duration
}

// Department is a department (所管課) with its Slack channel.
type Department struct {
	ID      DepartmentID
	Name    string
	Channel string
	Topics  []TopicID
	Duties  string
}

// Fits reports whether the department stands for one of these topics.
func (d Department) Fits(topics []TopicID) bool {
	return slices.ContainsFunc(topics, func(t TopicID) bool { return slices.Contains(d.Topics, t) })
}

// Topic is a field of work (分野) organizations and departments share.
type Topic struct {
	ID   TopicID
	Name string
}

// Rule is one line of eligibility: when Field was answered with Choice, do this and say the profile's words.
type Rule struct {
	Field, Choice string
	Do            Judgement
	Say           string // the profile's words to the organization
}

// Judgement is what an eligibility rule does.
type Judgement string

// An eligibility rule lets pass, passes with a remark, or declines with another door. Ask means: goes on, and the desk
// reads a remark on the card. Contract means: goes on, and the organization reads that a contract procedure applies.
const (
	Accept   Judgement = "accept"
	Ask      Judgement = "ask"
	Contract Judgement = "contract"
	Decline  Judgement = "decline"
)

// Deadlines are working days, but for DraftExpires, which is calendar days.
type Deadlines struct {
	Triage, Verdict, Reply, DraftExpires int
}

// AnswerBy is the day by which the organization has been promised an answer to what was received then.
func (d *Desk) AnswerBy(received time.Time) calendar.Date {
	return d.Calendar.Due(received, d.Deadlines.Reply)
}

// Department finds a department by id.
func (d *Desk) Department(id DepartmentID) (Department, bool) {
	for _, dep := range d.Departments {
		if dep.ID == id {
			return dep, true
		}
	}
	return Department{}, false
}

// DepartmentName is what people call a department, and whether the desk still has it. One that it never had, as far as is
// known, is called by its id.
func (d *Desk) DepartmentName(id DepartmentID) (name string, current bool) {
	if dep, ok := d.Department(id); ok {
		return dep.Name, true
	}
	for _, dep := range d.Former {
		if dep.ID == id && dep.Name != "" {
			return dep.Name, false
		}
	}
	return string(id), false
}

// DepartmentOf finds the department whose Slack channel this is.
func (d *Desk) DepartmentOf(channel string) (Department, bool) {
	for _, dep := range d.Departments {
		if dep.Channel == channel {
			return dep, true
		}
	}
	return Department{}, false
}

// TopicName is what people read for a topic; an unknown one is shown by its id.
func (d *Desk) TopicName(id TopicID) string {
	for _, t := range d.Topics {
		if t.ID == id {
			return t.Name
		}
	}
	return string(id)
}
