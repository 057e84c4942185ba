package linesim

// place is where an action is used. It decides which actions are possible and what their label may be.
// https://developers.line.biz/en/reference/messaging-api/#action-object-label-spec
type place uint8

const (
	inTemplate place = iota
	inImageCarousel
	inQuickReply
	inFlexButton
	inFlex
	inRichMenu
	places
)

func (p place) label() rule {
	r := rule{kind: text, max: 20, unit: graphemeClusters}
	switch p {
	case inImageCarousel:
		r.max = 12
	case inFlexButton, inFlex:
		r.max = 40
	}
	r.needed = p == inTemplate || p == inQuickReply || p == inFlexButton
	r.filled = r.needed
	return r
}

// actionShapes are the actions possible in one place, by type.
func actionShapes(p place) map[string]*shape {
	shapes := map[string]*shape{
		"postback":       postbackShape(p),
		"message":        actionShape(p, map[string]rule{"text": needs(actionText())}, nil),
		"uri":            uriShape(p),
		"datetimepicker": datetimeShape(p),
		"clipboard":      actionShape(p, map[string]rule{"clipboardText": {kind: text, needed: true, filled: true, max: 1000}}, nil),
	}
	switch p {
	case inQuickReply:
		for _, name := range []string{"camera", "cameraRoll", "location"} {
			shapes[name] = actionShape(p, nil, nil)
		}
	case inRichMenu:
		shapes["richmenuswitch"] = actionShape(p, map[string]rule{
			"richMenuAliasId": {kind: text, needed: true, filled: true, max: 32}, "data": needs(data()),
		}, nil)
	}
	return shapes
}

// actionText is what a person says or sees by pressing: 300 characters as people count them.
// https://developers.line.biz/en/docs/messaging-api/text-character-count/
func actionText() rule { return rule{kind: text, max: 300, unit: graphemeClusters, filled: true} }

func data() rule { return rule{kind: text, max: 300} }

func actionShape(p place, more map[string]rule, then func(v *visit, at *path, n *node)) *shape {
	rules := map[string]rule{"type": {kind: text}, "label": p.label()}
	for key, r := range more {
		rules[key] = r
	}
	return newShape(rules, then)
}

func postbackShape(p place) *shape {
	return actionShape(p, map[string]rule{
		"data": needs(data()), "displayText": actionText(), "text": actionText(), "fillInText": actionText(),
		"inputOption": words("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"),
	}, func(v *visit, at *path, n *node) {
		if n.get("displayText") != nil && n.get("text") != nil {
			v.fault(at, "`displayText` and `text` cannot both be used at the same time")
		}
	})
}

func uriShape(p place) *shape {
	desktop := newShape(map[string]rule{"desktop": {kind: text, max: 1000, valid: isLink}}, nil)
	link := rule{kind: text, needed: true, filled: true, max: 1000, valid: isLink}
	return actionShape(p, map[string]rule{
		"uri":    link,
		"altUri": nested(func(v *visit, at *path, n *node) { v.object(at, n, desktop) }),
	}, nil)
}

func datetimeShape(p place) *shape {
	return actionShape(p, map[string]rule{
		"data": needs(data()), "mode": needs(words("date", "time", "datetime")),
		"initial": {kind: text}, "max": {kind: text}, "min": {kind: text},
	}, checkMoments)
}

func checkMoments(v *visit, at *path, n *node) {
	mode, ok := n.str("mode"), true
	for _, key := range []string{"initial", "max", "min"} {
		if kid := n.get(key); kid != nil {
			if _, fine := moment(mode, kid.text); !fine {
				v.malformed(at.at(key))
				ok = false
			}
		}
	}
	if !ok || n.get("min") == nil || n.get("max") == nil {
		return
	}
	low, _ := moment(mode, n.str("min"))
	high, _ := moment(mode, n.str("max"))
	if !low.Before(high) {
		v.fault(at.at("min"), "must be less than max")
	}
}

// action checks an action object in its place.
func (v *visit) action(p place, at *path, n *node) {
	if n.kind != object {
		v.wrongKind(at, n)
		return
	}
	shape, ok := v.rules.actions[p][n.str("type")]
	if !ok {
		v.missingOrUnknown(at.at("type"), n, v.rules.actionNames[p])
		return
	}
	v.object(at, n, shape)
}

// missingOrUnknown tells that a type is absent or none that is known.
func (v *visit) missingOrUnknown(at *path, n *node, known []string) {
	if n.get("type") == nil {
		v.missing(at)
		return
	}
	v.notOneOf(at, known)
}
