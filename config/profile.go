package config

import (
	"time"

	"tsunagi/bot/calendar"
)

// Profile is what desk.yaml says, as it stands there; Desk turns it into what the other parts work with. The tag is
// says what a value must be, need that the key may not be left out, least and most how long a list may be. The comments
// are the meanings in docs/settings.md.
type Profile struct {
	// About is who the desk is and when it works.
	About About `yaml:"desk" need:"yes"`
	// Slack is where the desk works.
	Slack Slack `yaml:"slack" need:"yes"`
	// Departments are the departments that can be asked about a proposal.
	Departments []Department `yaml:"departments" need:"yes" least:"1" most:"100"`
	// Topics are the fields of work that organizations choose from and departments stand for.
	Topics []Topic `yaml:"topics" need:"yes" least:"1" most:"100"`
	// Eligibility is who may propose what, judged on the first answers.
	Eligibility Eligibility `yaml:"eligibility"`
	// Intake is what organizations are asked, and how answers go back to them.
	Intake Intake `yaml:"intake" need:"yes"`
	// Deadlines are in working days, but for draft_expires, which is in calendar days.
	Deadlines Deadlines `yaml:"deadlines"`

	calendar calendar.Desk
	location *time.Location
}

// About is who the desk is and when it works.
type About struct {
	// Name is what the desk is called in every greeting.
	Name string `yaml:"name" need:"yes" is:"line 60"`
	// Municipality is the city, ward or prefecture.
	Municipality string `yaml:"municipality" need:"yes" is:"line 40"`
	// Language is what organizations and staff read.
	Language string `yaml:"language" is:"one ja en" default:"ja"`
	// Timezone is the desk's, by its name in the IANA database.
	Timezone string `yaml:"timezone" is:"timezone" default:"Asia/Tokyo"`
	// FiscalYearStarts is the month in which the fiscal year starts.
	FiscalYearStarts int `yaml:"fiscal_year_starts" is:"number 1 12" default:"4"`
	// Receipt is the pattern of receipt numbers: {fy} is the fiscal year, {seq:4} the running number in it with at
	// least four digits.
	Receipt string `yaml:"receipt" need:"yes" is:"receipt"`
	// ReceiptStep is how many receipt numbers are left out after a backup of the database was restored: at least as many as
	// may have been given out since the backup was made.
	ReceiptStep int `yaml:"receipt_step" is:"number 1 100000" default:"100"`
	// Hours are the office hours.
	Hours Hours `yaml:"hours"`
	// Closed are the days on which the desk is closed beside weekends and national holidays: every year, or once when
	// the year is written.
	Closed []string `yaml:"closed" is:"days" most:"100"`
	// Contact is where people reach the desk otherwise; at least one of the two.
	Contact Contact `yaml:"contact" need:"yes"`
}

// Hours are the office hours.
type Hours struct {
	// Days are the working days of the week; national holidays are closed in any case.
	Days []string `yaml:"days" is:"one sun mon tue wed thu fri sat" default:"mon tue wed thu fri" least:"1" most:"7"`
	// From is when the office opens.
	From string `yaml:"from" is:"clock" default:"09:00"`
	// To is when the office closes.
	To string `yaml:"to" is:"clock" default:"17:30"`
}

// Contact is where people reach the desk otherwise.
type Contact struct {
	// Phone is the desk's telephone.
	Phone string `yaml:"phone" is:"phone"`
	// URL is the desk's page.
	URL string `yaml:"url" is:"url"`
}

// Slack is where the desk works.
type Slack struct {
	// DeskChannel is the id of the desk's channel; its members are the desk.
	DeskChannel string `yaml:"desk_channel" need:"yes" is:"channel"`
	// Managers are the ids of those who may do all that the desk may, without being in its channel.
	Managers []string `yaml:"managers" is:"user" most:"50"`
}

// Department is a department that can be asked.
type Department struct {
	// ID is how the department is named in commands and in the database; never change it.
	ID string `yaml:"id" need:"yes" is:"id"`
	// Name is what people read.
	Name string `yaml:"name" need:"yes" is:"line 40"`
	// Channel is the id of its Slack channel; its members are the department.
	Channel string `yaml:"channel" need:"yes" is:"channel"`
	// Topics are the topics it stands for.
	Topics []string `yaml:"topics" is:"id" most:"100"`
	// Duties say what it does, for those who choose whom to ask.
	Duties string `yaml:"duties" is:"line 200"`
}

// Topic is a field of work.
type Topic struct {
	// ID is how the topic is named in the database; never change it.
	ID string `yaml:"id" need:"yes" is:"id"`
	// Name is what people read, also on buttons.
	Name string `yaml:"name" need:"yes" is:"line 20"`
}

// Eligibility is who may propose what. accept lets pass without a word; ask lets pass and marks the card for the desk;
// contract lets pass and tells the organization of the contract procedure; decline ends the proposal politely.
type Eligibility struct {
	// Individuals judges the answer individual to the question proposer.
	Individuals string `yaml:"individuals" is:"one accept decline" default:"accept"`
	// Sales judges the answer sales to the question purpose.
	Sales string `yaml:"sales" is:"one accept decline" default:"accept"`
	// Donation judges the answer donation to the question purpose.
	Donation string `yaml:"donation" is:"one accept ask decline" default:"accept"`
	// CostToCity judges the answer some (or yes) to the form's field cost.
	CostToCity string `yaml:"cost_to_city" is:"one accept contract decline" default:"accept"`
	// Texts are the words the organization then reads; needed for each rule that is not accept.
	Texts EligibilityTexts `yaml:"texts"`
	// Questions are asked before the form, unless the form has fields of the same ids.
	Questions FirstQuestions `yaml:"questions"`
}

// EligibilityTexts are the words an organization reads when a rule of eligibility applies.
type EligibilityTexts struct {
	// Individuals is read by an individual.
	Individuals string `yaml:"individuals" is:"text 500"`
	// Sales is read when the purpose is sales.
	Sales string `yaml:"sales" is:"text 500"`
	// Donation is read when the purpose is a donation.
	Donation string `yaml:"donation" is:"text 500"`
	// CostToCity is read when the city would bear a cost.
	CostToCity string `yaml:"cost_to_city" is:"text 500"`
}

// FirstQuestions are asked before the form.
type FirstQuestions struct {
	// Proposer asks who proposes; one option has the id individual.
	Proposer Question `yaml:"proposer"`
	// Purpose asks what for; options have the ids donation and sales.
	Purpose Question `yaml:"purpose"`
}

// Question is a choice asked before the form.
type Question struct {
	// Ask is the question.
	Ask string `yaml:"ask" need:"yes" is:"text 300"`
	// Label is its short name on cards.
	Label string `yaml:"label" is:"line 20"`
	// Hint is an example or an explanation.
	Hint string `yaml:"hint" is:"text 300"`
	// Options are the answers.
	Options []Option `yaml:"options" need:"yes" least:"2" most:"12"`
}

// Option is one answer to a choice.
type Option struct {
	// ID is how the answer is kept.
	ID string `yaml:"id" need:"yes" is:"id"`
	// Label is what people read on the button.
	Label string `yaml:"label" need:"yes" is:"line 20"`
}

// Intake is what organizations are asked, and how answers go back to them.
type Intake struct {
	// PrivateFields is where fields marked private are asked: on our own page (web), or in the talk (chat).
	PrivateFields string `yaml:"private_fields" need:"yes" is:"one web chat"`
	// Replies is what reaches LINE of a reply: its text (full), or only a link to our own page (notice).
	Replies string `yaml:"replies" is:"one full notice" default:"full"`
	// ReplyApproval is who must approve a department's reply before it goes out.
	ReplyApproval string `yaml:"reply_approval" is:"one none desk manager" default:"none"`
	// Talk is how what people type is read.
	Talk Talk `yaml:"talk"`
	// Form is what is asked for a proposal, in this order.
	Form []Field `yaml:"form" need:"yes" least:"5" most:"20"`
	// Consultation is what is asked for a consultation, in this order.
	Consultation []Field `yaml:"consultation" need:"yes" least:"4" most:"8"`
}

// Talk is how what people type is read.
type Talk struct {
	// Burst is how soon after an answer typed words still belong to it, by LINE's times: nobody reads a new question and answers in four seconds. 0s lets every message stand for itself.
	Burst string `yaml:"burst" is:"burst" default:"4s"`
}

// Field is one question of a form.
type Field struct {
	// ID is how the answer is kept; some ids are reserved, see below.
	ID string `yaml:"id" need:"yes" is:"id"`
	// Kind decides what counts as an answer.
	Kind string `yaml:"kind" need:"yes" is:"kind"`
	// Ask is the question, word for word.
	Ask string `yaml:"ask" need:"yes" is:"text 300"`
	// Label is its short name on cards and buttons; without it, the question itself is shown.
	Label string `yaml:"label" is:"line 20"`
	// Hint is an example or an explanation, shown with the question.
	Hint string `yaml:"hint" is:"text 300"`
	// Options are the answers of a choice: topics for the list of topics, or a list of id and label.
	Options Options `yaml:"options"`
	// Optional lets people skip the question.
	Optional bool `yaml:"optional" default:"false"`
	// Max is the most characters of a text, or the most files.
	Max int `yaml:"max" is:"number 1 4000"`
	// After is an earlier question of kind date: a day before that one is refused, as the end of a period is before its start.
	After string `yaml:"after" is:"id"`
	// When asks the question only if an earlier choice was answered so, as in {cost: some}.
	When map[string]string `yaml:"when" is:"id"`
	// Private marks personal data.
	Private bool `yaml:"private" default:"false"`
	// Protected marks ideas: shown to the desk and to the departments it has cleared.
	Protected bool `yaml:"protected" default:"false"`
}

// Options are the answers of a choice: the profile's topics, or a list of their own.
type Options struct {
	Topics bool
	List   []Option
}

// Deadlines are within how many days the desk wants to have done something.
type Deadlines struct {
	// Triage is until the desk has taken a proposal up, in working days.
	Triage int `yaml:"triage" is:"number 1 60" default:"2"`
	// Verdict is until a department answers, in working days.
	Verdict int `yaml:"verdict" is:"number 1 60" default:"5"`
	// Reply is until the organization hears from the desk, in working days.
	Reply int `yaml:"reply" is:"number 1 60" default:"10"`
	// DraftExpires is until a draft that was left alone is erased, in calendar days; its author is reminded before.
	DraftExpires int `yaml:"draft_expires" is:"number 1 365" default:"30"`
}
