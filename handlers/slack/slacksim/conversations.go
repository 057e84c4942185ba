package slacksim

import (
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"strings"
)

func (s *Sim) authTest(c *call) (object, *refusal) {
	return object{
		"url": "https://" + s.cfg.TeamDomain + ".slack.com/", "team": s.cfg.TeamDomain, "team_id": s.cfg.TeamID,
		"user": "bot", "user_id": s.cfg.BotUserID, "bot_id": s.cfg.BotID, "app_id": s.cfg.AppID,
		"is_enterprise_install": false,
	}, nil
}

func (s *Sim) botsInfo(c *call) (object, *refusal) {
	if id := c.arg("bot"); id != "" && id != s.cfg.BotID {
		return nil, refuse("bot_not_found")
	}
	return object{"bot": object{
		"id": s.cfg.BotID, "deleted": false, "name": "bot", "app_id": s.cfg.AppID, "user_id": s.cfg.BotUserID,
		"updated": 0, "icons": object{},
	}}, nil
}

func (s *Sim) usersInfo(c *call) (object, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[c.arg("user")]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return object{"user": s.userObject(u)}, nil
}

func (s *Sim) usersList(c *call) (object, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids, next, err := c.page(s.people, 1000)
	if err != nil {
		return nil, err
	}
	members := []object{}
	for _, id := range ids {
		members = append(members, s.userObject(s.users[id]))
	}
	return object{"members": members, "cache_ts": s.cfg.Now().Unix(), "response_metadata": object{"next_cursor": next}}, nil
}

// userObject is https://docs.slack.dev/reference/objects/user-object
func (s *Sim) userObject(u *user) object {
	profile := object{
		"real_name": u.name, "display_name": u.name, "real_name_normalized": u.name,
		"display_name_normalized": u.name, "team": u.team, "avatar_hash": "0",
	}
	o := object{
		"id": u.id, "team_id": u.team, "name": u.name, "real_name": u.name, "deleted": u.deleted, "is_bot": u.bot,
		"is_restricted": u.guest, "is_ultra_restricted": false, "is_stranger": s.stranger(u), "is_app_user": false,
		"updated": 0, "profile": profile,
	}
	if u.outsider {
		return o // no mail and no locale of people outside
	}
	o["tz"], o["tz_offset"], o["locale"] = "Asia/Tokyo", 32400, "ja-JP"
	if s.scoped("users:read.email") && !u.bot {
		profile["email"] = strings.ToLower(u.id) + "@example.jp"
	}
	return o
}

// stranger reports whether somebody of another workspace shares no channel with the app: who does is none, for all that is
// known of them. https://docs.slack.dev/reference/objects/user-object
func (s *Sim) stranger(u *user) bool {
	for _, ch := range s.channels {
		if ch.members[u.id] && ch.members[s.cfg.BotUserID] {
			return false
		}
	}
	return u.outsider
}

// page cuts a list by limit and cursor.
func (c *call) page(all []string, most int) (part []string, next string, err *refusal) {
	limit, err := c.number("limit", 0, most, 100)
	if err != nil {
		return nil, "", err
	}
	if limit == 0 {
		limit = 100
	}
	from := 0
	if cursor := c.arg("cursor"); cursor != "" {
		if from, err = readCursor(cursor); err != nil || from > len(all) {
			return nil, "", refuse("invalid_cursor")
		}
	}
	to := min(len(all), from+limit)
	if to < len(all) {
		next = base64.StdEncoding.EncodeToString([]byte("next:" + strconv.Itoa(to)))
	}
	return all[from:to], next, nil
}

func readCursor(cursor string) (int, *refusal) {
	raw, err := base64.StdEncoding.DecodeString(cursor)
	text, ok := strings.CutPrefix(string(raw), "next:")
	n, err2 := strconv.Atoi(text)
	if err != nil || err2 != nil || !ok || n < 0 {
		return 0, refuse("invalid_cursor")
	}
	return n, nil
}

func (s *Sim) conversationsMembers(c *call) (object, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.room(c)
	if err != nil {
		return nil, err
	}
	ids, next, err := c.page(ch.memberIDs(), 1000)
	if err != nil {
		return nil, err
	}
	return object{"members": ids, "response_metadata": object{"next_cursor": next}}, nil
}

func (s *Sim) conversationsInfo(c *call) (object, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.room(c)
	if err != nil {
		return nil, err
	}
	o := s.channelObject(ch)
	if c.flag("include_num_members") {
		o["num_members"] = len(ch.members)
	}
	return object{"channel": o}, nil
}

// channelObject is https://docs.slack.dev/reference/objects/conversation-object
func (s *Sim) channelObject(ch *channel) object {
	o := object{
		"id": ch.id, "created": ch.created, "is_archived": ch.archived, "is_im": ch.im, "is_private": ch.private || ch.im,
		"is_channel": !ch.im, "is_group": ch.private, "is_mpim": false, "unlinked": 0,
		"is_member": ch.members[s.cfg.BotUserID],
	}
	maps.Copy(o, s.sharing(ch))
	if ch.im {
		o["user"] = ch.with
		return o
	}
	o["name"], o["name_normalized"], o["is_general"] = ch.name, ch.name, false
	o["topic"], o["purpose"] = object{"value": "", "creator": "", "last_set": 0}, object{"value": "", "creator": "", "last_set": 0}
	return o
}

func (s *Sim) conversationsList(c *call) (object, *refusal) {
	kinds := c.arg("types")
	if kinds == "" {
		kinds = "public_channel"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for _, id := range s.rooms {
		ch := s.channels[id]
		hidden := (ch.private || ch.im) && !ch.members[s.cfg.BotUserID]
		if slices.Contains(strings.Split(kinds, ","), ch.listType()) && !hidden && !(ch.archived && c.flag("exclude_archived")) {
			ids = append(ids, id)
		}
	}
	ids, next, err := c.page(ids, 1000)
	if err != nil {
		return nil, err
	}
	list := []object{}
	for _, id := range ids {
		o := s.channelObject(s.channels[id])
		o["num_members"] = len(s.channels[id].members)
		list = append(list, o)
	}
	return object{"channels": list, "response_metadata": object{"next_cursor": next}}, nil
}

func (ch *channel) listType() string {
	return map[string]string{"channels": "public_channel", "groups": "private_channel", "im": "im"}[ch.kind()]
}

func (s *Sim) conversationsJoin(c *call) (object, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[c.arg("channel")]
	switch {
	case ch == nil || (ch.private && !ch.members[s.cfg.BotUserID]):
		return nil, refuse("channel_not_found")
	case ch.im:
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.archived:
		return nil, refuse("is_archived")
	}
	if !ch.members[s.cfg.BotUserID] {
		ch.join(s.cfg.BotUserID)
		s.note(Entry{Kind: Membership, Method: "member_joined_channel", User: s.cfg.BotUserID, Channel: ch.id})
	}
	return object{"channel": s.channelObject(ch)}, nil
}

func (s *Sim) conversationsOpen(c *call) (object, *refusal) {
	users := strings.FieldsFunc(c.arg("users"), func(r rune) bool { return r == ',' })
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.channels[c.arg("channel")]; ch != nil && ch.im {
		return object{"channel": s.channelObject(ch)}, nil
	}
	if len(users) != 1 {
		return nil, refuse("invalid_user_combination")
	}
	u := s.users[users[0]]
	switch {
	case u == nil:
		return nil, refuse("user_not_found")
	case u.deleted:
		return nil, refuse("user_disabled")
	case u.bot:
		return nil, refuse("cannot_dm_bot")
	}
	return object{"channel": s.channelObject(s.direct(u.id))}, nil
}
