package playground_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/chromedp"

	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/playground"
	"tsunagi/handlers/playground/story"
	"tsunagi/store/testwait"
)

// hands play stories in the page as somebody with a mouse and a keyboard does: they look for what can be seen, click on
// it and type, and know nothing else.
type hands struct {
	sight
	demo   *running
	cast   story.Cast
	narrow bool
	room   string // the channel in view
	shots  int
}

// play plays a story, after the one that it continues.
func (h *hands) play(s *story.Story) {
	h.t.Helper()
	if s.After != nil {
		h.play(s.After)
	}
	for _, step := range s.Steps {
		do, args, list := step.Does()
		if do == "continue" {
			continue
		}
		deed, known := h.deeds()[do]
		if !known {
			h.t.Fatalf("%s:%d: these hands cannot do %q", step.Story, step.Line, do)
		}
		h.t.Logf("%s:%d %s", step.Story, step.Line, step.Text)
		deed(args, list)
		h.shots++
		h.shot(fmt.Sprintf("%s-%02d-%s-%d", h.width(), h.shots, step.Story, step.Line))
	}
}

func (h *hands) width() string {
	if h.narrow {
		return "narrow"
	}
	return "wide"
}

type deed func(args map[string]string, list []story.Pair)

// deeds are those that the stories played here are made of.
func (h *hands) deeds() map[string]deed {
	return map[string]deed{
		"phone.follow":   func(a map[string]string, _ []story.Pair) { h.phone(a["who"]); h.press("line-follow") },
		"phone.tap":      func(a map[string]string, _ []story.Pair) { h.tap(a["who"], a["label"], false) },
		"phone.tap_part": func(a map[string]string, _ []story.Pair) { h.tap(a["who"], a["label"], true) },
		"phone.write":    func(a map[string]string, _ []story.Pair) { h.say(a["who"], a["text"]) },
		"phone.row":      h.tapRow,
		"phone.answers":  h.answers,
		"phone.rest":     func(a map[string]string, _ []story.Pair) { h.answers(a, nil) },
		"pass.days":      h.pass,
		"seen":           h.seen,
		"unseen":         h.unseen,
		"room.seen":      h.roomSeen,
		"room.unseen":    h.roomUnseen,
		"screen.seen":    h.screenSeen,
		"card.press":     h.pressCard,
		"card.say":       h.sayUnderCard,
		"screen.fill":    h.fill,
		"screen.submit":  h.submit,
	}
}

// readable is what a person reads of an element: no marks that keep directions of writing apart.
const readable = `const words = (el) => (el.innerText ?? "").replace(/[\u2066-\u2069\u200b-\u200f]/g, "").trim();`

// pick finds the last visible element of a kind with these words, within what holds other words if so wanted, and marks
// it. Fresh means: in what the desk said after the person's last word.
const pick = `(kind, text, part, within, holding, fresh) => {` + readable + `
	const own = [...document.querySelectorAll('[data-testid="line-entry-person"]')].at(-1);
	const found = [...document.querySelectorAll(kind)].filter((el) => {
		if (!el.checkVisibility() || el.closest("[hidden]")) return false;
		if (within && !words(el.closest(within) ?? el).includes(holding)) return false;
		if (fresh && own && !(own.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING)) return false;
		return part ? words(el).includes(text) : words(el) === text;
	}).at(-1);
	if (!found) return false;
	document.querySelectorAll("[data-pick]").forEach((el) => el.removeAttribute("data-pick"));
	found.setAttribute("data-pick", "");
	return true;
}`

func (h *hands) find(kind, text string, part bool, within, holding string, fresh bool) bool {
	h.t.Helper()
	args, err := json.Marshal([]any{kind, text, part, within, holding, fresh})
	if err != nil {
		h.t.Fatal(err)
	}
	return ask(h.sight, chromedp.Evaluate[bool](`(`+pick+`)(...`+string(args)+`)`))
}

// click waits for such an element and clicks it.
func (h *hands) click(kind, text string, part bool, within, holding string, fresh bool) {
	h.t.Helper()
	h.until(pick, "find "+kind+" "+text, kind, text, part, within, holding, fresh)
	h.clickPicked()
}

func (h *hands) clickPicked() {
	h.t.Helper()
	h.do(chromedp.Click(chromedp.CSS(`[data-pick]`)))
}

// until waits for a function of the page to become true.
func (h *hands) until(function, what string, args ...any) {
	h.t.Helper()
	ctx, cancel := testwait.Bound(h.ctx)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.PollFunction[bool](function, chromedp.WithPollingArgs(args...), chromedp.WithPollingTimeout(testwait.Limit))); err != nil {
		h.shot("failed-" + h.width())
		h.t.Fatalf("the page: %s: %v", what, err)
	}
}

// wait waits until a part of the page shows the words.
func (h *hands) wait(part, text string) {
	h.t.Helper()
	h.until(`(part, text) => {`+readable+`return [...document.querySelectorAll(part)].some((el) => words(el).includes(text))}`, "see "+text, part, text)
}

func (h *hands) reads(part string) string {
	h.t.Helper()
	return ask(h.sight, chromedp.Evaluate[string](`(() => {`+readable+`return [...document.querySelectorAll('`+part+`')].map(words).join("\n")})()`))
}

// tab turns to a part of the page, where there is room for one alone.
func (h *hands) tab(name string) {
	h.t.Helper()
	if h.narrow {
		h.press("tab-" + name)
	}
}

// phone looks at somebody's phone.
func (h *hands) phone(who string) {
	h.t.Helper()
	h.tab("phone")
	h.press("person-" + linesim.UserID(who))
}

// answered waits until the desk has said something after the person's last word.
func (h *hands) answered(who string) {
	h.t.Helper()
	h.phone(who)
	h.until(`() => [...document.querySelectorAll('[data-testid^="line-entry-"]')].at(-1)?.dataset.testid === "line-entry-desk"`, "an answer on the phone")
}

const phoneButtons = `[data-testid="flex-button"], [data-testid="flex-action"], [data-testid="quick-reply"]`

func (h *hands) tap(who, label string, part bool) {
	h.t.Helper()
	h.answered(who)
	h.shown(func() { h.click(phoneButtons, label, part, "", "", false) })
}

func (h *hands) say(who, text string) {
	h.t.Helper()
	h.answered(who)
	h.types(text)
}

// types takes as long as somebody who reads what is asked before typing.
func (h *hands) types(words string) {
	h.t.Helper()
	h.demo.post("clock", playground.ClockDo{AddSeconds: 5})
	h.shown(func() { h.write("line-input", words+"\r") })
}

// shown does something on the phone and waits until it stands in the talk: what comes below that is the answer to it.
func (h *hands) shown(do func()) {
	h.t.Helper()
	const count = `document.querySelectorAll('[data-testid="line-entry-person"]').length`
	before := ask(h.sight, chromedp.Evaluate[int](count))
	do()
	h.until(`(before) => `+count+` > before`, "see on the phone what was said", before)
}

// tapRow clicks the button beside a label: the innermost part around a button that shows the label too.
func (h *hands) tapRow(args map[string]string, _ []story.Pair) {
	h.t.Helper()
	h.answered(args["who"])
	h.until(`(label, row) => {`+readable+`
		const exact = (el, text) => words(el).split("\n").some((line) => line.trim() === text);
		for (const el of [...document.querySelectorAll('[data-testid="flex-action"], [data-testid="flex-button"]')].reverse()) {
			if (words(el) !== label) continue;
			if (!exact(el.parentElement, row) || el.parentElement.querySelectorAll("[data-testid]").length > 1) continue;
			document.querySelectorAll("[data-pick]").forEach((el) => el.removeAttribute("data-pick"));
			el.setAttribute("data-pick", "");
			return true;
		}
		return false;
	}`, "find the row "+args["row"], args["label"], args["row"])
	h.shown(h.clickPicked)
}

// answers answers question after question, as told where the list says something, until the list is used up, or up to
// the card of all answers when there is none.
func (h *hands) answers(args map[string]string, list []story.Pair) {
	h.t.Helper()
	question := regexp.MustCompile(`\((\d+)/\d+\)\s*(.+)`)
	left := slices.Clone(list)
	for before := ""; ; {
		h.answered(args["who"])
		said := h.fresh()
		if strings.Contains(said, "内容の確認") || list != nil && len(left) == 0 {
			return
		}
		asked := question.FindStringSubmatch(said)
		if asked == nil {
			h.t.Fatalf("no question in %q", said)
		}
		if asked[1] == before && h.find(phoneButtons, "次へ", false, "", "", true) {
			h.shown(h.clickPicked)
			continue
		}
		before = asked[1]
		var words string
		words, left = h.answerTo(asked[2], left)
		h.give(words)
	}
}

// fresh is what the desk said after the person's last word.
func (h *hands) fresh() string {
	return ask(h.sight, chromedp.Evaluate[string](`(() => {`+readable+`
		const all = [...document.querySelectorAll('[data-testid^="line-entry-"]')];
		return all.slice(all.findLastIndex((el) => el.dataset.testid === "line-entry-person") + 1).map(words).join("\n");
	})()`))
}

func (h *hands) answerTo(question string, own []story.Pair) (string, []story.Pair) {
	for i, one := range own {
		if strings.Contains(question, one.Name) {
			return one.Answer, slices.Delete(own, i, i+1)
		}
	}
	best := story.Answer{}
	for _, a := range h.cast.Answers {
		if strings.Contains(question, a.Asked) && len(a.Asked) > len(best.Asked) {
			best = a
		}
	}
	if best.Answer == "" {
		h.t.Fatalf("nobody knows an answer to %q", question)
	}
	return best.Answer, own
}

// give clicks the answer where it is offered, or types it.
func (h *hands) give(words string) {
	h.t.Helper()
	if h.find(phoneButtons, words, false, "", "", true) || h.find(`[data-testid="flex-button"]`, words, true, "", "", true) {
		h.shown(h.clickPicked)
		return
	}
	h.types(words)
}

func (h *hands) pass(args map[string]string, _ []story.Pair) {
	h.t.Helper()
	before := h.time()
	if h.narrow {
		h.press("tab-record")
	} else {
		h.press("record-toggle")
	}
	h.press("clock-day")
	h.until(`(before) => Date.parse(document.querySelector('[data-testid="clock"] time').dateTime) > before`, "the clock move", before.Add(23*time.Hour).UnixMilli())
	if !h.narrow {
		h.press("record-toggle")
	}
}

func (h *hands) time() time.Time {
	h.t.Helper()
	text := ask(h.sight, chromedp.Evaluate[string](`document.querySelector('[data-testid="clock"] time').dateTime`))
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		h.t.Fatal(err)
	}
	return at
}

// seen looks at the phone, or at what one member of staff alone is shown.
func (h *hands) seen(args map[string]string, _ []story.Pair) {
	h.t.Helper()
	if _, staff := h.member(args["who"]); staff {
		h.look(`.post-ephemeral, [data-testid="modal"]`, args["text"])
		h.closeThread()
		return
	}
	h.phone(args["who"])
	h.wait(`[data-testid="line-chat"]`, args["text"])
}

func (h *hands) unseen(args map[string]string, _ []story.Pair) {
	h.t.Helper()
	h.phone(args["who"])
	if strings.Contains(h.reads(`[data-testid="line-chat"]`), args["text"]) {
		h.t.Errorf("%s sees %q", args["who"], args["text"])
	}
}

func (h *hands) member(name string) (story.Member, bool) {
	at := slices.IndexFunc(h.cast.Staff, func(m story.Member) bool { return m.Name == name })
	if at < 0 {
		return story.Member{}, false
	}
	return h.cast.Staff[at], true
}
