package linesim

import (
	"strings"
	"time"
)

// loading shows the loading animation, in chats with one person only.
// https://developers.line.biz/en/reference/messaging-api/#display-a-loading-indicator
func (c *call) loading() answer {
	body, no := c.json()
	if no != nil {
		return *no
	}
	v := &visit{rules: c.rules}
	v.properties(body, "chatId", "loadingSeconds")
	seconds := 20
	if n := body.get("loadingSeconds"); n != nil {
		seconds = int(n.num())
		if n.kind != number || !n.whole() || seconds < 5 || seconds > 60 || seconds%5 != 0 {
			v.fault(&path{key: "loadingSeconds"}, "Must be a multiple of 5 between 5 and 60")
		}
	}
	if !isID(body.str("chatId"), "U") {
		v.fault(&path{key: "chatId"}, "The value is invalid")
	}
	if no := v.refusal(c); no != nil {
		return *no
	}
	c.startLoading(body.str("chatId"), seconds)
	return answer{status: 202, body: []byte(empty), recorded: true}
}

func (c *call) startLoading(chat string, seconds int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entry(Loading)
	e.Status, e.Chat, e.Person = 202, chat, chat
	if p := c.people[chat]; p == nil || p.blocked {
		e.Kind, e.Reason = NotShown, "nobody can see the loading animation"
	} else {
		c.phone(chat).loading = c.now.Add(time.Duration(seconds) * time.Second)
	}
	c.add(e)
}

// markAsRead marks everything up to the message of the token.
// https://developers.line.biz/en/reference/messaging-api/#mark-as-read
func (c *call) markAsRead() answer {
	body, no := c.json()
	if no != nil {
		return *no
	}
	token := body.str("markAsReadToken")
	id, _ := boundMessage(token, "r5")
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entry(Read)
	for chat := range c.phones {
		if readToken(id, chat) == token {
			e.Chat, e.MessageID = chat, id
		}
	}
	if e.Chat == "" {
		return refuse(400, "The request body has 1 error(s)", fault{"The value is invalid", "markAsReadToken"})
	}
	c.add(e)
	return answer{status: 200, body: []byte(empty), recorded: true}
}

// https://developers.line.biz/en/reference/messaging-api/#get-bot-info
func (c *call) botInfo() answer {
	return reply200(map[string]string{
		"userId": c.cfg.BotUserID, "basicId": "@" + strings.ToLower(c.cfg.BotUserID[1:9]), "displayName": c.cfg.BotName,
		"chatMode": "bot", "markAsReadMode": "auto",
	})
}

// profile tells about friends, and about those who wrote and have not blocked.
// https://developers.line.biz/en/reference/messaging-api/#get-profile
func (c *call) profile() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.people[c.r.PathValue("user")]
	if p == nil || !p.visible() {
		return refuse(404, "Not found")
	}
	return reply200(map[string]string{"userId": p.id, "displayName": p.name, "language": "ja"})
}

// memberOf finds a group the bot is in. The lock is held.
func (c *call) memberOf() (*group, *answer) {
	g := c.groups[c.r.PathValue("group")]
	if g == nil || g.left {
		no := refuse(404, "Not found")
		return nil, &no
	}
	return g, nil
}

// https://developers.line.biz/en/reference/messaging-api/#get-group-summary
func (c *call) groupSummary() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, no := c.memberOf()
	if no != nil {
		return *no
	}
	return reply200(map[string]string{"groupId": g.id, "groupName": "Group " + g.id[1:5]})
}

// https://developers.line.biz/en/reference/messaging-api/#get-group-member-profile
func (c *call) groupMember() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, no := c.memberOf()
	if no != nil {
		return *no
	}
	for _, id := range g.members {
		if p := c.people[id]; id == c.r.PathValue("user") && p != nil {
			return reply200(map[string]string{"userId": p.id, "displayName": p.name})
		}
	}
	return refuse(404, "Not found")
}

// https://developers.line.biz/en/reference/messaging-api/#leave-group
func (c *call) leaveGroup() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, no := c.memberOf()
	if no != nil {
		return *no
	}
	g.left = true
	e := c.entry(Left)
	e.Chat = g.id
	c.add(e)
	return answer{status: 200, body: []byte(empty), recorded: true}
}
