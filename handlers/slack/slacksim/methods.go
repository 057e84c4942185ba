package slacksim

import (
	"slices"
	"strings"
)

// method is one entry of the Web API.
type method struct {
	run    func(*Sim, *call) (object, *refusal)
	scopes []string // one of them suffices; an empty list needs none
	rooms  string   // ending of a scope that depends on the channel, as "history" in channels:history
	tier   int      // calls per minute are bounded by tier; 0 is bounded in its own way or not at all
	token  tokenKind
}

type tokenKind int

const (
	botToken tokenKind = iota
	appToken
	configToken
)

// newMethods is the table of contents of the Web API that the workspace knows. Tiers and scopes are those of
// https://docs.slack.dev/reference/methods and https://docs.slack.dev/apis/web-api/rate-limits.
func newMethods() map[string]method {
	write, files := []string{"chat:write"}, []string{"files:write"}
	users := []string{"users:read"}
	return map[string]method{
		"auth.test":   {run: (*Sim).authTest},
		"bots.info":   {run: (*Sim).botsInfo, scopes: users, tier: 3},
		"users.info":  {run: (*Sim).usersInfo, scopes: users, tier: 4},
		"users.list":  {run: (*Sim).usersList, scopes: users, tier: 2},
		"chat.delete": {run: (*Sim).chatDelete, scopes: write, tier: 3},

		"chat.postMessage":   {run: (*Sim).chatPostMessage, scopes: write},
		"chat.postEphemeral": {run: (*Sim).chatPostEphemeral, scopes: write, tier: 4},
		"chat.update":        {run: (*Sim).chatUpdate, scopes: write, tier: 3},
		"chat.getPermalink":  {run: (*Sim).chatGetPermalink},

		"conversations.history": {run: (*Sim).conversationsHistory, rooms: "history", tier: 3},
		"conversations.replies": {run: (*Sim).conversationsReplies, rooms: "history", tier: 3},
		"conversations.members": {run: (*Sim).conversationsMembers, rooms: "read", tier: 4},
		"conversations.info":    {run: (*Sim).conversationsInfo, rooms: "read", tier: 3},
		"conversations.list":    {run: (*Sim).conversationsList, scopes: []string{"channels:read", "groups:read"}, tier: 2},
		"conversations.join":    {run: (*Sim).conversationsJoin, scopes: []string{"channels:join"}, tier: 3},
		"conversations.open":    {run: (*Sim).conversationsOpen, scopes: []string{"im:write"}, tier: 3},

		"views.open":    {run: (*Sim).viewsOpen, tier: 4},
		"views.push":    {run: (*Sim).viewsPush, tier: 4},
		"views.update":  {run: (*Sim).viewsUpdate, tier: 4},
		"views.publish": {run: (*Sim).viewsPublish, tier: 4},

		"files.getUploadURLExternal":   {run: (*Sim).filesGetUploadURL, scopes: files, tier: 4},
		"files.completeUploadExternal": {run: (*Sim).filesComplete, scopes: files, tier: 4},
		"files.info":                   {run: (*Sim).filesInfo, scopes: []string{"files:read"}, tier: 4},
		"files.delete":                 {run: (*Sim).filesDelete, scopes: files, tier: 3},

		"reactions.add":          {run: (*Sim).reactionsAdd, scopes: []string{"reactions:write"}, tier: 3},
		"apps.connections.open":  {run: (*Sim).connectionsOpen, tier: 1, token: appToken},
		"apps.manifest.validate": {run: (*Sim).manifestValidate, tier: 3, token: configToken},
	}
}

// DefaultScopes is what a bot is granted when Config names no scopes: all that the workspace knows.
func DefaultScopes() []string {
	return []string{
		"app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "chat:write.public",
		"commands", "files:read", "files:write", "groups:history", "groups:read", "im:history", "im:read",
		"im:write", "metadata.message:read", "reactions:write", "usergroups:read", "users:read", "users:read.email",
	}
}

func (s *Sim) authorize(c *call, m method) *refusal {
	if c.token == "" {
		return refuse("not_authed")
	}
	want := map[tokenKind]string{botToken: s.cfg.BotToken, appToken: s.cfg.AppToken, configToken: s.cfg.ConfigToken}[m.token]
	if want == "" && m.token == configToken {
		want = c.token
	}
	if c.token != want {
		return s.wrongToken(c.token)
	}
	if len(m.scopes) > 0 && !slices.ContainsFunc(m.scopes, s.scoped) {
		return missingScope(m.scopes...)
	}
	return nil
}

func (s *Sim) wrongToken(token string) *refusal {
	if token == s.cfg.BotToken || token == s.cfg.AppToken {
		return refuse("not_allowed_token_type")
	}
	return refuse("invalid_auth")
}

func (s *Sim) scoped(scope string) bool { return slices.Contains(s.cfg.Scopes, scope) }

func missingScope(needed ...string) *refusal {
	return &refusal{code: "missing_scope", needed: strings.Join(needed, ",")}
}

// room finds the channel that a method reads from, with the scope that its sort of channel needs.
func (s *Sim) room(c *call) (*channel, *refusal) {
	id, err := c.required("channel")
	if err != nil {
		return nil, err
	}
	ch := s.channels[id]
	if ch == nil || ((ch.private || ch.im) && !ch.members[s.cfg.BotUserID]) {
		return nil, refuse("channel_not_found")
	}
	if ending := s.methods[c.method].rooms; ending != "" && !s.scoped(ch.kind()+":"+ending) {
		return nil, missingScope(ch.kind() + ":" + ending)
	}
	return ch, nil
}
