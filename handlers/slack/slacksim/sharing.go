package slacksim

import (
	"context"
	"fmt"
	"slices"
)

// Share shares the channel with another organisation, lets these users of it in and tells the app of each.
func (s *Sim) Share(ctx context.Context, channelID string, outsiders ...string) error {
	if err := s.reshape(channelID, "channel_shared", func(ch *channel) { ch.outside, ch.offered = true, false }); err != nil {
		return err
	}
	for _, id := range outsiders {
		if err := s.Join(ctx, id, channelID); err != nil {
			return err
		}
	}
	return nil
}

// Offer invites another organisation into the channel, which has not accepted yet.
func (s *Sim) Offer(channelID string) error {
	return s.reshape(channelID, "shared_channel_invite", func(ch *channel) { ch.offered = true })
}

// Unshare ends the sharing and the invitations to share, takes all people of other organisations out and tells the app of each.
func (s *Sim) Unshare(ctx context.Context, channelID string) error {
	var out []string
	err := s.reshape(channelID, "channel_unshared", func(ch *channel) {
		ch.outside, ch.offered, ch.acrossOrg = false, false, false
		out = slices.DeleteFunc(ch.memberIDs(), func(id string) bool { return s.users[id] == nil || !s.users[id].outsider })
	})
	for _, id := range out {
		if err == nil {
			err = s.Leave(ctx, id, channelID)
		}
	}
	return err
}

// ShareInOrg shares the channel with other workspaces of the same enterprise.
func (s *Sim) ShareInOrg(channelID string) error {
	return s.reshape(channelID, "channel_shared", func(ch *channel) { ch.acrossOrg = true })
}

// Publish makes a private channel public.
func (s *Sim) Publish(channelID string) error {
	return s.reshape(channelID, "channel_converted_to_public", func(ch *channel) { ch.private = false })
}

// Unpublish makes a public channel private.
func (s *Sim) Unpublish(channelID string) error {
	return s.reshape(channelID, "channel_converted_to_private", func(ch *channel) { ch.private = true })
}

func (s *Sim) reshape(channelID, how string, change func(*channel)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[channelID]
	if ch == nil {
		return fmt.Errorf("%s of %s: %w", how, channelID, NotThere)
	}
	change(ch)
	s.note(Entry{Kind: Membership, Method: how, Channel: channelID})
	return nil
}

// shared reports whether the channel is shared with another organisation, or somebody of one is in it; the caller holds the lock.
func (s *Sim) shared(ch *channel) bool {
	return ch.outside || slices.ContainsFunc(ch.memberIDs(), func(id string) bool { return s.users[id] != nil && s.users[id].outsider })
}

// sharing is how the channel is shared, as https://docs.slack.dev/reference/objects/conversation-object has it.
func (s *Sim) sharing(ch *channel) object {
	pending := []string{}
	if ch.offered {
		pending = append(pending, outsideTeam)
	}
	return object{
		"is_shared": s.shared(ch) || ch.acrossOrg, "is_ext_shared": s.shared(ch), "is_org_shared": ch.acrossOrg,
		"is_pending_ext_shared": ch.offered, "pending_shared": pending,
	}
}

// DeleteMessage deletes any message, as an administrator may, and tells the app.
func (s *Sim) DeleteMessage(ctx context.Context, channelID, ts string) error {
	s.mu.Lock()
	var m *Message
	ch := s.channels[channelID]
	if ch != nil {
		m = ch.byTS[ts]
	}
	if m == nil {
		s.mu.Unlock()
		return fmt.Errorf("delete %s in %s: %w", ts, channelID, NotThere)
	}
	ch.remove(ts)
	s.note(Entry{Kind: Deleted, Channel: ch.id, TS: ts, ThreadTS: m.ThreadTS})
	ev := s.deletedEvent(ch, m)
	s.mu.Unlock()
	s.deliver(ctx, ev)
	return nil
}
