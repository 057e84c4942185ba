package playground_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tsunagi/handlers/playground"
)

func TestRecordControls(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 1100)

	s.press("story-next")
	wish(t, d, playground.StoryDo{ID: "triage", Do: "next"})
	played := chromedp.WaitReady(chromedp.CSS(`[data-testid="story-next"][aria-busy="false"]`))
	s.do(played, chromedp.SendKeys(id("story-choose"), "7"))
	s.press("story-all")
	wish(t, d, playground.StoryDo{ID: "commands", Do: "all"})
	s.do(played)
	s.press("story-reset")
	wish(t, d, playground.StoryDo{ID: "commands", Do: "reset"})
	s.press("reset")
	s.press("slack-confirm-no")
	s.press("reset")
	s.do(chromedp.WaitVisible(id("slack-confirm-yes")))
	s.shot("wide-reset")
	s.press("slack-confirm-yes")
	wish(t, d, playground.StoryDo{Do: "reset"})

	s.press("clock-day")
	wish(t, d, playground.ClockDo{AddSeconds: 86400})
	s.press("clock-workday")
	wish(t, d, playground.ClockDo{To: "next_working_day"})

	s.press("fault-line_429")
	wish(t, d, playground.FaultDo{ID: "line_429", On: true})
	s.press("fault-line_500")
	wish(t, d, playground.FaultDo{ID: "line_500"})
	s.press("fault-redis_flush")
	wish(t, d, playground.FaultDo{ID: "redis_flush", On: true})
	s.shot("tall")
}

// All deliveries are counted, also those that the page does not list; kinds have words.
func TestDeliveriesAreCounted(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	put(t, d.feed, map[string]any{
		playground.SectionCounts: map[string]int{"sent": 412, "dropped": 3, "pending": 2},
		playground.SectionDeliveries: []playground.Delivery{
			{ID: "a", Lane: "line/U1", Kind: "prompt", State: "sent", Tries: 1, At: "2026-04-07T15:00:00+09:00"},
			{ID: "b", Lane: "line/U1", Kind: "brandnew", State: "pending", At: "2026-04-07T15:00:01+09:00"},
		},
	})
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.press("record-toggle")
	s.do(chromedp.WaitVisible(id("delivery-a")))
	for place, want := range map[string][]string{".counts": {"配信 415", "待ち 2"}, ".panel-wide": {"質問・案内", "brandnew", "ほかに 415件"}} {
		got := ask(s, chromedp.Text(chromedp.CSS(place)))
		for _, words := range want {
			if !strings.Contains(got, words) {
				t.Errorf("%s says %q, want %q", place, got, words)
			}
		}
	}
}

func TestPageFollowsAStory(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.press("story-next")
	next[playground.StoryDo](t, d)
	put(t, d.feed, map[string]any{playground.SectionMessages: map[string]any{"C0CHILD": []playground.Message{{TS: "1775600000.000001", Bot: "B1", Text: "照会が届きました"}}}})
	s.do(chromedp.WaitVisible(id("slack-message-1775600000.000001")))
	if got := ask(s, chromedp.Value(id("slack-staff"))); got != "UCHILD" {
		t.Errorf("the page looks through the eyes of %s, want a member of the channel", got)
	}
}

// Where one side alone is seen, the page turns to the one where a story happens, and the story goes on there.
func TestStoryOnAPhone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := look(t, serve(t, d, d.feed), 390, 844)
	s.press("tab-record")
	s.press("story-next")
	next[playground.StoryDo](t, d)
	put(t, d.feed, map[string]any{playground.SectionMessages: map[string]any{"C0CHILD": []playground.Message{{TS: "1775600000.000001", Bot: "B1", Text: "照会が届きました"}}}})
	s.do(chromedp.WaitVisible(id("slack-message-1775600000.000001")))
	s.shot("narrow-story")
	s.do(chromedp.WaitReady(chromedp.CSS(`[data-testid="story-next"][aria-busy="false"]`)))
	s.press("story-next")
	next[playground.StoryDo](t, d)
	put(t, d.feed, map[string]any{playground.SectionChats: map[string]any{"Uaa01": []any{
		map[string]any{"seq": 900, "at": "2026-04-07T15:00:00+09:00", "from": "desk", "message": map[string]any{"type": "text", "text": "受け付けました"}},
	}}})
	s.do(chromedp.WaitVisible(id("line-input")))
	s.shot("narrow-story-phone")
	if got := ask(s, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`)); got {
		t.Error("the page is wider than the screen")
	}
}

// What people write stays text: it is shown as it is, and never becomes part of the page.
func TestTextsNeverBecomeMarkup(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const evil = `<img src=x onerror="document.title='bad'"><script>1</script>`
	text := map[string]any{"type": "mrkdwn", "text": evil}
	put(t, d.feed, map[string]any{
		playground.SectionChats: map[string]any{"Uaa01": []any{
			map[string]any{"seq": 1, "at": "2026-04-07T15:00:00+09:00", "from": "desk", "message": map[string]any{"type": "flex", "altText": evil, "contents": map[string]any{
				"type": "bubble", "body": map[string]any{"type": "box", "layout": "vertical", "backgroundColor": "url(//x)", "contents": []any{map[string]any{"type": "text", "text": evil, "color": "red;background:url(//x)"}}}}}},
			map[string]any{"seq": 2, "at": "2026-04-07T15:00:00+09:00", "from": "person", "message": map[string]any{"type": "text", "id": "1", "text": evil}},
		}},
		playground.SectionMessages: map[string]any{"C0DESK": []any{map[string]any{"ts": "1775600000.000002", "bot": "B1", "text": evil, "blocks": []any{
			map[string]any{"type": "section", "block_id": "x", "text": text}, map[string]any{"type": "header", "text": text}, map[string]any{"type": "section", "fields": []any{text, map[string]any{"type": "plain_text", "text": "*" + evil + "*"}}},
			map[string]any{"type": "section", "text": map[string]any{"type": "mrkdwn", "text": "<javascript:alert(1)|push>"}},
		}}}},
	})
	s := look(t, serve(t, d, d.feed), 1440, 900)
	s.do(chromedp.WaitVisible(id("slack-message-1775600000.000002")))
	s.shot("wide-markup")
	if got := ask(s, chromedp.Evaluate[int](`document.querySelectorAll('img, #page script, a[href^="javascript"]').length`)); got != 0 {
		t.Errorf("%d parts of the page were made from text", got)
	}
	for _, place := range []string{"line-chat", "slack-messages"} {
		if got := ask(s, chromedp.Text(id(place))); !strings.Contains(got, `<img src=x onerror="document.title='bad'">`) {
			t.Errorf("%s shows %q, want the text as it is", place, got)
		}
	}
}
