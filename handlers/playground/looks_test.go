package playground_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tsunagi/handlers/playground"
)

// faults finds what would shut someone out: parts that stick out to the side, and controls without a name.
const faults = `(() => {
  const found = [];
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) found.push("the page is " + root.scrollWidth + " wide in " + innerWidth);
  const seen = new Set();
  for (const el of document.querySelectorAll("[id]")) {
    if (seen.has(el.id)) found.push("two parts have the id " + el.id);
    seen.add(el.id);
  }
  for (const el of document.querySelectorAll("button, select, input, textarea, [role=button], [role=dialog], [role=region], section, nav, aside")) {
    if (!el.checkVisibility() && el.type !== "file" || el.ariaHidden) continue;
    const by = (el.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join("");
    const labels = [...(el.labels ?? [])].map((label) => label.textContent).join("");
    const name = el.getAttribute("aria-label") || by || labels || (el.matches("button, [role=button]") ? el.textContent : "");
    if (!name.trim()) found.push("no name: " + el.outerHTML.slice(0, 160));
  }
  return found.join("\n");
})()`

// cramped finds lines to write in that are too low for a word or scroll when empty, and lists that scroll sideways.
const cramped = `(() => {
  const found = [];
  for (const el of document.querySelectorAll(".write textarea, .say textarea")) {
    if (!el.checkVisibility()) continue;
    if (el.offsetHeight < 30) found.push(el.dataset.testid + " is " + el.offsetHeight + " high");
    if (el.offsetWidth - el.clientWidth > 2) found.push(el.dataset.testid + " has a scrollbar");
  }
  for (const el of document.querySelectorAll(".messages, .table-box, .people")) {
    if (el.scrollWidth > el.clientWidth) found.push(el.className + " is " + el.scrollWidth + " wide in " + el.clientWidth);
  }
  return found.join("\n");
})()`

// check looks over what is shown now, and keeps a picture when asked to.
func (s sight) check(name string) {
	s.t.Helper()
	s.shot(name)
	for _, look := range []string{faults, cramped} {
		if found := ask(s, chromedp.Evaluate[string](look)); found != "" {
			s.t.Errorf("%s:\n%s", name, found)
		}
	}
}

func TestPageFitsAWideScreen(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.check("wide")
	s.press("record-toggle")
	s.check("wide-record")
	if high := ask(s, chromedp.Evaluate[int](`document.scrollingElement.scrollHeight`)); high > 900 {
		t.Errorf("with the record open the page is %d high in 900", high)
	}
	s.press("record-toggle")
	s.press("slack-thread-" + card1)
	s.press("person-Ubb02")
	s.check("wide-thread")
	s.press("slack-thread-close")
	s.do(chromedp.Click(in(card2, "slack-button-refer")), chromedp.WaitVisible(id("modal")))
	s.press("modal-submit")
	s.do(chromedp.WaitVisible(id("slack-error")))
	s.check("wide-modal")
	s.press("modal-x")
	s.press("slack-home")
	s.press("person-Ucc03")
	s.press("language")
	s.check("wide-home-en")
	if title := ask(s, chromedp.Title()); title != "Tsunagi playground" {
		t.Errorf("in English the page is called %q", title)
	}
	s.do(chromedp.EmulateViewport(1100, 800))
	s.check("middle")
}

func TestPageFitsAPhone(t *testing.T) {
	t.Parallel()
	var sections map[string]any
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 390, 844)
	s.check("narrow-phone")
	s.press("person-Ucc03")
	s.check("narrow-new")
	s.press("tab-slack")
	s.check("narrow-slack")
	s.do(chromedp.EmulateViewport(1440, 900), chromedp.EmulateViewport(390, 844))
	put(t, d.feed, map[string]any{playground.SectionMessages: map[string]any{"C0DESK": []playground.Message{
		{TS: card1, Bot: "B1", Text: strings.Repeat("long", 60)}, {TS: "1775600000.000009", User: "UDESK1", Text: "https://example.jp/" + strings.Repeat("a", 200)},
	}}})
	s.do(chromedp.WaitVisible(id("slack-message-1775600000.000009")))
	s.check("narrow-long")
	decode(t, "snapshot.json", &sections)
	put(t, d.feed, sections)
	s.do(chromedp.WaitVisible(in(card2, "slack-button-refer")))
	s.press("slack-drawer")
	s.check("narrow-drawer")
	s.press("slack-channel-C0WELFARE")
	s.check("narrow-department")
	s.press("slack-drawer")
	s.press("slack-channel-C0DESK")
	s.press("slack-thread-" + card1)
	s.check("narrow-thread")
	s.press("slack-thread-close")
	s.do(chromedp.Click(in(card2, "slack-button-refer")), chromedp.WaitVisible(id("modal")))
	s.check("narrow-modal")
	s.press("modal-x")
	s.press("tab-record")
	s.check("narrow-record")
}

// Who uses no mouse gets everywhere by Tab, sees where they are, and leaves by Escape.
func TestPageByKeyboard(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)
	want := []string{"language", "person-Uaa01", "line-menu", "line-chat", "line-input", "rich-menu-area-3", "slack-staff", "slack-channel-C0DESK", "slack-home", "slack-messages", "slack-input", "record-toggle", "story-next"}
	seen := ""
	for range 90 {
		s.do(chromedp.KeyEvent("\t"))
		seen += " " + ask(s, chromedp.Evaluate[string](`document.activeElement.dataset.testid + ([document.activeElement, document.activeElement.closest(".say")].every((el) => !el || getComputedStyle(el).outlineStyle === "none") ? "!" : "")`)) + " "
	}
	rest := seen
	for _, name := range want {
		_, after, found := strings.Cut(rest, " "+name+" ")
		if !found {
			t.Fatalf("Tab does not come to %s in its turn, or it shows no focus:\n%s", name, seen)
		}
		rest = after
	}
	s.do(chromedp.Focus(id("line-attach")), chromedp.KeyEvent("\r"), chromedp.WaitVisible(id("line-file")))
	s.do(chromedp.KeyEvent("\x1b"), chromedp.WaitNotPresent(id("line-file")))
	if got := ask(s, chromedp.Evaluate[string](`document.activeElement.dataset.testid`)); got != "line-attach" {
		t.Errorf("after Escape the focus is on %q, want the button of the menu", got)
	}
}
