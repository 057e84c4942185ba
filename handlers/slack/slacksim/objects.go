package slacksim

// Composition objects: https://docs.slack.dev/reference/block-kit/composition-objects

// plain checks a plain_text object of at most the given length.
func plain(most int) check { return textObject(most, "plain_text") }

// rich checks a plain_text or mrkdwn object.
func rich(most int) check { return textObject(most, "plain_text", "mrkdwn") }

func textObject(most int, kinds ...string) check {
	shapes := map[string]shape{}
	for _, kind := range kinds {
		extra := "emoji"
		if kind == "mrkdwn" {
			extra = "verbatim" // emoji is refused for mrkdwn
		}
		shapes[kind] = shape{need: []string{"text"}, fields: map[string]check{"text": text(1, most), extra: boolean}}
	}
	return func(c *checker, at string, v any) {
		c.oneOf(at, v, shapes)
	}
}

func confirm(c *checker, at string, v any) {
	c.object(at, v, shape{
		need: []string{"title", "text", "confirm", "deny"},
		fields: map[string]check{
			"title": plain(maxConfirmTitle), "text": rich(maxConfirmText), "confirm": plain(maxConfirmButton),
			"deny": plain(maxConfirmButton), "style": word("primary", "danger"),
		},
	})
}

// option checks an option of a menu; label is the check of its text.
func option(label check, extra ...string) check {
	fields := map[string]check{"text": label, "value": ident(maxOptionValue), "description": label}
	for _, name := range extra {
		fields[name] = webLink
	}
	return func(c *checker, at string, v any) {
		c.object(at, v, shape{need: []string{"text", "value"}, fields: fields})
	}
}

func optionGroup(c *checker, at string, v any) {
	c.object(at, v, shape{
		need: []string{"label", "options"},
		fields: map[string]check{
			"label": plain(maxOptionText), "options": list(1, maxOptions, option(plain(maxOptionText))),
		},
	})
}

func dispatchConfig(c *checker, at string, v any) {
	c.object(at, v, shape{fields: map[string]check{
		"trigger_actions_on": list(1, 2, word("on_enter_pressed", "on_character_entered")),
	}})
}

func conversationFilter(c *checker, at string, v any) {
	c.object(at, v, shape{fields: map[string]check{
		"include":                          list(1, 4, word("im", "mpim", "private", "public")),
		"exclude_external_shared_channels": boolean, "exclude_bot_users": boolean,
	}})
}

// image holds what image blocks and image elements have in common: exactly one source.
func image(fields map[string]check) shape {
	fields["alt_text"], fields["image_url"], fields["slack_file"] = text(1, maxLabel), webLink, slackFile
	return shape{need: []string{"alt_text"}, fields: fields, also: func(c *checker, at string, o map[string]any) {
		if (o["image_url"] == nil) == (o["slack_file"] == nil) {
			c.fail(at, "must define either `image_url` or `slack_file`")
		}
	}}
}

func slackFile(c *checker, at string, v any) {
	c.object(at, v, shape{fields: fields("id", ident(maxBlockID), "url", check(webLink)), also: func(c *checker, at string, o map[string]any) {
		if (o["id"] == nil) == (o["url"] == nil) {
			c.fail(at, "must define either `id` or `url`")
		}
	}})
}
