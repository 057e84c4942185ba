package slacksim_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"tsunagi/handlers/slack/slacksim"
)

type obj = map[string]any

func chars(n int) string { return strings.Repeat("字", n) }

func plainText(n int) obj { return obj{"type": "plain_text", "text": chars(n)} }

func mrkdwn(n int) obj { return obj{"type": "mrkdwn", "text": chars(n)} }

func many[T any](n int, make func(i int) T) []T {
	list := []T{}
	for i := range n {
		list = append(list, make(i))
	}
	return list
}

func option(textLen, valueLen, descLen int) obj {
	o := obj{"text": plainText(textLen), "value": strings.Repeat("v", valueLen)}
	if descLen > 0 {
		o["description"] = plainText(descLen)
	}
	return o
}

func options(n int) []obj {
	return many(n, func(i int) obj { return obj{"text": plainText(1), "value": fmt.Sprint(i)} })
}

func with(o obj, key string, v any) obj {
	o[key] = v
	return o
}

func buttonOf(key string, v any) obj {
	return with(obj{"type": "button", "text": plainText(1)}, key, v)
}

func selectOf(key string, v any) obj {
	return with(obj{"type": "static_select", "options": options(1)}, key, v)
}

func actions(elements ...obj) []obj { return []obj{{"type": "actions", "elements": elements}} }

func inputOf(element obj) []obj {
	return []obj{{"type": "input", "label": plainText(1), "element": element}}
}

func dividers(n int) []obj { return many(n, func(int) obj { return obj{"type": "divider"} }) }

func confirmOf(title, text, yes, no int) obj {
	return obj{"title": plainText(title), "text": plainText(text), "confirm": plainText(yes), "deny": plainText(no)}
}

// TestBlockLimits posts a message at each bound and one just over it.
func TestBlockLimits(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		last int // the largest allowed
		of   func(n int) []obj
	}{
		{"blocks per message", 50, dividers},
		{"block_id", 255, func(n int) []obj { return []obj{{"type": "divider", "block_id": strings.Repeat("b", n)}} }},
		{"section text", 3000, func(n int) []obj { return []obj{{"type": "section", "text": mrkdwn(n)}} }},
		{"section plain text", 3000, func(n int) []obj { return []obj{{"type": "section", "text": plainText(n)}} }},
		{"section fields", 10, func(n int) []obj {
			return []obj{{"type": "section", "fields": many(n, func(int) obj { return mrkdwn(1) })}}
		}},
		{"section field text", 2000, func(n int) []obj { return []obj{{"type": "section", "fields": []obj{mrkdwn(n)}}} }},
		{"header", 150, func(n int) []obj { return []obj{{"type": "header", "text": plainText(n)}} }},
		{"context elements", 10, func(n int) []obj {
			return []obj{{"type": "context", "elements": many(n, func(int) obj { return mrkdwn(1) })}}
		}},
		{"actions elements", 25, func(n int) []obj {
			return actions(many(n, func(i int) obj { return buttonOf("action_id", fmt.Sprint(i)) })...)
		}},
		{"action_id", 255, func(n int) []obj { return actions(buttonOf("action_id", strings.Repeat("a", n))) }},
		{"image alt_text", 2000, func(n int) []obj {
			return []obj{{"type": "image", "image_url": "https://e.jp/i.png", "alt_text": chars(n)}}
		}},
		{"image title", 2000, func(n int) []obj {
			return []obj{{"type": "image", "image_url": "https://e.jp/i.png", "alt_text": "a", "title": plainText(n)}}
		}},
		{"markdown", 12000, func(n int) []obj { return []obj{{"type": "markdown", "text": chars(n)}} }},
		{"table rows", 100, func(n int) []obj {
			return []obj{{"type": "table", "rows": many(n, func(int) []obj { return []obj{{"type": "raw_text", "text": "a"}} })}}
		}},
		{"table cells", 20, func(n int) []obj {
			return []obj{{"type": "table", "rows": [][]obj{many(n, func(int) obj { return obj{"type": "raw_text", "text": "a"} })}}}
		}},
		{"button text", 75, func(n int) []obj { return actions(buttonOf("text", plainText(n))) }},
		{"button value", 2000, func(n int) []obj { return actions(buttonOf("value", strings.Repeat("v", n))) }},
		{"button url", 3000, func(n int) []obj { return actions(buttonOf("url", "https://e.jp/"+strings.Repeat("u", n-13))) }},
		{"button accessibility label", 75, func(n int) []obj { return actions(buttonOf("accessibility_label", chars(n))) }},
		{"option text", 75, func(n int) []obj { return actions(selectOf("options", []obj{option(n, 1, 0)})) }},
		{"option value", 150, func(n int) []obj { return actions(selectOf("options", []obj{option(1, n, 0)})) }},
		{"option description", 75, func(n int) []obj { return actions(selectOf("options", []obj{option(1, 1, n)})) }},
		{"options", 100, func(n int) []obj { return actions(selectOf("options", options(n))) }},
		{"option groups", 100, func(n int) []obj {
			return actions(obj{"type": "static_select", "option_groups": many(n, func(int) obj { return obj{"label": plainText(1), "options": options(1)} })})
		}},
		{"option group label", 75, func(n int) []obj {
			return actions(obj{"type": "static_select", "option_groups": []obj{{"label": plainText(n), "options": options(1)}}})
		}},
		{"checkboxes", 10, func(n int) []obj { return actions(obj{"type": "checkboxes", "options": options(n)}) }},
		{"radio buttons", 10, func(n int) []obj { return actions(obj{"type": "radio_buttons", "options": options(n)}) }},
		{"overflow", 5, func(n int) []obj { return actions(obj{"type": "overflow", "options": options(n)}) }},
		{"placeholder", 150, func(n int) []obj { return actions(selectOf("placeholder", plainText(n))) }},
		{"confirm title", 100, func(n int) []obj { return actions(buttonOf("confirm", confirmOf(n, 1, 1, 1))) }},
		{"confirm text", 300, func(n int) []obj { return actions(buttonOf("confirm", confirmOf(1, n, 1, 1))) }},
		{"confirm button", 30, func(n int) []obj { return actions(buttonOf("confirm", confirmOf(1, 1, n, 1))) }},
		{"deny button", 30, func(n int) []obj { return actions(buttonOf("confirm", confirmOf(1, 1, 1, n))) }},
		{"input label", 2000, func(n int) []obj {
			return []obj{{"type": "input", "label": plainText(n), "element": obj{"type": "plain_text_input"}}}
		}},
		{"input hint", 2000, func(n int) []obj {
			return []obj{{"type": "input", "label": plainText(1), "hint": plainText(n), "element": obj{"type": "plain_text_input"}}}
		}},
		{"min_length", 3000, func(n int) []obj { return inputOf(obj{"type": "plain_text_input", "min_length": n}) }},
		{"max_length", 3000, func(n int) []obj { return inputOf(obj{"type": "plain_text_input", "max_length": n}) }},
		{"input placeholder", 150, func(n int) []obj {
			return inputOf(obj{"type": "plain_text_input", "placeholder": plainText(n)})
		}},
	}
	w := newWorld(t, func(c *slacksim.Config) { c.Rates.Off = true })
	for _, c := range cases {
		if got := w.call("chat.postMessage", obj{"channel": desk, "blocks": c.of(c.last)}); got["ok"] != true {
			t.Errorf("%s of %d: %v", c.name, c.last, got)
		}
		got := w.call("chat.postMessage", obj{"channel": desk, "blocks": c.of(c.last + 1)})
		message, _ := dig(got, "response_metadata", "messages", 0).(string)
		if got["error"] != "invalid_blocks" || !strings.HasPrefix(message, "[ERROR] ") || !strings.Contains(message, "[json-pointer:/blocks") {
			t.Errorf("%s of %d: %v", c.name, c.last+1, got)
		}
	}
}

// TestBlocksRefused holds what is wrong for another reason than its size, with Slack's complaint.
func TestBlocksRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *slacksim.Config) { c.Rates.Off = true })
	for name, c := range map[string]struct {
		blocks []obj
		want   string
	}{
		"unknown field in a block":      {[]obj{{"type": "divider", "colour": "red"}}, "invalid additional property: colour [json-pointer:/blocks/0]"},
		"unknown field in an element":   {actions(buttonOf("disabled", true)), "invalid additional property: disabled [json-pointer:/blocks/0/elements/0]"},
		"unknown field in a text":       {[]obj{{"type": "section", "text": obj{"type": "mrkdwn", "text": "a", "emoji": true}}}, "invalid additional property: emoji"},
		"unknown block":                 {[]obj{{"type": "hero"}}, "unsupported type: hero [json-pointer:/blocks/0/type]"},
		"no type":                       {[]obj{{"text": plainText(1)}}, "unsupported type"},
		"empty text":                    {[]obj{{"type": "section", "text": mrkdwn(0)}}, "must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		"section without anything":      {[]obj{{"type": "section"}}, "must define either `text` or `fields`"},
		"mrkdwn in a header":            {[]obj{{"type": "header", "text": mrkdwn(1)}}, "unsupported type: mrkdwn"},
		"mrkdwn on a button":            {actions(buttonOf("text", mrkdwn(1))), "unsupported type: mrkdwn"},
		"mrkdwn option in a menu":       {actions(selectOf("options", []obj{{"text": mrkdwn(1), "value": "v"}})), "unsupported type: mrkdwn"},
		"a block_id twice":              {[]obj{{"type": "divider", "block_id": "x"}, {"type": "divider", "block_id": "x"}}, `"x" already exists [json-pointer:/blocks/1/block_id]`},
		"an action_id twice":            {actions(buttonOf("action_id", "x"), buttonOf("action_id", "x")), `"x" already exists`},
		"no elements":                   {actions([]obj{}...), "no less than 1 items allowed"},
		"no options":                    {actions(selectOf("options", []obj{})), "no less than 1 items allowed"},
		"options and groups":            {actions(selectOf("option_groups", []obj{{"label": plainText(1), "options": options(1)}})), "must define either `options` or `option_groups`"},
		"initial option not offered":    {actions(selectOf("initial_option", option(1, 3, 0))), "initial option must match"},
		"a colour that is no style":     {actions(buttonOf("style", "green")), "value must be one of primary, danger"},
		"input element among buttons":   {actions(obj{"type": "plain_text_input"}), "unsupported type: plain_text_input"},
		"button in an input":            {inputOf(obj{"type": "button", "text": plainText(1)}), "unsupported type: button"},
		"file input in a message":       {inputOf(obj{"type": "file_input"}), "unsupported type: file_input"},
		"a date that is none":           {actions(obj{"type": "datepicker", "initial_date": "2026-02-30"}), "must be a valid date"},
		"an address that is none":       {actions(buttonOf("url", "e.jp")), "must be a valid URL"},
		"a number that is text":         {inputOf(obj{"type": "plain_text_input", "max_length": "5"}), "must provide an integer"},
		"min above max":                 {inputOf(obj{"type": "plain_text_input", "min_length": 5, "max_length": 4}), "min_length must be"},
		"image without a source":        {[]obj{{"type": "image", "alt_text": "a"}}, "must define either `image_url` or `slack_file`"},
		"image without alt_text":        {[]obj{{"type": "image", "image_url": "https://e.jp/"}}, "missing required field: alt_text"},
		"confirm without a deny button": {actions(buttonOf("confirm", obj{"title": plainText(1), "text": plainText(1), "confirm": plainText(1)})), "missing required field: deny"},
		"url outside an overflow":       {actions(selectOf("options", []obj{with(option(1, 1, 0), "url", "https://e.jp")})), "invalid additional property: url"},
	} {
		got := w.call("chat.postMessage", obj{"channel": desk, "blocks": c.blocks})
		message := fmt.Sprint(dig(got, "response_metadata", "messages"))
		if got["error"] != "invalid_blocks" || !strings.Contains(message, c.want) {
			t.Errorf("%s: got %v, want %q", name, got, c.want)
		}
	}
	if n := len(w.sim.Channel(desk)); n != 0 {
		t.Errorf("%d messages were posted all the same", n)
	}
}

func TestTextLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n, cut := range map[int]bool{40_000: false, 40_001: true} {
		got := w.call("chat.postMessage", obj{"channel": desk, "text": chars(n)})
		m, _ := w.sim.Message(desk, got["ts"].(string))
		if m.Truncated != cut || len([]rune(m.Text)) != 40_000 {
			t.Errorf("%d characters: cut %v, %d kept", n, m.Truncated, len([]rune(m.Text)))
		}
	}
	sections := func(n int) []obj {
		return many(5, func(i int) obj { return obj{"type": "section", "text": mrkdwn(n)} })
	}
	if got := w.call("chat.postMessage", obj{"channel": desk, "blocks": sections(2640)}); got["ok"] != true {
		t.Errorf("13,200 characters in blocks: %v", got)
	}
	if got := w.call("chat.postMessage", obj{"channel": desk, "blocks": sections(2641)}); got["error"] != "msg_blocks_too_long" {
		t.Errorf("13,205 characters in blocks: %v", got)
	}
	for n, want := range map[int]any{12_000: nil, 12_001: "msg_too_long"} {
		if got := w.call("chat.postMessage", obj{"channel": desk, "markdown_text": chars(n)}); got["error"] != want {
			t.Errorf("markdown_text of %d: %v", n, got)
		}
	}
}

// modal is a view that Slack would show, with one thing changed.
func modal(change ...func(obj)) obj {
	v := obj{"type": "modal", "title": plainText(5), "blocks": dividers(1)}
	for _, f := range change {
		f(v)
	}
	return v
}

func put(key string, value any) func(obj) { return func(o obj) { o[key] = value } }

func TestViewLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *slacksim.Config) { c.Rates.Off = true })
	for _, c := range []struct {
		name string
		last int
		of   func(n int) obj
	}{
		{"title", 24, func(n int) obj { return modal(put("title", plainText(n))) }},
		{"submit", 24, func(n int) obj { return modal(put("submit", plainText(n))) }},
		{"close", 24, func(n int) obj { return modal(put("close", plainText(n))) }},
		{"private_metadata", 3000, func(n int) obj { return modal(put("private_metadata", chars(n))) }},
		{"callback_id", 255, func(n int) obj { return modal(put("callback_id", chars(n))) }},
		{"external_id", 255, func(n int) obj { return modal(put("external_id", chars(n))) }},
		{"blocks", 100, func(n int) obj { return modal(put("blocks", dividers(n))) }},
	} {
		if got := w.call("views.open", obj{"trigger_id": w.trigger(clerk), "view": c.of(c.last)}); got["ok"] != true {
			t.Errorf("%s of %d: %v", c.name, c.last, got)
		}
		if got := w.call("views.open", obj{"trigger_id": w.trigger(clerk), "view": c.of(c.last + 1)}); got["error"] != "invalid_arguments" {
			t.Errorf("%s of %d: %v", c.name, c.last+1, got)
		}
	}
	for name, c := range map[string]struct {
		view obj
		want string
	}{
		"no title":                {modal(func(o obj) { delete(o, "title") }), "missing required field: title"},
		"an input without submit": {modal(put("blocks", inputOf(obj{"type": "plain_text_input"}))), "missing required field: submit"},
		"an unknown field":        {modal(put("hash", "x")), "invalid additional property: hash"},
		"a Home tab in a modal":   {obj{"type": "home", "blocks": dividers(1)}, "unsupported type: home"},
		"a table":                 {modal(put("blocks", []obj{{"type": "table", "rows": [][]obj{{{"type": "raw_text", "text": "a"}}}}})), "unsupported type: table"},
		"two focused elements": {modal(put("submit", plainText(1)), put("blocks", append(
			inputOf(obj{"type": "plain_text_input", "focus_on_load": true}), inputOf(obj{"type": "plain_text_input", "focus_on_load": true})...))), "focus_on_load"},
	} {
		got := w.call("views.open", obj{"trigger_id": w.trigger(clerk), "view": c.view})
		if message := fmt.Sprint(dig(got, "response_metadata", "messages")); got["error"] != "invalid_arguments" || !strings.Contains(message, c.want) {
			t.Errorf("%s: got %v, want %q", name, got, c.want)
		}
	}
	huge := modal(put("blocks", many(100, func(int) obj { return obj{"type": "section", "text": mrkdwn(3000)} })))
	if got := w.call("views.open", obj{"trigger_id": w.trigger(clerk), "view": huge}); got["error"] != "view_too_large" {
		t.Errorf("a view of 900 kB: %v", got["error"])
	}
}

// trigger types a command and returns the trigger that the app got with it.
func (w *world) trigger(userID string) string {
	w.t.Helper()
	_, err := w.sim.Command(w.t.Context(), userID, desk, "/desk")
	w.must(err)
	return w.app.last(w.t, "/commands").form.Get("trigger_id")
}

func TestModalFieldsArePassedThrough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.call("views.open", obj{"trigger_id": w.trigger(clerk), "view": modal(put("private_metadata", "p"), put("callback_id", "c"), put("external_id", "e"), put("close", plainText(3)))})
	v, _ := w.sim.View(clerk)
	if v.PrivateMetadata != "p" || v.CallbackID != "c" || v.ExternalID != "e" || v.Close != chars(3) || v.ID != dig(got, "view", "id") {
		t.Errorf("got %+v", v)
	}
	raw, err := json.Marshal(v)
	w.must(err)
	if !strings.Contains(string(raw), `"blocks":[{"type":"divider"}]`) {
		t.Errorf("the blocks are not as received: %s", raw)
	}
}
