// Package keeper is what whoever keeps the desk running presses, before it serves and between: check, health, migrate,
// release and the setup of both platforms.
//
// It reads settings, looks or does one thing, says in plain words what was found and what to do about it, and ends. It
// never serves, never changes what a proposal says, and never prints a secret or what somebody wrote.
//
// Begin reading with Parts.Check. The flags, and which subcommand presses what, are in commands.go at the top.
package keeper

import (
	"tsunagi/bot"
	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/handlers/line"
	"tsunagi/store/session"
)

// Parts are how the desk in service makes its parts, so that what is looked at here is made in the same way.
type Parts struct {
	Describe func(config.Settings) (*bot.Desk, *text.Catalogue, error)
	Sessions func(config.Settings) (*session.Store, error)
	Line     func(config.Settings, *text.Catalogue) (*line.Client, error)
}

// described is the desk that the settings name, with its words.
type described struct {
	s     config.Settings
	desk  *bot.Desk
	words *text.Catalogue
}

// describe is nil with a fault, so that nobody looks further at a desk without a profile.
func (p Parts) describe(s config.Settings) (*described, error) {
	desk, words, err := p.Describe(s)
	if err != nil {
		return nil, err
	}
	return &described{s: s, desk: desk, words: words}, nil
}
