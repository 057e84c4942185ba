package coordinator

import (
	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// Press is a button a member of staff pressed, on a card or under a message.
type Press struct {
	ID      string    // of the interaction; a repeat has no second effect
	Actor   bot.Actor // with roles looked up at most 60 seconds ago
	Channel string
	TS      string // of the message the button is on
	Press   msg.Press
	Value   string // what was picked, where the button offers a choice
	Alone   bool   // the message is shown to the presser alone, as the answer to a command
}

// Reaction is what the presser sees at once; cards change through deliveries.
type Reaction struct {
	Open *msg.Screen // a modal to open
	Say  text.Line   // words for the presser alone; empty key: nothing
}

// Submission is a filled-in modal.
type Submission struct {
	ID     string
	Actor  bot.Actor
	Press  msg.Press // the Screen's Then
	Values msg.Values
}

// Response is the answer to a submission. At most one of Faults and Show is set; with neither the modal closes.
type Response struct {
	Faults map[string]text.Line // by input id: what is wrong and what is right
	Show   *msg.Screen          // the next view
	Back   bool                 // closing the next view leads back to this one, as it was filled in; else it takes its place
	Say    text.Line            // words for the submitter alone; empty key: nothing
}
