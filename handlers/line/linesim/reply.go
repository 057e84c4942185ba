package linesim

import "strings"

// reply answers an event.
// https://developers.line.biz/en/reference/messaging-api/#send-reply-message
func (c *call) reply() answer {
	body, no := c.json()
	if no != nil {
		return *no
	}
	token := body.str("replyToken")
	v := c.visit(c.chatOf(token))
	v.properties(body, "replyToken", "messages", "notificationDisabled")
	v.required(body, "replyToken")
	messages, no := c.messages(body, v)
	if no != nil {
		return *no
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if no := c.quotes(messages, c.tokens.chat(token)); no != nil {
		return *no
	}
	chat, ok := c.tokens.use(token, c.now)
	if !ok {
		return refuse(400, "Invalid reply token")
	}
	c.counts.delivered("reply", c.now, 1)
	return answer{status: 200, body: c.place("reply", chat, messages, true), recorded: true}
}

func (c *call) chatOf(token string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tokens.chat(token)
}

// visit begins a check of messages for one chat.
func (c *call) visit(chat string) *visit {
	return &visit{rules: c.rules, group: strings.HasPrefix(chat, "C") || strings.HasPrefix(chat, "R")}
}

// properties refuses those that are not known.
func (v *visit) properties(n *node, known ...string) {
	for i, key := range n.keys {
		found := false
		for _, k := range known {
			found = found || k == key
		}
		if !found {
			v.unknown(&path{key: key}, key, &n.kids[i])
		}
	}
}

// required wants a text that is not empty.
func (v *visit) required(n *node, key string) {
	at := &path{key: key}
	switch kid := n.get(key); {
	case kid == nil:
		v.missing(at)
	case kid.kind != text:
		v.wrongKind(at, kid)
	case kid.text == "":
		v.missing(at)
	}
}

// place puts messages on the phones of a chat, or on record as not shown, and returns the answer's body with the ids.
// The lock is held.
func (c *call) place(via, chat string, messages []node, shown bool) []byte {
	e := c.entry(Seen)
	e.Chat, e.Via = chat, via
	if p := c.people[chat]; p != nil {
		e.Person = chat
		if p.blocked || !shown {
			e.Kind, e.Reason = NotShown, p.whyNot()
		}
	} else if c.groups[chat] == nil {
		e.Kind, e.Reason = NotShown, "nobody has this id"
	}
	out := []byte(`{"sentMessages":[`)
	for i := range messages {
		e.MessageID, e.Message, e.Index = c.ids.message(), messages[i].raw, i
		if e.Kind == Seen {
			c.show(e)
		} else {
			c.add(e)
		}
		out = appendSent(out, i, e.MessageID, messages[i].str("type"), chat)
	}
	return append(out, "]}"...)
}

// appendSent adds one sent message, with a quote token where LINE gives one.
// https://developers.line.biz/en/docs/messaging-api/get-quote-tokens/
func appendSent(out []byte, i int, id, kind, chat string) []byte {
	if i > 0 {
		out = append(out, ',')
	}
	out = append(append(out, `{"id":"`...), id...)
	switch kind {
	case "text", "textV2", "sticker", "image", "video", "template", "flex":
		out = append(append(out, `","quoteToken":"`...), quoteToken(id, chat)...)
	}
	return append(out, `"}`...)
}

// quotes refuses quote tokens of other chats. The lock is held.
func (c *call) quotes(messages []node, chat string) *answer {
	for i := range messages {
		token := messages[i].str("quoteToken")
		if token == "" {
			continue
		}
		if id, ok := boundMessage(token, "q3"); !ok || quoteToken(id, chat) != token {
			no := refuse(400, "The request body has 1 error(s)", fault{"Invalid quote token", (&path{key: "messages"}).nth(i).at("quoteToken").String()})
			return &no
		}
	}
	return nil
}

// validate checks messages without sending them.
// https://developers.line.biz/en/reference/messaging-api/#validate-message-objects-of-reply-message
func (c *call) validate() answer {
	way := c.r.PathValue("way")
	v := &visit{rules: c.rules, group: true} // where the messages would go cannot be told here
	switch way {
	case "reply", "push":
	case "multicast", "narrowcast", "broadcast":
		v.multi = true
	default:
		return c.nowhere()
	}
	body, no := c.json()
	if no != nil {
		return *no
	}
	v.properties(body, "messages")
	if _, no := c.messages(body, v); no != nil {
		return *no
	}
	return ok()
}
