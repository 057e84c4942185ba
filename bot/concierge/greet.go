package concierge

import (
	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// greeting is the first answer to a new friend: who the desk is, what can be done here, what happens to the data, and
// one big choice.
func (c *Concierge) greeting() msg.Message {
	m := c.welcome()
	hello := c.say("concierge.greeting", "desk", c.desk.Name, "municipality", c.desk.Municipality)
	m.Blocks = append([]msg.Block{msg.Text{Body: hello}, msg.Text{Body: c.say("concierge.privacy", "desk", c.desk.Name)}}, m.Blocks...)
	m.Alt = hello
	return m
}

// welcome is the one big choice.
func (c *Concierge) welcome() msg.Message {
	title := c.say("concierge.menu")
	return msg.Message{Alt: title, Blocks: []msg.Block{msg.Card{
		Title: title, Body: c.say("concierge.menu_body"),
		Buttons: []msg.Button{
			c.door("menu.propose", msg.Primary), c.door("menu.consult", ""), c.door("menu.status", ""), c.door("menu.help", ""),
		},
	}}}
}

// help says what can be typed and pressed, and how to reach people.
func (c *Concierge) help() msg.Message {
	words := c.say("concierge.help", "desk", c.desk.Name, "phone", c.desk.Phone, "url", c.desk.URL)
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Text{Body: words}}, Choices: c.doors()}
}

// otherDoors is a no of the profile's rules, with its words and where else to go.
func (c *Concierge) otherDoors(words string) msg.Message {
	return msg.Message{
		Alt: words, Blocks: []msg.Block{msg.Text{Body: words}, msg.Text{Body: c.say("concierge.other_doors", "phone", c.desk.Phone)}},
		Choices: c.doors(),
	}
}

// unfinished offers to go on with the form under way before another begins.
func (c *Concierge) unfinished(q asked, s form.Session, d bot.DraftID) msg.Message {
	words := c.say("concierge.unfinished", "form", c.formTitle(s.Form))
	again := msg.Do(q.Do, "new", id(d)).Shown(q.At)
	return msg.Message{
		Alt: words, Blocks: []msg.Block{msg.Card{Title: words, Buttons: []msg.Button{
			{Label: c.say("button.form.resume"), Style: msg.Primary, Press: page{c, form.Prompt{}, d, q.At}.verb(form.DoResume, form.Prompt{Revision: s.Revision})},
			{Label: c.say("button.concierge.new"), Press: again, Confirm: c.say("concierge.unfinished_lost")},
		}}},
	}
}

func (c *Concierge) formTitle(id string) text.Line { return text.Say("concierge.form." + id) }

// doors are the ways on that are always open.
func (c *Concierge) doors() []msg.Button {
	return []msg.Button{c.door("menu.propose", ""), c.door("menu.consult", ""), c.door("menu.status", ""), c.door("menu.help", "")}
}

func (c *Concierge) door(do string, s msg.Style) msg.Button {
	return msg.Button{Label: c.say("button." + do), Style: s, Press: msg.Do(do)}
}

// say words a line of the catalogue.
func (c *Concierge) say(key string, args ...any) string { return c.words.Say(text.Say(key, args...)) }

func say(key string, args ...any) text.Line { return text.Say(key, args...) }

func plainLine(words string) text.Line { return text.Plain(words) }
