package linesim

import (
	"maps"
	"slices"
	"strings"
)

// Limits of Flex messages. https://developers.line.biz/en/reference/messaging-api/#flex-message
const (
	maxBubbleBytes   = 30 * 1024
	maxCarouselBytes = 50 * 1024
	maxBubbles       = 12
	maxAnimated      = 10
)

// container checks the contents of a Flex message.
func (v *visit) container(n *node) {
	var root *path
	switch n.str("type") {
	case "bubble":
		v.bubble(root, n)
	case "carousel":
		v.carousel(root, n)
	default:
		v.missingOrUnknown(root.at("type"), n, nil)
	}
	if v.animated > maxAnimated {
		v.fault(root, "too many animated images")
	}
}

func (v *visit) bubble(at *path, n *node) {
	if n.kind != object || n.str("type") != "bubble" {
		v.wrongKind(at, n)
		return
	}
	if len(n.raw) > maxBubbleBytes {
		v.wrongSize(at, &rule{max: maxBubbleBytes})
	}
	v.object(at, n, v.rules.bubble)
}

// carousel wants bubbles of one width, none of them with a video.
// https://developers.line.biz/en/reference/messaging-api/#f-carousel
func (v *visit) carousel(at *path, n *node) {
	if len(n.raw) > maxCarouselBytes {
		v.wrongSize(at, &rule{max: maxCarouselBytes})
	}
	v.object(at, n, v.rules.carousel)
	bubbles := n.get("contents")
	if bubbles == nil {
		return
	}
	for i := range bubbles.kids {
		here := at.at("contents").nth(i)
		if width(&bubbles.kids[i]) != width(&bubbles.kids[0]) {
			v.fault(here.at("size"), "bubbles in a carousel must have the same size")
		}
		if hero := bubbles.kids[i].get("hero"); hero != nil && hero.str("type") == "video" {
			v.fault(here.at("hero"), "invalid property")
		}
	}
}

func width(bubble *node) string {
	if size := bubble.str("size"); size != "" {
		return size
	}
	return "mega"
}

func (b *rulebook) flexRules() {
	box := nested(func(v *visit, at *path, n *node) { v.component(at, n, "box") })
	b.bubble = newShape(map[string]rule{
		"type": {kind: text}, "direction": words("ltr", "rtl"),
		"size":   words("nano", "micro", "deca", "hecto", "kilo", "mega", "giga"),
		"header": box, "body": box, "footer": box,
		"hero":   nested(func(v *visit, at *path, n *node) { v.component(at, n, "box", "image", "video") }),
		"styles": as(func(b *rulebook) *shape { return b.styles }),
		"action": actionIn(inFlex),
	}, checkBubble)
	b.carousel = newShape(map[string]rule{
		"type":     {kind: text},
		"contents": {kind: list, needed: true, min: 1, max: maxBubbles, each: (*visit).bubble},
	}, nil)
	block := as(func(b *rulebook) *shape { return b.blockStyle })
	b.styles = newShape(map[string]rule{"header": block, "hero": block, "body": block, "footer": block}, nil)
	b.blockStyle = newShape(map[string]rule{
		"backgroundColor": formed(isColor), "separator": flag01(), "separatorColor": formed(isColor),
	}, nil)
	b.componentRules()
}

// checkBubble wants something to show, and room for a video.
// https://developers.line.biz/en/reference/messaging-api/#f-video
func checkBubble(v *visit, at *path, n *node) {
	hero := n.get("hero")
	if n.get("header") == nil && hero == nil && n.get("body") == nil && n.get("footer") == nil {
		v.fault(at, "At least one block must be specified")
	}
	if hero != nil && hero.str("type") == "video" && !slices.Contains([]string{"kilo", "mega", "giga"}, width(n)) {
		v.fault(at.at("size"), "invalid property")
	}
}

// component checks one component where only some are possible.
func (v *visit) component(at *path, n *node, allowed ...string) {
	kind := n.str("type")
	switch {
	case n.kind != object:
		v.wrongKind(at, n)
	case n.get("type") == nil:
		v.missing(at.at("type"))
	case v.rules.components[kind] == nil || !slices.Contains(allowed, kind):
		v.fault(at, "invalid property")
	default:
		v.object(at, n, v.rules.components[kind])
	}
}

func (b *rulebook) componentRules() {
	b.background = newShape(map[string]rule{
		"type": needs(words("linearGradient")), "angle": needs(formed(isAngle)),
		"startColor": needs(formed(isColor)), "endColor": needs(formed(isColor)), "centerColor": formed(isColor),
		"centerPosition": formed(func(s string) bool { return hasUnit(s, "%", false) }),
	}, nil)
	b.components = map[string]*shape{
		"box":       boxShape(),
		"button":    buttonShape(),
		"image":     imageShape(),
		"video":     flexVideoShape(),
		"icon":      component(placed, map[string]rule{"url": needs(media()), "size": formed(isFontSize), "aspectRatio": formed(isRatio), "scaling": flag01()}, nil),
		"text":      textShape(),
		"span":      component(nil, spanRules(), nil),
		"separator": component(nil, map[string]rule{"margin": formed(isGap), "color": formed(isColor)}, nil),
		"filler":    component(nil, map[string]rule{"flex": between(0, 1<<31)}, nil),
	}
}

func component(base func() map[string]rule, more map[string]rule, then func(v *visit, at *path, n *node)) *shape {
	rules := map[string]rule{"type": {kind: text}}
	if base != nil {
		maps.Copy(rules, base())
	}
	maps.Copy(rules, more)
	return newShape(rules, then)
}

// placed are the properties by which a component finds its place.
func placed() map[string]rule {
	return map[string]rule{
		"margin": formed(isGap), "position": words("relative", "absolute"),
		"offsetTop": formed(isOffset), "offsetBottom": formed(isOffset), "offsetStart": formed(isOffset), "offsetEnd": formed(isOffset),
	}
}

// grown are placed, and the share of the parent's room.
func grown() map[string]rule {
	rules := placed()
	rules["flex"] = between(0, 1<<31)
	return rules
}

func boxShape() *shape {
	length, pad := formed(isLength), formed(isPadding)
	return component(grown, map[string]rule{
		"layout": needs(words("horizontal", "vertical", "baseline")), "contents": needs(rule{kind: list}),
		"spacing": formed(isGap), "backgroundColor": formed(isColor), "borderColor": formed(isColor),
		"borderWidth": formed(isBorder), "cornerRadius": formed(isGap),
		"width": length, "maxWidth": length, "height": length, "maxHeight": length,
		"paddingAll": pad, "paddingTop": pad, "paddingBottom": pad, "paddingStart": pad, "paddingEnd": pad,
		"action":         actionIn(inFlex),
		"justifyContent": words("center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"),
		"alignItems":     words("center", "flex-start", "flex-end"),
		"background":     as(func(b *rulebook) *shape { return b.background }),
	}, checkBox)
}

// checkBox looks into the box: a baseline box holds less than others.
// https://developers.line.biz/en/reference/messaging-api/#box
func checkBox(v *visit, at *path, n *node) {
	contents := n.get("contents")
	if contents == nil || contents.kind != list {
		return
	}
	allowed := []string{"box", "button", "image", "text", "separator", "filler"}
	if n.str("layout") == "baseline" {
		allowed = []string{"icon", "text", "filler"}
	}
	for i := range contents.kids {
		v.component(at.at("contents").nth(i), &contents.kids[i], allowed...)
	}
}

func buttonShape() *shape {
	return component(grown, map[string]rule{
		"action": needs(actionIn(inFlexButton)), "height": words("sm", "md"), "style": words("primary", "secondary", "link"),
		"color": formed(isColor), "gravity": words("top", "bottom", "center"), "adjustMode": words("shrink-to-fit"), "scaling": flag01(),
	}, nil)
}

func imageShape() *shape {
	return component(grown, map[string]rule{
		"url": needs(media()), "align": words("start", "end", "center"), "gravity": words("top", "bottom", "center"),
		"size": formed(isImageSize), "aspectRatio": formed(isRatio), "aspectMode": words("fit", "cover"),
		"backgroundColor": formed(isColor), "action": actionIn(inFlex), "animated": flag01(),
	}, func(v *visit, at *path, n *node) {
		if n.get("animated").isTrue() {
			v.animated++
		}
	})
}

func flexVideoShape() *shape {
	return component(nil, map[string]rule{
		"url": needs(media()), "previewUrl": needs(media()), "aspectRatio": formed(isRatio), "action": actionIn(inFlex),
		"altContent": needs(nested(func(v *visit, at *path, n *node) { v.component(at, n, "box", "image") })),
	}, func(v *visit, at *path, n *node) {
		if a := n.get("action"); a != nil && a.str("type") != "uri" {
			v.fault(at.at("action"), "invalid property")
		}
	})
}

func textShape() *shape {
	rules := spanRules()
	maps.Copy(rules, map[string]rule{
		"align": words("start", "end", "center"), "gravity": words("top", "bottom", "center"), "wrap": flag01(),
		"lineSpacing": formed(isPixels), "maxLines": between(0, 1<<31), "action": actionIn(inFlex),
		"adjustMode": words("shrink-to-fit"), "scaling": flag01(),
		"contents": {kind: list, each: func(v *visit, at *path, n *node) { v.component(at, n, "span") }},
	})
	return component(grown, rules, func(v *visit, at *path, n *node) {
		if n.get("contents") == nil && n.str("text") == "" {
			v.fault(at.at("text"), "must be non-empty text")
		}
	})
}

func spanRules() map[string]rule {
	return map[string]rule{
		"text": {kind: text}, "color": formed(isColor), "size": formed(isFontSize), "weight": words("regular", "bold"),
		"style": words("normal", "italic"), "decoration": words("none", "underline", "line-through"),
	}
}

// The sizes of https://developers.line.biz/en/docs/messaging-api/flex-message-layout/ in words, pixels and per cent.

func isGap(s string) bool {
	return slices.Contains([]string{"none", "xs", "sm", "md", "lg", "xl", "xxl"}, s) || isPixels(s)
}

func isOffset(s string) bool {
	return isGap(s) || hasUnit(s, "px", true) || hasUnit(s, "%", true)
}

func isPadding(s string) bool { return isGap(s) || hasUnit(s, "%", false) }

func isLength(s string) bool { return isPixels(s) || hasUnit(s, "%", false) }

func isPixels(s string) bool { return hasUnit(s, "px", false) }

func isBorder(s string) bool {
	return slices.Contains([]string{"none", "light", "normal", "medium", "semi-bold", "bold"}, s) || isPixels(s)
}

func isFontSize(s string) bool {
	return slices.Contains(strings.Fields("xxs xs sm md lg xl xxl 3xl 4xl 5xl"), s) || isPixels(s)
}

func isImageSize(s string) bool { return s == "full" || isFontSize(s) || hasUnit(s, "%", false) }

func isAngle(s string) bool {
	head, ok := strings.CutSuffix(s, "deg")
	return ok && hasUnit(head, "", false) && !hasUnitOver(head, 360)
}
