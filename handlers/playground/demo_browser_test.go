package playground_test

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"tsunagi/handlers/playground/story"
)

// playedByHand plays stories 1 to 4 through the page's own buttons.
func playedByHand(t *testing.T, program string) {
	cast, s := reply(t)
	for name, size := range map[string][2]int64{"wide": {1440, 900}, "narrow": {390, 844}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := demo(t, program)
			h := &hands{sight: visit(t, d.url, size[0], size[1]), demo: d, cast: cast, narrow: name == "narrow"}
			h.play(s)
		})
	}
}

// playedByButton plays the same stories by the buttons below the page, while it looks on.
func playedByButton(t *testing.T, program string) {
	h := &hands{sight: visit(t, demo(t, program).url, 1440, 900)}
	for _, id := range []string{"1-propose", "2-triage", "3-departments-answer", "4-reply"} {
		h.choose(`[data-testid="story-choose"]`, id)
		h.press("story-next")
		h.wait(`[data-testid="story-step"]`, "2/")
		h.do(chromedp.WaitReady(chromedp.CSS(`[data-testid="story-next"][aria-busy="false"]`)))
		h.press("story-all")
		h.wait(`[data-testid="story-step"]`, "この物語は終わりました")
		h.shot("button-" + id)
	}
}

// reply is story 4, with all that it continues, and its people.
func reply(t *testing.T) (story.Cast, *story.Story) {
	t.Helper()
	raw, err := os.ReadFile("cast/kishiwada.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cast, err := story.ReadCast(raw)
	if err != nil {
		t.Fatal(err)
	}
	cast.Rooms = map[string]string{"デスク": "C0DESK", "福祉政策課": "C0WELFARE", "産業政策課": "C0INDUSTRY"}
	all, err := story.Open(os.DirFS("stories"))
	if err != nil {
		t.Fatal(err)
	}
	s, ok := all.Story("4-reply")
	if !ok {
		t.Fatal("there is no story 4-reply")
	}
	return cast, s
}

// visit opens the page.
func visit(t *testing.T, url string, width, height int64) sight {
	t.Helper()
	s := sight{t, browser(t)}
	heard := listen(s.ctx)
	t.Cleanup(func() { heard.check(t) })
	s.do(chromedp.EmulateViewport(width, height), chromedp.Navigate(url), chromedp.WaitReady(id("line-chat")))
	return s
}
