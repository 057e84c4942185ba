package linesim

import "strings"

// quickReplyRules are the quick reply and the sender, which every message may have.
// https://developers.line.biz/en/reference/messaging-api/#quick-reply
func (b *rulebook) quickReplyRules() {
	b.quickReply = newShape(map[string]rule{
		"items": needs(listOf(1, 13, func(b *rulebook) *shape { return b.quickItem })),
	}, nil)
	b.quickItem = newShape(map[string]rule{
		"type": words("action"), "imageUrl": media(), "action": needs(actionIn(inQuickReply)),
	}, nil)
	b.sender = newShape(map[string]rule{
		"name":    {kind: text, max: 20, valid: isSenderName},
		"iconUrl": media(),
	}, nil)
}

// isSenderName refuses what LINE keeps for itself.
// https://developers.line.biz/en/reference/messaging-api/#icon-nickname-switch
func isSenderName(s string) bool { return !strings.Contains(strings.ToUpper(s), "LINE") }
