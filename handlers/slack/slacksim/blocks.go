package slacksim

// rules are the shapes of Block Kit, made once for a workspace.
type rules struct {
	blocks   map[string]shape
	elements map[string]shape
	places   map[string]map[string]shape // which elements may stand where
}

// newRules are the blocks of https://docs.slack.dev/reference/block-kit/blocks. The blocks for AI apps (card,
// carousel, alert, container, plan, task_card, context_actions) are not known here and refused.
func newRules() rules {
	r := rules{elements: newElements()}
	menus := []string{"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
	for _, one := range menus[:5:5] {
		menus = append(menus, "multi_"+one)
	}
	press := append([]string{"button", "checkboxes", "datepicker", "overflow", "radio_buttons", "timepicker", "workflow_button"}, menus...)
	r.places = map[string]map[string]shape{
		"actions":   r.pick(append([]string{"datetimepicker", "rich_text_input"}, press...)),
		"accessory": r.pick(press),
		"input": r.pick(append([]string{
			"checkboxes", "datepicker", "datetimepicker", "email_text_input", "file_input", "number_input",
			"plain_text_input", "radio_buttons", "rich_text_input", "timepicker", "url_text_input",
		}, menus...)),
	}
	r.places["accessory"]["image"] = image(map[string]check{})
	r.blocks = newBlocks()
	return r
}

func (r *rules) pick(kinds []string) map[string]shape {
	table := map[string]shape{}
	for _, kind := range kinds {
		table[kind] = r.elements[kind]
	}
	return table
}

func newBlocks() map[string]shape {
	blocks := map[string]shape{
		"section":   section(),
		"actions":   {need: []string{"elements"}, fields: fields("elements", list(1, maxActions, element("actions"))), also: actionIDs},
		"context":   {need: []string{"elements"}, fields: fields("elements", list(1, maxContext, contextElement()))},
		"divider":   {fields: fields()},
		"header":    {need: []string{"text"}, fields: fields("text", plain(maxHeader), "level", whole(1, 4))},
		"image":     image(fields("title", plain(maxLabel))),
		"input":     input(),
		"markdown":  {need: []string{"text"}, fields: fields("text", text(1, maxMarkdown))},
		"rich_text": {need: []string{"elements"}, fields: fields("elements", list(0, maxTextObject, richText))},
		"table": {need: []string{"rows"}, fields: fields(
			"rows", list(1, maxTableRows, list(1, maxTableCells, cell)),
			"column_settings", list(0, maxTableCells, check(anything)))},
		"video": {need: []string{"alt_text", "title", "thumbnail_url", "video_url"}, fields: fields(
			"alt_text", text(1, maxLabel), "title", plain(200), "title_url", check(webLink), "description", plain(200),
			"video_url", check(webLink), "thumbnail_url", check(webLink), "author_name", text(1, 50),
			"provider_name", text(1, 50), "provider_icon_url", check(webLink))},
	}
	for _, s := range blocks {
		s.fields["block_id"] = blockID
	}
	return blocks
}

// block checks one block of a message or view.
func block(c *checker, at string, v any) {
	o, _ := v.(map[string]any)
	kind, _ := o["type"].(string)
	if !c.allowed(kind) {
		c.fail(at+"/type", "unsupported type: %s", kind)
		return
	}
	c.oneOf(at, v, c.rules.blocks)
}

// allowed reports whether this surface takes the block.
func (c *checker) allowed(kind string) bool {
	switch kind {
	case "markdown", "table":
		return c.surface == "message"
	}
	return true
}

func section() shape {
	return shape{
		fields: fields("text", rich(maxTextObject), "fields", list(1, maxFields, rich(maxFieldText)),
			"accessory", element("accessory"), "expand", check(boolean)),
		also: func(c *checker, at string, o map[string]any) {
			if o["text"] == nil && o["fields"] == nil {
				c.fail(at, "must define either `text` or `fields`")
			}
		},
	}
}

func input() shape {
	return shape{
		need: []string{"label", "element"},
		fields: fields("label", plain(maxLabel), "hint", plain(maxLabel), "element", element("input"),
			"optional", check(boolean), "dispatch_action", check(boolean)),
		also: func(c *checker, at string, o map[string]any) {
			c.inputs++
			e, _ := o["element"].(map[string]any)
			if e["type"] == "file_input" && c.surface != "modal" {
				c.fail(at+"/element/type", "unsupported type: file_input")
			}
		},
	}
}

func element(place string) check {
	return func(c *checker, at string, v any) { c.oneOf(at, v, c.rules.places[place]) }
}

func contextElement() check {
	word := rich(maxTextObject)
	pictures := map[string]shape{"image": image(map[string]check{})}
	return func(c *checker, at string, v any) {
		if o, ok := v.(map[string]any); ok && o["type"] == "image" {
			c.oneOf(at, v, pictures)
			return
		}
		word(c, at, v)
	}
}

// richText is checked loosely: its inner elements are many and the desk writes only text and lists.
func richText(c *checker, at string, v any) {
	o, _ := v.(map[string]any)
	word("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")(c, at+"/type", o["type"])
	list(0, maxTextObject, anything)(c, at+"/elements", o["elements"])
	c.textRunes += runesWithin(o)
}

// runesWithin counts the text anywhere below v.
func runesWithin(v any) int {
	n := 0
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			n += runesWithin(item)
		}
	case map[string]any:
		for key, item := range v {
			if s, ok := item.(string); ok && key == "text" {
				n += len([]rune(s))
			}
			n += runesWithin(item)
		}
	}
	return n
}

func cell(c *checker, at string, v any) {
	o, _ := v.(map[string]any)
	switch o["type"] {
	case "raw_text":
		c.object(at, v, shape{need: []string{"text"}, fields: fields("text", text(1, maxTextObject))})
	case "raw_number":
		c.object(at, v, shape{need: []string{"value"}, fields: fields("value", check(anything), "text", text(1, maxTextObject))})
	case "rich_text":
		c.textRunes += runesWithin(o)
	default:
		c.fail(at+"/type", "unsupported type: %v", o["type"])
	}
}

// blockID refuses the same id twice in one message or view.
func blockID(c *checker, at string, v any) {
	ident(maxBlockID)(c, at, v)
	id, _ := v.(string)
	if c.blockIDs[id] {
		c.fail(at, "`block_id` %q already exists", id)
	}
	c.blockIDs[id] = true
}

// actionIDs refuses the same action_id twice in one block.
func actionIDs(c *checker, at string, o map[string]any) {
	seen := map[string]bool{}
	elements, _ := o["elements"].([]any)
	for _, e := range elements {
		e, _ := e.(map[string]any)
		id, _ := e["action_id"].(string)
		if id != "" && seen[id] {
			c.fail(at+"/elements", "`action_id` %q already exists in this block", id)
		}
		seen[id] = true
	}
}
