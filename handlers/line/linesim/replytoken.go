package linesim

import (
	"slices"
	"time"
)

// How long a reply token can be used: one minute from the webhook, and again from its redelivery, but never longer than
// twenty minutes from the event. https://developers.line.biz/en/reference/messaging-api/#send-reply-message
const (
	tokenWindow = time.Minute
	tokenLife   = 20 * time.Minute
)

// grant is one reply token that was handed out and not yet used.
type grant struct {
	token    string
	chat     string
	event    time.Time
	received time.Time
}

// replyTokens are the tokens that can still be used. Old ones are forgotten as new ones come.
type replyTokens struct {
	grants map[string]*grant
	queue  []*grant
}

// issue makes a token for an event. It cannot be used before it is sent.
func (t *replyTokens) issue(token, chat string, event time.Time) {
	for len(t.queue) > 0 && event.Sub(t.queue[0].event) > tokenLife {
		if old := t.queue[0]; t.grants[old.token] == old {
			delete(t.grants, old.token)
		}
		t.queue = t.queue[1:]
	}
	if len(t.queue) > 1024+2*len(t.grants) { // most are used already
		t.queue = slices.DeleteFunc(t.queue, func(g *grant) bool { return t.grants[g.token] != g })
	}
	g := &grant{token: token, chat: chat, event: event}
	t.grants[token] = g
	t.queue = append(t.queue, g)
}

// sent starts the window of a token, again with each redelivery; a used token stays used.
func (t *replyTokens) sent(token string, now time.Time) {
	if g := t.grants[token]; g != nil {
		g.received = now
	}
}

// use takes the token and tells its chat. It works once.
func (t *replyTokens) use(token string, now time.Time) (chat string, ok bool) {
	g := t.grants[token]
	if g == nil || g.received.IsZero() || now.Sub(g.received) > tokenWindow || now.Sub(g.event) > tokenLife {
		return "", false
	}
	delete(t.grants, token)
	return g.chat, true
}

// chat tells where a token leads, used or not yet.
func (t *replyTokens) chat(token string) string {
	if g := t.grants[token]; g != nil {
		return g.chat
	}
	return ""
}
