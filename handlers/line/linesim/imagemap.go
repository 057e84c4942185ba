package linesim

// imagemapShapes are the parts of an imagemap.
// https://developers.line.biz/en/reference/messaging-api/#imagemap-message
type imagemapShapes struct {
	size, area, video, link *shape
	actions                 map[string]*shape
}

func (b *rulebook) imagemapRules() {
	side, edge := needs(between(1, 1<<31)), needs(between(0, 1<<31))
	area := needs(as(func(b *rulebook) *shape { return b.imagemap.area }))
	label := rule{kind: text, max: 100}
	b.imagemap = imagemapShapes{
		size: newShape(map[string]rule{"width": needs(between(1040, 1040)), "height": side}, nil),
		area: newShape(map[string]rule{"x": edge, "y": edge, "width": side, "height": side}, nil),
		link: newShape(map[string]rule{
			"linkUri": {kind: text, needed: true, filled: true, max: 1000, valid: isLink}, "label": {kind: text, needed: true, filled: true, max: 30},
		}, nil),
		video: newShape(map[string]rule{
			"originalContentUrl": needs(media()), "previewImageUrl": needs(media()), "area": area,
			"externalLink": as(func(b *rulebook) *shape { return b.imagemap.link }),
		}, nil),
		actions: map[string]*shape{
			"message":   newShape(map[string]rule{"type": {kind: text}, "area": area, "label": label, "text": {kind: text, needed: true, filled: true, max: 400}}, nil),
			"uri":       newShape(map[string]rule{"type": {kind: text}, "area": area, "label": label, "linkUri": {kind: text, needed: true, filled: true, max: 1000, valid: isLink}}, nil),
			"clipboard": newShape(map[string]rule{"type": {kind: text}, "area": area, "label": label, "clipboardText": {kind: text, needed: true, filled: true, max: 1000}}, nil),
		},
	}
}

func imagemapShape(altText rule) *shape {
	return messageShape(map[string]rule{
		"baseUrl": needs(media()), "altText": altText,
		"baseSize": needs(as(func(b *rulebook) *shape { return b.imagemap.size })),
		"video":    as(func(b *rulebook) *shape { return b.imagemap.video }),
		"actions": needs(rule{kind: list, max: 50, each: func(v *visit, at *path, n *node) {
			v.byType(at, n, v.rules.imagemap.actions)
		}}),
	}, nil)
}
