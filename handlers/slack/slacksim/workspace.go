package slacksim

import (
	"context"
	"fmt"
)

// Standing says what sets a user apart from an ordinary member of the workspace.
type Standing string

// What a user can be beside an ordinary member.
const (
	Guest    Standing = "guest"    // restricted to some channels
	Outsider Standing = "outsider" // of another organisation, seen through a shared channel
	Gone     Standing = "deleted"  // deactivated
	Bot      Standing = "bot"
)

// outsideTeam is the workspace that every Outsider belongs to.
const outsideTeam = "T0OUTSIDE"

type user struct {
	id, name string
	team     string
	guest    bool
	outsider bool
	deleted  bool
	bot      bool
}

type group struct {
	handle  string
	members []string
}

// AddUser puts a person into the workspace. An id that exists is replaced.
func (s *Sim) AddUser(id, name string, standing ...Standing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := &user{id: id, name: name, team: s.cfg.TeamID}
	for _, is := range standing {
		u.guest = u.guest || is == Guest
		u.outsider = u.outsider || is == Outsider
		u.deleted = u.deleted || is == Gone
		u.bot = u.bot || is == Bot
	}
	if u.outsider {
		u.team = outsideTeam
	}
	if s.users[id] == nil {
		s.people = append(s.people, id)
	}
	s.users[id] = u
}

// AddGroup makes a user group that <!subteam^id> calls.
func (s *Sim) AddGroup(id, handle string, members ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groups[id] = group{handle: handle, members: members}
}

// AddChannel makes a public channel with the app's bot and the given members in it.
func (s *Sim) AddChannel(id, name string, members ...string) { s.addChannel(id, name, false, members) }

// AddPrivateChannel makes a private channel with the app's bot and the given members in it.
func (s *Sim) AddPrivateChannel(id, name string, members ...string) {
	s.addChannel(id, name, true, members)
}

func (s *Sim) addChannel(id, name string, private bool, members []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := newChannel(id, name)
	ch.private = private
	ch.created = s.cfg.Now().Unix()
	for _, m := range append([]string{s.cfg.BotUserID}, members...) {
		ch.join(m)
	}
	s.putChannel(ch)
}

func (s *Sim) putChannel(ch *channel) {
	if s.channels[ch.id] == nil {
		s.rooms = append(s.rooms, ch.id)
	}
	s.channels[ch.id] = ch
}

// Join makes the user a member of the channel and tells the app.
func (s *Sim) Join(ctx context.Context, userID, channelID string) error {
	return s.member(ctx, userID, channelID, "member_joined_channel", (*channel).join)
}

// Leave takes the user out of the channel and tells the app, unless it is the app's own bot that left.
func (s *Sim) Leave(ctx context.Context, userID, channelID string) error {
	return s.member(ctx, userID, channelID, "member_left_channel", (*channel).leave)
}

// RemoveBot takes the app's bot out of the channel. Slack sends it nothing but channel_left.
func (s *Sim) RemoveBot(ctx context.Context, channelID string) error {
	return s.member(ctx, s.cfg.BotUserID, channelID, "channel_left", (*channel).leave)
}

func (s *Sim) member(ctx context.Context, userID, channelID, kind string, change func(*channel, string)) error {
	s.mu.Lock()
	ch, known := s.channels[channelID], s.users[userID] != nil
	if ch == nil || !known {
		s.mu.Unlock()
		return fmt.Errorf("%s of %s in %s: %w", kind, userID, channelID, NotThere)
	}
	change(ch, userID)
	s.note(Entry{Kind: Membership, Method: kind, User: userID, Channel: channelID})
	ev := s.newEvent(kind, object{
		"user": userID, "channel": channelID, "channel_type": ch.letter(), "team": s.users[userID].team,
	}, ch)
	s.mu.Unlock()
	s.deliver(ctx, ev)
	return nil
}

// Archive archives the channel and tells the app.
func (s *Sim) Archive(ctx context.Context, channelID string) error {
	return s.archive(ctx, channelID, true, "channel_archive")
}

// Unarchive opens the channel again and tells the app.
func (s *Sim) Unarchive(ctx context.Context, channelID string) error {
	return s.archive(ctx, channelID, false, "channel_unarchive")
}

func (s *Sim) archive(ctx context.Context, channelID string, archived bool, kind string) error {
	s.mu.Lock()
	ch := s.channels[channelID]
	if ch == nil {
		s.mu.Unlock()
		return fmt.Errorf("%s of %s: %w", kind, channelID, NotThere)
	}
	ch.archived = archived
	s.note(Entry{Kind: Membership, Method: kind, Channel: channelID})
	ev := s.newEvent(kind, object{"channel": channelID}, ch)
	s.mu.Unlock()
	s.deliver(ctx, ev)
	return nil
}

// Deactivate closes the user's account, takes it out of all channels and tells the app by user_change alone: that somebody
// is out of a channel because of it is not told of each.
func (s *Sim) Deactivate(ctx context.Context, userID string) error {
	return s.changeUser(ctx, userID, func(u *user) {
		u.deleted = true
		for _, ch := range s.channels {
			ch.leave(userID)
		}
	})
}

// MakeGuest restricts the user to the channels they are in and tells the app.
func (s *Sim) MakeGuest(ctx context.Context, userID string) error {
	return s.changeUser(ctx, userID, func(u *user) { u.guest = true })
}

// Rename changes what the user is called and tells the app, as a new picture or status would.
func (s *Sim) Rename(ctx context.Context, userID, name string) error {
	return s.changeUser(ctx, userID, func(u *user) { u.name = name })
}

func (s *Sim) changeUser(ctx context.Context, userID string, change func(*user)) error {
	s.mu.Lock()
	u := s.users[userID]
	if u == nil {
		s.mu.Unlock()
		return fmt.Errorf("change %s: %w", userID, NotThere)
	}
	change(u)
	s.note(Entry{Kind: Membership, Method: "user_change", User: userID})
	ev := s.newEvent("user_change", object{"user": s.userObject(u)}, nil)
	s.mu.Unlock()
	s.deliver(ctx, ev)
	return nil
}

// direct finds or opens the direct conversation between the bot and the user; the caller holds the lock.
func (s *Sim) direct(userID string) *channel {
	id := "D" + userID
	if ch := s.channels[id]; ch != nil {
		return ch
	}
	ch := newChannel(id, "")
	ch.im, ch.with, ch.created = true, userID, s.cfg.Now().Unix()
	ch.join(s.cfg.BotUserID)
	ch.join(userID)
	s.putChannel(ch)
	return ch
}
