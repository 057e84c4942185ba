// Package desk is the desk's commands: a registry of values from which dispatch, rights and help all come.
//
// It never knows Slack's wire format and changes facts only through bot/ledger. Begin reading with Commands, then Desk.Run.
package desk

import "tsunagi/bot"

// Call is one command as typed, or the button that stands for it.
type Call struct {
	ID      string    // of the interaction; a repeat has no second effect
	Actor   bot.Actor // with roles looked up at most 60 seconds ago
	Channel string
	Line    string // what follows /desk, for example "list overdue"
	After   string // for a list: where the page before ended
}
