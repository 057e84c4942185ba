package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/form"
)

// Desk is the profile as the other parts work with it. Call it on a profile that LoadProfile gave without a fault.
func (p Profile) Desk() bot.Desk {
	return bot.Desk{
		Name: p.About.Name, Municipality: p.About.Municipality, Language: p.About.Language,
		Location: p.location, Calendar: p.calendar, Receipt: bot.Receipt(p.About.Receipt), ReceiptStep: p.About.ReceiptStep,
		Phone: p.About.Contact.Phone, URL: p.About.Contact.URL,
		Channel: p.Slack.DeskChannel, Managers: p.Slack.Managers,
		Departments: p.departments(), Topics: p.topics(), Rules: p.rules(),
		Proposal:     p.form("proposal", append(p.asked(), p.Intake.Form...)),
		Consultation: p.form("consultation", p.Intake.Consultation),
		Deadlines:    bot.Deadlines(p.Deadlines), Approval: p.Intake.ReplyApproval,
		Burst: p.burst(),
	}
}

// burst was judged when it was read.
func (p Profile) burst() time.Duration {
	d, _ := time.ParseDuration(p.Intake.Talk.Burst)
	return d
}

func (p Profile) departments() []bot.Department {
	all := make([]bot.Department, len(p.Departments))
	for i, d := range p.Departments {
		all[i] = bot.Department{ID: bot.DepartmentID(d.ID), Name: d.Name, Channel: d.Channel, Duties: d.Duties}
		for _, t := range d.Topics {
			all[i].Topics = append(all[i].Topics, bot.TopicID(t))
		}
	}
	return all
}

func (p Profile) topics() []bot.Topic {
	all := make([]bot.Topic, len(p.Topics))
	for i, t := range p.Topics {
		all[i] = bot.Topic{ID: bot.TopicID(t.ID), Name: t.Name}
	}
	return all
}

// rules are the lines of eligibility that do more than let pass.
func (p Profile) rules() []bot.Rule {
	var all []bot.Rule
	for _, l := range p.lines() {
		if do := bot.Judgement(l.do); do != bot.Accept {
			all = append(all, bot.Rule{Field: l.field, Choice: l.choice, Do: do, Say: l.say})
		}
	}
	return all
}

// asked are the questions before the form that the profile has words for.
func (p Profile) asked() []Field {
	var all []Field
	for _, q := range p.questions() {
		if q.Ask != "" {
			all = append(all, q)
		}
	}
	return all
}

func (p Profile) form(id string, fields []Field) form.Form {
	f := form.Form{ID: id}
	for _, field := range fields {
		f.Fields = append(f.Fields, form.Field{
			ID: field.ID, Kind: form.Kind(field.Kind), Ask: field.Ask, Label: field.Label, Hint: field.Hint,
			Options: p.options(field.Options), Optional: field.Optional, Max: field.Max,
			After: field.After, When: field.When, Private: field.Private, Protected: field.Protected,
		})
	}
	f.Version = version(f.Fields)
	return f
}

func (p Profile) options(o Options) []form.Option {
	var all []form.Option
	if o.Topics {
		for _, t := range p.Topics {
			all = append(all, form.Option{ID: t.ID, Label: t.Name})
		}
	}
	for _, one := range o.List {
		all = append(all, form.Option(one))
	}
	return all
}

// version is a short hash of the fields, the same on every replica and after every restart.
func version(fields []form.Field) string {
	plain, _ := json.Marshal(fields) // strings, numbers and maps of strings always marshal
	sum := sha256.Sum256(plain)
	return hex.EncodeToString(sum[:6])
}
