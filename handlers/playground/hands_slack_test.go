package playground_test

import (
	"strings"

	"github.com/chromedp/chromedp"

	"tsunagi/handlers/playground/story"
)

// be looks at a channel through somebody's eyes.
func (h *hands) be(member story.Member, room string) {
	h.t.Helper()
	h.tab("slack")
	if h.narrow && !h.there(`[data-testid="slack-staff"]`) {
		h.press("slack-drawer")
	}
	h.choose(`[data-testid="slack-staff"]`, member.ID)
	if h.narrow && !h.there(string(id("slack-channel-"+h.cast.Rooms[room]))) {
		h.press("slack-drawer")
	}
	h.press("slack-channel-" + h.cast.Rooms[room])
	h.room = room
}

// there tells whether something can be seen now.
func (h *hands) there(selector string) bool {
	h.t.Helper()
	return ask(h.sight, chromedp.Evaluate[bool](`(() => {
		const el = document.querySelector('`+selector+`');
		if (!el || !el.checkVisibility()) return false;
		const box = el.getBoundingClientRect();
		return box.right > 0 && box.left < innerWidth;
	})()`))
}

// choose picks an item of a select, which the browser draws outside the page.
func (h *hands) choose(selector, value string) {
	h.t.Helper()
	h.until(`(selector, value) => {
		const el = document.querySelector(selector);
		if (!el || ![...el.options].some((one) => one.value === value)) return false;
		Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value").set.call(el, value);
		el.dispatchEvent(new Event("change", { bubbles: true }));
		return true;
	}`, "choose "+value, selector, value)
}

// into looks at a channel as one of its members.
func (h *hands) into(room string) {
	h.t.Helper()
	for _, m := range h.cast.Staff {
		if len(m.Rooms) > 0 && m.Rooms[0] == room && m.Standing == "" {
			h.be(m, room)
			return
		}
	}
	h.t.Fatalf("nobody is in %s", room)
}

// roomSeen looks at a channel, and into the thread of its newest card.
func (h *hands) roomSeen(args map[string]string, _ []story.Pair) {
	h.t.Helper()
	h.into(args["room"])
	h.look(`[data-testid="slack-messages"], [data-testid="slack-thread"]`, args["text"])
	h.closeThread()
}

// look waits for words in some parts of the channel; when they are not there, it opens the first thread.
func (h *hands) look(parts, text string) {
	h.t.Helper()
	h.until(`(parts, text) => {`+readable+`
		if ([...document.querySelectorAll(parts)].some((el) => words(el).includes(text))) return true;
		if (!document.querySelector('[data-testid="slack-thread"]')) document.querySelector('.replies:not(.replies-none)')?.click();
		return false;
	}`, "see "+text, parts, text)
}

func (h *hands) closeThread() {
	h.t.Helper()
	if h.there(`[data-testid="slack-thread-close"]`) {
		h.press("slack-thread-close")
	}
}

func (h *hands) roomUnseen(args map[string]string, _ []story.Pair) {
	h.t.Helper()
	h.into(args["room"])
	if strings.Contains(h.reads(`[data-testid="slack-messages"]`), args["text"]) {
		h.t.Errorf("%s shows %q", args["room"], args["text"])
	}
}

func (h *hands) pressCard(args map[string]string, _ []story.Pair) {
	h.t.Helper()
	m, _ := h.member(args["who"])
	h.be(m, args["room"])
	h.click(`[data-testid^="slack-button-"]`, args["label"], false, ".post", args["card"], false)
}

func (h *hands) sayUnderCard(args map[string]string, _ []story.Pair) {
	h.t.Helper()
	m, _ := h.member(args["who"])
	h.be(m, args["room"])
	h.do(chromedp.WaitVisible(chromedp.CSS(`.replies`)), chromedp.Click(chromedp.CSS(`.replies`)))
	h.write("slack-thread-input", args["text"]+"\r")
	h.wait(`[data-testid="slack-thread"]`, args["text"])
	h.closeThread()
}

// fill fills in the field of a modal that has the label: by its box, its menu or its line.
func (h *hands) fill(args map[string]string, _ []story.Pair) {
	h.t.Helper()
	h.tab("slack")
	h.until(`(label) => {`+readable+`
		const field = [...document.querySelectorAll('[data-testid="modal"] .bk-field')].find((el) => words(el.querySelector(".bk-label")).startsWith(label));
		document.querySelectorAll("[data-field]").forEach((el) => el.removeAttribute("data-field"));
		field?.setAttribute("data-field", "");
		return field !== undefined;
	}`, "find the field "+args["field"], args["field"])
	switch {
	case h.there(`[data-field] [type="checkbox"]`), h.there(`[data-field] .bk-many`):
		h.click(`[data-field] .bk-check`, args["text"], true, "", "", false)
	case h.there(`[data-field] select`):
		value := ask(h.sight, chromedp.Evaluate[string](`[...document.querySelector("[data-field] select").options].find((one) => one.text === "`+args["text"]+`").value`))
		h.choose(`[data-field] select`, value)
	default:
		h.do(chromedp.SendKeys(chromedp.CSS(`[data-field] :is(textarea, input)`), args["text"]))
	}
}

func (h *hands) screenSeen(args map[string]string, _ []story.Pair) {
	h.t.Helper()
	h.tab("slack")
	h.wait(`[data-testid="modal"]`, args["text"])
}

func (h *hands) submit(map[string]string, []story.Pair) {
	h.t.Helper()
	h.tab("slack")
	submit := chromedp.CSS(`[data-testid="modal"] [data-testid="modal-submit"]`) // the views below have one, too
	h.do(chromedp.WaitVisible(submit), chromedp.Click(submit))
}
