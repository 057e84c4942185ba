package linesim

import (
	"hash/fnv"
	"time"
)

// push sends to one person or group, whether they wrote or not.
// https://developers.line.biz/en/reference/messaging-api/#send-push-message
func (c *call) push() answer {
	body, no := c.json()
	if no != nil {
		return *no
	}
	to := body.str("to")
	v := c.visit(to)
	v.properties(body, "to", "messages", "notificationDisabled", "customAggregationUnits")
	v.required(body, "to")
	v.units(body)
	messages, no := c.messages(body, v)
	if no != nil {
		return *no
	}
	if !isID(to, "UCR") {
		return refuse(400, "The property, 'to', in the request body is invalid (line: -, column: -)")
	}
	return c.once(func() answer { return c.pushTo(to, messages) })
}

// pushTo sends what was found to be in order. The lock is held.
func (c *call) pushTo(to string, messages []node) answer {
	g := c.groups[to]
	if to[0] != 'U' && (g == nil || g.left) {
		return refuse(400, "Failed to send messages")
	}
	if no := c.quotes(messages, to); no != nil {
		return *no
	}
	n := 0
	if g != nil {
		n = len(g.members)
	} else if p := c.people[to]; p != nil && p.reachable(c.now) {
		n = 1
	}
	if !c.counts.spend(c.now, n, c.cfg.MonthlyLimit) {
		return refuse(429, "You have reached your monthly limit.")
	}
	c.counts.delivered("push", c.now, n)
	return answer{status: 200, body: c.place("push", to, messages, n > 0), recorded: true}
}

// multicast sends to up to 500 people.
// https://developers.line.biz/en/reference/messaging-api/#send-multicast-message
func (c *call) multicast() answer {
	body, no := c.json()
	if no != nil {
		return *no
	}
	v := &visit{rules: c.rules, multi: true}
	v.properties(body, "to", "messages", "notificationDisabled", "customAggregationUnits")
	v.units(body)
	to := body.get("to")
	v.userIDs(to)
	messages, no := c.messages(body, v)
	if no != nil {
		return *no
	}
	return c.once(func() answer {
		var ids []string
		for _, id := range to.kids {
			ids = append(ids, id.text)
		}
		return c.sendToAll("multicast", ids, messages)
	})
}

// userIDs checks a list of user ids.
func (v *visit) userIDs(n *node) {
	at := &path{key: "to"}
	if n == nil || n.kind != list {
		v.missing(at)
		return
	}
	v.list(at, n, &rule{min: 1, max: 500, each: func(v *visit, at *path, n *node) {
		if n.kind != text || !isID(n.text, "U") {
			v.malformed(at)
		}
	}})
}

// broadcast sends to all friends.
// https://developers.line.biz/en/reference/messaging-api/#send-broadcast-message
func (c *call) broadcast() answer {
	body, no := c.json()
	if no != nil {
		return *no
	}
	v := &visit{rules: c.rules, multi: true}
	v.properties(body, "messages", "notificationDisabled")
	messages, no := c.messages(body, v)
	if no != nil {
		return *no
	}
	return c.once(func() answer {
		var friends []string
		for _, id := range c.order {
			if p := c.people[id]; p.friend && !p.blocked {
				friends = append(friends, id)
			}
		}
		return c.sendToAll("broadcast", friends, messages)
	})
}

// sendToAll sends the same to many. The lock is held.
func (c *call) sendToAll(via string, ids []string, messages []node) answer {
	reached := map[string]bool{}
	for _, id := range ids {
		if p := c.people[id]; p != nil && p.reachable(c.now) {
			reached[id] = true
		}
	}
	if !c.counts.spend(c.now, len(reached), c.cfg.MonthlyLimit) {
		return refuse(429, "You have reached your monthly limit.")
	}
	c.counts.delivered(via, c.now, len(reached))
	for i, id := range ids {
		c.place(via, ids[i], messages, reached[id])
	}
	return answer{status: 200, body: []byte(empty), recorded: len(ids) > 0}
}

// units checks the name under which a message is counted.
// https://developers.line.biz/en/reference/messaging-api/#send-push-message
func (v *visit) units(body *node) {
	if n := body.get("customAggregationUnits"); n != nil {
		v.value(&path{key: "customAggregationUnits"}, n, &rule{kind: list, max: 1, each: func(v *visit, at *path, n *node) {
			v.value(at, n, &rule{kind: text, filled: true, max: 30, valid: isName})
		}})
	}
}

// A retry key is good for 24 hours. https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
const retryKeyLife = 24 * time.Hour

// accepted is a call that was taken under a retry key.
type accepted struct {
	key       string
	requestID string
	at        time.Time
	sent      []byte // body of the answer then
	sum       uint64 // of the body that was accepted
}

type retryKeys struct {
	byKey map[string]*accepted
	queue []*accepted
}

// once runs send under the call's retry key: a key that was accepted before sends nothing and answers 409. It takes the
// lock.
func (c *call) once(send func() answer) answer {
	if c.retryKey != "" && !isUUID(c.retryKey) {
		return refuse(400, "The X-Line-Retry-Key header is invalid. Specify a UUID in hexadecimal format.")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.retryKey == "" {
		return send()
	}
	c.retryKeys.forget(c.now.Add(-retryKeyLife))
	if before := c.retryKeys.byKey[c.retryKey]; before != nil {
		return c.conflict(before)
	}
	a := send()
	if a.status < 300 {
		c.retryKeys.keep(&accepted{c.retryKey, c.id, c.now, a.body, sum(c.body)})
	}
	return a
}

// conflict tells that the call was accepted before, and for a push with which messages.
func (c *call) conflict(before *accepted) answer {
	a := refuse(409, "The retry key is already accepted")
	a.acceptedID = before.requestID
	if len(before.sent) > len(empty) {
		a.body = append([]byte(`{"message":"The retry key is already accepted",`), before.sent[1:]...)
	}
	if sum(c.body) != before.sum {
		a.reason += ", with another body"
	}
	return a
}

func (k *retryKeys) keep(a *accepted) {
	k.byKey[a.key] = a
	k.queue = append(k.queue, a)
}

func (k *retryKeys) forget(before time.Time) {
	for len(k.queue) > 0 && !k.queue[0].at.After(before) {
		delete(k.byKey, k.queue[0].key)
		k.queue = k.queue[1:]
	}
}

func sum(b []byte) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(b)
	return h.Sum64()
}
