package linesim

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrBlocked is returned when a person who blocked the account is asked to write to it.
var ErrBlocked = errors.New("the person has blocked the account")

// Whoever wrote without being a friend can be pushed to for this long.
// https://developers.line.biz/en/reference/messaging-api/#send-push-message
const acquaintance = 7 * 24 * time.Hour

// person is somebody with a phone.
type person struct {
	id, name string
	known    bool // was a friend before
	friend   bool
	blocked  bool
	wrote    time.Time
	menu     string // rich menu of their own
}

// reachable tells whether a push is shown.
func (p *person) reachable(now time.Time) bool {
	return !p.blocked && (p.friend || !p.wrote.IsZero() && now.Sub(p.wrote) <= acquaintance)
}

// visible tells whether the profile may be read.
func (p *person) visible() bool { return !p.blocked && (p.friend || !p.wrote.IsZero()) }

func (p *person) whyNot() string {
	if p.blocked {
		return "the person has blocked the account"
	}
	return "the person is not a friend"
}

// group is a group chat that the bot was invited to.
type group struct {
	id      string
	members []string
	left    bool
}

// Person is a handle on one simulated person. Its methods are what the person can do; each sends a signed webhook and
// tells how it was answered.
type Person struct {
	sim   *Sim
	id    string
	group string // the chat they write in; empty is one to one
}

// Profile describes a person to whoever looks at the simulator.
type Profile struct {
	ID      string `json:"userId"`
	Name    string `json:"displayName"`
	Friend  bool   `json:"friend"`
	Blocked bool   `json:"blocked"`
}

// AddPerson adds somebody who is not a friend yet, or returns who has this id already. An id that is no LINE user id is
// turned into one, see UserID.
func (s *Sim) AddPerson(id, displayName string) Person {
	id = UserID(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.people[id] == nil {
		s.people[id] = &person{id: id, name: displayName}
		s.order = append(s.order, id)
	}
	return Person{sim: s, id: id}
}

// Person finds somebody by user id, or by the readable name given to AddPerson.
func (s *Sim) Person(id string) (Person, bool) {
	id = UserID(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	return Person{sim: s, id: id}, s.people[id] != nil
}

// People lists everybody in the order they were added.
func (s *Sim) People() []Profile {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Profile, 0, len(s.order))
	for _, id := range s.order {
		p := s.people[id]
		out = append(out, Profile{p.id, p.name, p.friend && !p.blocked, p.blocked})
	}
	return out
}

// ID is the person's user id.
func (p Person) ID() string { return p.id }

// Chat lists what stands on the person's phone, see Sim.Chat; for a person in a group, what stands in the group.
func (p Person) Chat() []Entry { return p.sim.Chat(p.chat()) }

// In is the same person writing in a group they are a member of.
func (p Person) In(groupID string) Person {
	p.group = GroupID(groupID)
	return p
}

func (p Person) chat() string {
	if p.group != "" {
		return p.group
	}
	return p.id
}

func (p Person) source() *source {
	if p.group != "" {
		return &source{Type: "group", GroupID: p.group, UserID: p.id}
	}
	return &source{Type: "user", UserID: p.id}
}

// Follow adds the account as a friend, or unblocks it.
func (p Person) Follow(ctx context.Context) (Receipt, error) {
	return p.do(ctx, func(me *person, e *event) error {
		e.Type, e.Follow = "follow", &follow{IsUnblocked: me.blocked}
		me.friend, me.known, me.blocked = true, true, false
		p.note(Followed, e)
		return nil
	})
}

// Block blocks the account. The bot reads an unfollow event, which it cannot answer.
func (p Person) Block(ctx context.Context) (Receipt, error) {
	return p.do(ctx, func(me *person, e *event) error {
		if me.blocked {
			return fmt.Errorf("block by %s: %w", p.id, ErrBlocked)
		}
		e.Type = "unfollow"
		me.blocked, me.friend = true, false
		p.note(Blocked, e)
		return nil
	})
}

// JoinGroup invites the bot to a group this person is a member of.
func (p Person) JoinGroup(ctx context.Context, groupID string) (Receipt, error) {
	p = p.In(groupID)
	return p.do(ctx, func(_ *person, e *event) error {
		g := p.sim.groups[p.group]
		if g == nil {
			g = &group{id: p.group}
			p.sim.groups[p.group] = g
		}
		g.members, g.left = append(g.members, p.id), false
		e.Type, e.Source = "join", &source{Type: "group", GroupID: p.group}
		p.note(Joined, e)
		return nil
	})
}

// ExpelFromGroup removes the bot from a group. The bot reads a leave event, which it cannot answer.
func (p Person) ExpelFromGroup(ctx context.Context, groupID string) (Receipt, error) {
	p = p.In(groupID)
	return p.do(ctx, func(_ *person, e *event) error {
		g := p.sim.groups[p.group]
		if g == nil || g.left {
			return fmt.Errorf("expel the bot from %s: it is not a member", p.group)
		}
		g.left = true
		e.Type, e.Source = "leave", &source{Type: "group", GroupID: p.group}
		p.note(Left, e)
		return nil
	})
}

// do lets the person act and sends the event that comes of it. act runs with the lock held.
func (p Person) do(ctx context.Context, act func(me *person, e *event) error) (Receipt, error) {
	s := p.sim
	s.mu.Lock()
	now := s.cfg.Now()
	e := &event{at: now, Source: p.source(), Timestamp: now.UnixMilli(), WebhookEventID: s.ids.ulid(now)}
	if err := act(s.people[p.id], e); err != nil {
		s.mu.Unlock()
		return Receipt{}, err
	}
	l := s.letter(e, p.chat(), p.id, now)
	s.mu.Unlock()
	return s.send(ctx, l), nil
}

// note records what the person did when it leaves nothing on the phone. The lock is held.
func (p Person) note(k Kind, e *event) {
	p.sim.add(Entry{Kind: k, Time: e.at, Chat: p.chat(), Person: p.id, EventID: e.WebhookEventID})
}
