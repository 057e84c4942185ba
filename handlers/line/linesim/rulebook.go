package linesim

import (
	"maps"
	"slices"
)

// rulebook is everything LINE demands of the objects that a bot sends, as data. It is made once and never changes.
type rulebook struct {
	actions     [places]map[string]*shape
	actionNames [places][]string

	messages     map[string]*shape
	messageNames []string
	quickReply   *shape
	quickItem    *shape
	sender       *shape
	emoji        *shape
	substitutes  map[string]*shape
	mentionees   map[string]*shape

	templates   map[string]*shape
	column      *shape
	imageColumn *shape

	imagemap imagemapShapes

	bubble     *shape
	carousel   *shape
	styles     *shape
	blockStyle *shape
	background *shape
	components map[string]*shape

	richMenu richMenuShapes
}

func newRulebook() *rulebook {
	b := &rulebook{}
	for p := range places {
		b.actions[p] = actionShapes(p)
		b.actionNames[p] = slices.Sorted(maps.Keys(b.actions[p]))
	}
	b.messageRules()
	b.templateRules()
	b.imagemapRules()
	b.flexRules()
	b.richMenuRules()
	return b
}

// actionIn makes a rule for an object that has an action's form.
func actionIn(p place) rule {
	return nested(func(v *visit, at *path, n *node) { v.action(p, at, n) })
}

// as makes a rule for an object of one shape. The shape is looked up when it is used, since shapes contain each other.
func as(pick func(b *rulebook) *shape) rule {
	return nested(func(v *visit, at *path, n *node) { v.object(at, n, pick(v.rules)) })
}

// listOf makes a rule for a list of objects of one shape.
func listOf(low, high int, pick func(b *rulebook) *shape) rule {
	return rule{kind: list, min: low, max: high, each: func(v *visit, at *path, n *node) { v.object(at, n, pick(v.rules)) }}
}

// listOfActions makes a rule for a list of actions.
func listOfActions(low, high int, p place) rule {
	return rule{kind: list, min: low, max: high, each: func(v *visit, at *path, n *node) { v.action(p, at, n) }}
}

// byType checks an object against the shape its type names.
func (v *visit) byType(at *path, n *node, shapes map[string]*shape) {
	if n.kind != object {
		v.wrongKind(at, n)
		return
	}
	s, ok := shapes[n.str("type")]
	if !ok {
		v.missingOrUnknown(at.at("type"), n, slices.Sorted(maps.Keys(shapes)))
		return
	}
	v.object(at, n, s)
}
