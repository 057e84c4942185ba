package slacksim

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// User is a person or bot as a page shows it.
type User struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Team     string `json:"team"`
	Guest    bool   `json:"guest,omitempty"`
	Outsider bool   `json:"outsider,omitempty"`
	Deleted  bool   `json:"deleted,omitempty"`
	Bot      bool   `json:"bot,omitempty"`
}

// Room is a channel as it stands in one person's side bar.
type Room struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	With     string   `json:"with,omitempty"` // the person of a direct conversation with the bot
	Private  bool     `json:"private,omitempty"`
	Archived bool     `json:"archived,omitempty"`
	Shared   bool     `json:"shared,omitempty"` // somebody of another organisation is in it
	Members  []string `json:"members"`
	Unread   int      `json:"unread"`   // messages in the channel that came after the last Read
	Mentions int      `json:"mentions"` // of these, how many call the person
}

// Users lists everybody in the workspace in the order they came.
func (s *Sim) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []User
	for _, id := range s.people {
		u := s.users[id]
		list = append(list, User{
			ID: u.id, Name: u.name, Team: u.team, Guest: u.guest, Outsider: u.outsider, Deleted: u.deleted, Bot: u.bot,
		})
	}
	return list
}

// Rooms lists the channels and direct conversations that the person is in, in the order they were made.
func (s *Sim) Rooms(userID string) []Room {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []Room{}
	for _, id := range s.rooms {
		if ch := s.channels[id]; ch.members[userID] {
			list = append(list, s.roomOf(ch, userID))
		}
	}
	return list
}

func (s *Sim) roomOf(ch *channel, userID string) Room {
	r := Room{
		ID: ch.id, Name: ch.name, With: ch.with, Private: ch.private, Archived: ch.archived, Shared: s.shared(ch),
		Members: ch.memberIDs(),
	}
	read := timeOfTS(s.lastRead[userID][ch.id])
	for _, m := range slices.Backward(ch.messages) {
		if !timeOfTS(m.TS).After(read) {
			break
		}
		if m.User == userID {
			continue
		}
		r.Unread++
		if slices.Contains(s.notified(ch, m.Mentions, m.User), userID) {
			r.Mentions++
		}
	}
	return r
}

// Read marks everything in the channel up to ts as read by the person; an empty ts marks all.
func (s *Sim) Read(userID, channelID, ts string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[channelID]
	if ch == nil {
		return
	}
	if ts == "" && len(ch.messages) > 0 {
		ts = ch.messages[len(ch.messages)-1].TS
	}
	if s.lastRead[userID] == nil {
		s.lastRead[userID] = map[string]string{}
	}
	s.lastRead[userID][channelID] = ts
}

// VerifyURL asks the app's events address to prove itself, as Slack does when it is entered in the settings.
func (s *Sim) VerifyURL(ctx context.Context) error {
	const challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
	a := s.send(ctx, request{kind: "events_api", what: "url_verification", payload: object{
		"type": "url_verification", "token": "deprecated", "challenge": challenge,
	}})
	if a.problem != "" {
		return fmt.Errorf("verify the events address: %s (status %d)", a.problem, a.status)
	}
	var said struct {
		Challenge string `json:"challenge"`
	}
	if string(a.body) != challenge && (json.Unmarshal(a.body, &said) != nil || said.Challenge != challenge) {
		return fmt.Errorf("verify the events address: the challenge did not come back")
	}
	return nil
}
