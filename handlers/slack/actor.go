package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	slackapi "github.com/slack-go/slack"

	"tsunagi/bot"
)

// Directory tells who somebody in Slack is: the desk is the members of the desk's channel, a department the members of
// its channel, managers those whom the profile lists. Guests, bots, people whose account is closed and people of other
// organisations have no role, wherever they are members.
//
// What it knows is at most a minute old: a member who was taken out of a channel loses the role within that time.
type Directory struct {
	client *Client
	desk   *bot.Desk
	log    *slog.Logger

	self    cache[slackapi.AuthTestResponse]
	people  cache[slackapi.User]
	members cache[map[string]bool]
	at      chan struct{} // bounds the questions at once
	work    sync.WaitGroup
}

// Ages of what the directory knows. A promise to keep: a removed member loses access within 60 seconds.
const (
	roleFresh   = 25 * time.Second
	roleGood    = 60 * time.Second
	renewEvery  = 20 * time.Second
	renewFor    = 10 * time.Minute // after the last use
	nameWaits   = time.Second
	membersPage = 500
	asksAtOnce  = 8
)

// NewDirectory makes the directory of a desk. Run keeps it fresh.
func NewDirectory(c *Client, desk *bot.Desk, now func() time.Time, log *slog.Logger) *Directory {
	d := &Directory{client: c, desk: desk, log: log, at: make(chan struct{}, asksAtOnce)}
	d.self = cache[slackapi.AuthTestResponse]{fetch: d.askSelf, now: now, fresh: time.Hour, good: 24 * time.Hour, work: &d.work}
	d.people = cache[slackapi.User]{fetch: d.askUser, now: now, fresh: roleFresh, good: roleGood, work: &d.work}
	d.members = cache[map[string]bool]{fetch: d.askMembers, now: now, fresh: roleFresh, good: roleGood, work: &d.work}
	return d
}

// Run keeps fresh what was used lately, so that a command need not wait, until ctx ends; then it waits for the
// questions on their way.
func (d *Directory) Run(ctx context.Context) error {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			d.members.renew(renewFor)
			d.people.renew(renewFor)
		case <-ctx.Done():
			d.work.Wait()
			return nil
		}
	}
}

// Actor tells who a user is. team is the workspace the user acted from, if known. Errors are of kind Later: Slack could
// not be asked, and what was known is too old to be believed.
func (d *Directory) Actor(ctx context.Context, user, team string) (bot.Actor, error) {
	a := bot.Actor{ID: user}
	self, err := d.self.get(ctx, "")
	if err != nil {
		return a, fault("look up the workspace", err)
	}
	d.ask(user)
	person, err := d.people.get(ctx, user)
	if err != nil {
		return a, fault("look up "+user, err)
	}
	a.Name = nameOf(person)
	if !colleague(person, self) || (team != "" && team != self.TeamID && team != self.EnterpriseID) {
		return a, nil
	}
	return d.roles(ctx, a)
}

// ask sends all questions off together.
func (d *Directory) ask(user string) {
	d.people.ask(user)
	d.members.ask(d.desk.Channel)
	for _, dep := range d.desk.Departments {
		d.members.ask(dep.Channel)
	}
}

// roles fills in what the actor is. When one department cannot be looked up, the desk works on; others are asked to
// try again rather than told that they may not.
func (d *Directory) roles(ctx context.Context, a bot.Actor) (bot.Actor, error) {
	desk, err := d.members.get(ctx, d.desk.Channel)
	if err != nil {
		return a, fault("look up members of the desk", err)
	}
	a.Desk = desk[a.ID]
	a.Manager = slices.Contains(d.desk.Managers, a.ID)
	for _, dep := range d.desk.Departments {
		members, err := d.members.get(ctx, dep.Channel)
		if err != nil && !a.Desk {
			return bot.Actor{ID: a.ID, Name: a.Name}, fault("look up members of "+string(dep.ID), err)
		}
		if members[a.ID] {
			a.Departments = append(a.Departments, dep.ID)
		}
	}
	return a, nil
}

// colleague reports whether somebody is a full member of this workspace.
func colleague(u slackapi.User, self slackapi.AuthTestResponse) bool {
	if u.Deleted || u.IsBot || u.IsRestricted || u.IsUltraRestricted || u.IsStranger || u.ID == self.UserID {
		return false
	}
	return u.TeamID == self.TeamID || (self.EnterpriseID != "" && u.Enterprise.EnterpriseID == self.EnterpriseID)
}

// Absent tells whether somebody is still of the desk, for whoever owns proposals. An error means that it cannot be told
// now. The app is itself a member of the desk's channel: if nobody is, it cannot look into it, and knows of no one.
func (d *Directory) Absent(ctx context.Context, user string) (bot.Absence, error) {
	members, err := d.members.get(ctx, d.desk.Channel)
	if err == nil && len(members) == 0 {
		err = errors.New("the channel cannot be read")
	}
	if err != nil {
		return bot.Present, fault("look up members of the desk", err)
	}
	a, err := d.Actor(ctx, user, "")
	if err != nil || a.AtDesk() {
		return bot.Present, err
	}
	person, err := d.people.get(ctx, user)
	if err != nil {
		return bot.Present, fault("look up "+user, err)
	}
	if unknown := person.TeamID == ""; person.Deleted || unknown {
		return bot.Closed, nil
	}
	return bot.Left, nil
}

// Name is what people call a user; an unknown one is shown by id. A name may be older than a role, so what is known is
// given at once.
//
// Nobody has no name, and Slack is not asked for it.
func (d *Directory) Name(ctx context.Context, user string) string {
	if user == "" {
		return ""
	}
	if u, known := d.people.last(user); known {
		d.people.ask(user)
		return nameOf(u)
	}
	ctx, cancel := context.WithTimeout(ctx, nameWaits)
	defer cancel()
	u, err := d.people.get(ctx, user)
	if err != nil {
		return user
	}
	return nameOf(u)
}

func nameOf(u slackapi.User) string {
	for _, name := range []string{u.Profile.DisplayName, u.Profile.RealName, u.RealName, u.Name} {
		if name != "" {
			return name
		}
	}
	return u.ID
}

// Forget drops what is known of a channel's members, when Slack says that they have changed.
func (d *Directory) Forget(channel string) { d.members.drop(channel) }

// ForgetUser drops what is known of a person.
func (d *Directory) ForgetUser(user string) { d.people.drop(user) }

// Team is the id of our workspace.
func (d *Directory) Team(ctx context.Context) (string, error) {
	self, err := d.self.get(ctx, "")
	return self.TeamID, fault("look up the workspace", err)
}

func (d *Directory) askSelf(ctx context.Context, _ string) (slackapi.AuthTestResponse, error) {
	self, err := d.client.api.AuthTestContext(ctx)
	if err != nil {
		return slackapi.AuthTestResponse{}, err
	}
	return *self, nil
}

// turn keeps the questions at once within what Slack likes.
func (d *Directory) turn(ctx context.Context) error {
	select {
	case d.at <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *Directory) askUser(ctx context.Context, user string) (slackapi.User, error) {
	if err := d.turn(ctx); err != nil {
		return slackapi.User{}, err
	}
	defer func() { <-d.at }()
	u, err := d.client.api.GetUserInfoContext(ctx, user)
	if code(err) == "user_not_found" || code(err) == "user_not_visible" {
		return slackapi.User{ID: user}, nil // nobody we know, so nobody with a role
	}
	if err != nil {
		return slackapi.User{}, err
	}
	return *u, nil
}

// askMembers reads all pages. A channel that is not there for us has no members: that its people lose their roles is
// said in the log and by the check command.
func (d *Directory) askMembers(ctx context.Context, channel string) (map[string]bool, error) {
	if err := d.turn(ctx); err != nil {
		return nil, err
	}
	defer func() { <-d.at }()
	members, cursor := map[string]bool{}, ""
	for {
		page, next, err := d.client.api.GetUsersInConversationContext(ctx, &slackapi.GetUsersInConversationParameters{
			ChannelID: channel, Cursor: cursor, Limit: membersPage,
		})
		if isGone(code(err)) || code(err) == "missing_scope" {
			d.log.Warn("members of a channel cannot be read", "channel", channel, "error", code(err))
			return map[string]bool{}, nil
		}
		if err != nil {
			return nil, fmt.Errorf("members of %s: %w", channel, err)
		}
		for _, m := range page {
			members[m] = true
		}
		if cursor = next; cursor == "" {
			return members, nil
		}
	}
}
