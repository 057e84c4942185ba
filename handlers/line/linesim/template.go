package linesim

import "fmt"

// templateRules are the four templates.
// https://developers.line.biz/en/reference/messaging-api/#template-messages
func (b *rulebook) templateRules() {
	ratio, size := words("rectangle", "square"), words("cover", "contain")
	b.templates = map[string]*shape{
		"buttons": newShape(cardRules(map[string]rule{
			"type": {kind: text}, "imageAspectRatio": ratio, "imageSize": size,
			"actions": needs(listOfActions(1, 4, inTemplate)),
		}), checkCardText(160)),
		"confirm": newShape(map[string]rule{
			"type": {kind: text}, "text": cardText(240), "actions": needs(listOfActions(2, 2, inTemplate)),
		}, nil),
		"carousel": newShape(map[string]rule{
			"type": {kind: text}, "imageAspectRatio": ratio, "imageSize": size,
			"columns": needs(listOf(1, 10, func(b *rulebook) *shape { return b.column })),
		}, checkColumnsAlike),
		"image_carousel": newShape(map[string]rule{
			"type":    {kind: text},
			"columns": needs(listOf(1, 10, func(b *rulebook) *shape { return b.imageColumn })),
		}, nil),
	}
	b.column = newShape(cardRules(map[string]rule{"actions": needs(listOfActions(1, 3, inTemplate))}), checkCardText(120))
	b.imageColumn = newShape(map[string]rule{"imageUrl": needs(media()), "action": needs(actionIn(inImageCarousel))}, nil)
}

// cardRules are what a buttons template and a carousel's column have in common.
func cardRules(more map[string]rule) map[string]rule {
	rules := map[string]rule{
		"thumbnailImageUrl": media(), "imageBackgroundColor": formed(isRGB),
		"title": {kind: text, max: 40, unit: graphemeClusters}, "text": {kind: text, needed: true, filled: true},
		"defaultAction": actionIn(inTemplate),
	}
	for key, r := range more {
		rules[key] = r
	}
	return rules
}

func cardText(limit int) rule {
	return rule{kind: text, needed: true, filled: true, max: limit, unit: graphemeClusters}
}

// checkCardText allows less text under an image or a title.
func checkCardText(limit int) func(v *visit, at *path, n *node) {
	return func(v *visit, at *path, n *node) {
		r := cardText(limit)
		if n.get("thumbnailImageUrl") != nil || n.get("title") != nil {
			r.max = 60
		}
		if n.str("text") != "" && count(n.str("text"), r.unit) > r.max {
			v.tooLong(at.at("text"), &r)
		}
	}
}

// checkColumnsAlike wants the same number of actions, and image and title in all columns or in none.
// https://developers.line.biz/en/reference/messaging-api/#column-object-for-carousel
func checkColumnsAlike(v *visit, at *path, n *node) {
	columns := n.get("columns")
	if columns == nil {
		return
	}
	for i := range columns.kids {
		if build(&columns.kids[i]) != build(&columns.kids[0]) {
			v.fault(at.at("columns").nth(i), "columns must have the same number of actions, and image and title in all or none")
		}
	}
}

func build(column *node) string {
	actions := 0
	if list := column.get("actions"); list != nil {
		actions = len(list.kids)
	}
	return fmt.Sprint(actions, column.get("title") != nil, column.get("thumbnailImageUrl") != nil)
}
