package linesim

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
)

// The most messages one call may carry. https://developers.line.biz/en/reference/messaging-api/#send-reply-message
const maxMessages = 5

// messageRules are the message objects without templates, imagemaps and Flex, which have files of their own.
// https://developers.line.biz/en/reference/messaging-api/#message-objects
func (b *rulebook) messageRules() {
	b.quickReplyRules()
	b.textRules()
	altText := rule{kind: text, needed: true, filled: true, max: 1500}
	b.messages = map[string]*shape{
		"text":     b.text(),
		"textV2":   b.textV2(),
		"sticker":  messageShape(map[string]rule{"packageId": needs(formed(isDigits)), "stickerId": needs(formed(isDigits)), "quoteToken": {kind: text}}, nil),
		"image":    messageShape(map[string]rule{"originalContentUrl": needs(media()), "previewImageUrl": needs(media())}, nil),
		"video":    videoShape(),
		"audio":    messageShape(map[string]rule{"originalContentUrl": needs(media()), "duration": needs(between(1, 1<<53))}, nil),
		"location": locationShape(),
		"coupon":   messageShape(map[string]rule{"couponId": {kind: text, needed: true, filled: true}, "deliveryTag": {kind: text, max: 30, valid: isName}}, nil),
		"imagemap": imagemapShape(altText),
		"template": messageShape(map[string]rule{"altText": altText, "template": needs(nested(nil))}, nil),
		"flex":     messageShape(map[string]rule{"altText": altText, "contents": needs(nested(nil))}, nil),
	}
	b.messageNames = []string{"text", "textV2", "sticker", "image", "video", "audio", "location", "coupon", "imagemap", "template", "flex"}
}

func messageShape(more map[string]rule, then func(v *visit, at *path, n *node)) *shape {
	rules := map[string]rule{
		"type":       {kind: text},
		"quickReply": as(func(b *rulebook) *shape { return b.quickReply }),
		"sender":     as(func(b *rulebook) *shape { return b.sender }),
	}
	for key, r := range more {
		rules[key] = r
	}
	return newShape(rules, then)
}

func videoShape() *shape {
	return messageShape(map[string]rule{
		"originalContentUrl": needs(media()), "previewImageUrl": needs(media()),
		"trackingId": {kind: text, max: 100, valid: isTrackingID},
	}, func(v *visit, at *path, n *node) {
		if v.group && n.get("trackingId") != nil {
			v.malformed(at.at("trackingId"))
		}
	})
}

// https://developers.line.biz/en/reference/messaging-api/#video-message
func isTrackingID(s string) bool {
	for _, c := range []byte(s) {
		if strings.IndexByte("-.=,+*()%$&;:@{}!?<>[]", c) < 0 && (c == '_' || !isName(string(c))) {
			return false
		}
	}
	return true
}

func locationShape() *shape {
	line := rule{kind: text, needed: true, filled: true, max: 100}
	return messageShape(map[string]rule{
		"title": line, "address": line, "latitude": needs(degrees(90)), "longitude": needs(degrees(180)),
	}, nil)
}

// messages checks the message objects of a call and returns them. to is the chat they go to, if one is known.
func (c *call) messages(body *node, v *visit) ([]node, *answer) {
	n := body.get("messages")
	if n == nil {
		v.fault(&path{key: "messages"}, "May not be empty")
		return nil, v.refusal(c)
	}
	if n.kind != list {
		v.wrongKind(&path{key: "messages"}, n)
		return nil, v.refusal(c)
	}
	if len(n.kids) < 1 || len(n.kids) > maxMessages {
		v.fault(&path{key: "messages"}, fmt.Sprintf("Size must be between 1 and %d", maxMessages))
	}
	for i := range n.kids {
		v.message((&path{key: "messages"}).nth(i), &n.kids[i])
	}
	if no := v.refusal(c); no != nil {
		return nil, no
	}
	return n.kids, v.blocks(c, n.kids)
}

// message checks what LINE checks first: all but the inside of templates and Flex.
func (v *visit) message(at *path, n *node) {
	if n.kind != object {
		v.wrongKind(at, n)
		return
	}
	s, ok := v.rules.messages[n.str("type")]
	if !ok {
		v.missingOrUnknown(at.at("type"), n, v.rules.messageNames)
		return
	}
	v.object(at, n, s)
}

// blocks checks the inside of templates and Flex, message by message; the first bad one is reported.
func (v *visit) blocks(c *call, messages []node) *answer {
	for i := range messages {
		inner := &visit{rules: v.rules}
		switch messages[i].str("type") {
		case "template":
			inner.style = template
			inner.byType(&path{key: "template"}, messages[i].get("template"), v.rules.templates)
		case "flex":
			inner.style = flex
			inner.container(messages[i].get("contents"))
		}
		if inner.faults != nil {
			no := refuse(400, fmt.Sprintf("A message (messages[%d]) in the request body is invalid", i), inner.faults...)
			return &no
		}
	}
	return nil
}

// refusal turns what was found into LINE's answer, nil when all is well.
func (v *visit) refusal(c *call) *answer {
	if v.odd != nil {
		line, column := position(c.body, v.odd.at)
		no := refuse(400, fmt.Sprintf("The property, '%s', in the request body is invalid (line: %d, column: %d)", v.odd.name, line, column))
		return &no
	}
	if v.faults == nil {
		return nil
	}
	no := refuse(400, fmt.Sprintf("The request body has %d error(s)", len(v.faults)), v.faults...)
	return &no
}

// text is a plain text message, with LINE emoji in place of dollar signs.
// https://developers.line.biz/en/reference/messaging-api/#text-message
func (b *rulebook) text() *shape {
	return messageShape(map[string]rule{
		"text":       {kind: text, needed: true, filled: true, max: 5000},
		"quoteToken": {kind: text},
		"emojis":     listOf(0, 20, func(b *rulebook) *shape { return b.emoji }),
	}, checkEmojis)
}

func (b *rulebook) textRules() {
	b.emoji = newShape(map[string]rule{
		"index": needs(between(0, 1<<31)), "productId": {kind: text, needed: true, filled: true}, "emojiId": {kind: text, needed: true, filled: true},
	}, nil)
	b.substitutes = map[string]*shape{
		"mention": newShape(map[string]rule{"type": {kind: text}, "mentionee": needs(nested(func(v *visit, at *path, n *node) {
			v.byType(at, n, v.rules.mentionees)
		}))}, nil),
		"emoji": newShape(map[string]rule{"type": {kind: text}, "productId": needs(rule{kind: text}), "emojiId": needs(rule{kind: text})}, nil),
	}
	b.mentionees = map[string]*shape{
		"user": newShape(map[string]rule{"type": {kind: text}, "userId": needs(rule{kind: text})}, nil),
		"all":  newShape(map[string]rule{"type": {kind: text}}, nil),
	}
}

// checkEmojis holds every index against the dollar sign it must point at.
func checkEmojis(v *visit, at *path, n *node) {
	emojis := n.get("emojis")
	if emojis == nil || n.get("text") == nil {
		return
	}
	units := utf16.Encode([]rune(n.str("text")))
	for i := range emojis.kids {
		index := emojis.kids[i].get("index")
		if index == nil {
			continue
		}
		if f := index.num(); f < 0 || f >= float64(len(units)) || units[int(f)] != '$' {
			v.malformed(at.at("emojis").nth(i).at("index"))
		}
	}
}

// textV2 replaces {name} by mentions and emoji.
// https://developers.line.biz/en/reference/messaging-api/#text-message-v2
func (b *rulebook) textV2() *shape {
	return messageShape(map[string]rule{
		"text":         {kind: text, needed: true, filled: true, max: 5000},
		"quoteToken":   {kind: text},
		"substitution": nested(checkSubstitution),
	}, checkPlaceholders)
}

func checkSubstitution(v *visit, at *path, n *node) {
	if len(n.keys) > 100 {
		v.wrongSize(at, &rule{max: 100})
	}
	used := map[string]int{}
	for i, key := range n.keys {
		if !isName(key) || len(key) > 20 {
			v.malformed(at.at(key))
		}
		v.byType(at.at(key), &n.kids[i], v.rules.substitutes)
		used[n.kids[i].str("type")]++
	}
	if used["mention"] > 0 && (v.multi || !v.group) {
		v.fault(at, "Mentions are only possible in group chats")
	}
	if used["mention"] > 20 || used["emoji"] > 20 {
		v.wrongSize(at, &rule{max: 20})
	}
}

// checkPlaceholders wants braces in pairs, doubled when meant as such, and each name among the substitutions.
func checkPlaceholders(v *visit, at *path, n *node) {
	names, ok := placeholders(n.str("text"))
	sub := n.get("substitution")
	for _, name := range names {
		ok = ok && sub != nil && slices.Contains(sub.keys, name)
	}
	if !ok {
		v.malformed(at.at("text"))
	}
}

func placeholders(s string) (names []string, ok bool) {
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], "{{"), strings.HasPrefix(s[i:], "}}"):
			i++
		case s[i] == '}':
			return names, false
		case s[i] == '{':
			end := strings.IndexByte(s[i:], '}')
			if end < 0 {
				return names, false
			}
			names = append(names, s[i+1:i+end])
			i += end
		}
	}
	return names, true
}
