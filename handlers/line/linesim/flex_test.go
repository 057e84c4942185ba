package linesim_test

import (
	"fmt"
	"strings"
	"testing"
)

func flex(contents string) string {
	return `{"type":"flex","altText":"a","contents":` + contents + `}`
}

func bubble(body string) string {
	return `{"type":"bubble","body":{"type":"box","layout":"vertical","contents":[` + body + `]}}`
}

func words(more string) string { return `{"type":"text","text":"a"` + more + `}` }

func box(more, contents string) string {
	return `{"type":"box","layout":"vertical","contents":[` + contents + `]` + more + `}`
}

// sized is a bubble of exactly so many bytes.
func sized(n int) string {
	frame := bubble(words(""))
	return bubble(`{"type":"text","text":"` + many(n-len(frame)+1, "a") + `"}`)
}

func swipe(bubbles ...string) string {
	return `{"type":"carousel","contents":[` + strings.Join(bubbles, ",") + `]}`
}

const picture = `{"type":"image","url":"https://a.example/i"`

func button(action string) string { return `{"type":"button","action":` + action + `}` }

// TestFlex holds what Flex may contain at the boundary and just beyond.
func TestFlex(t *testing.T) {
	t.Parallel()
	video := func(size string) string {
		return `{"type":"bubble","size":"` + size + `","hero":{"type":"video","url":"https://a.example/","previewUrl":"https://a.example/","altContent":` + picture + `}}}`
	}
	cases := []struct{ name, fits, over, property, message string }{
		{"bubble bytes", sized(30 * 1024), sized(30*1024 + 1), "/", "size must be between 0 and 30720"},
		{"carousel bytes", swipe(sized(25_000), sized(26_000)), swipe(sized(25_000), sized(26_200)), "/", "size must be between 0 and 51200"},
		{"bubbles", swipe(list(12, bubble(words("")))), swipe(list(13, bubble(words("")))), "/contents", "size must be between 1 and 12"},
		{"no bubbles", swipe(bubble(words(""))), swipe(), "/contents", "size must be between 1 and 12"},
		{"widths", swipe(bubble(words("")), `{"type":"bubble","size":"mega","body":`+box("", "")+`}`), swipe(bubble(words("")), `{"type":"bubble","size":"kilo","body":`+box("", "")+`}`), "/contents/1/size", "bubbles in a carousel must have the same size"},
		{"unknown property", bubble(words(`,"wrap":true`)), bubble(words(`,"wrapp":true`)), "/body/contents/0/wrapp", "unknown field"},
		{"null is absent", bubble(words(`,"wrap":null`)), bubble(`{"type":"text","text":null}`), "/body/contents/0/text", "must be non-empty text"},
		{"unknown component", bubble(words("")), bubble(`{"type":"spacer"}`), "/body/contents/0", "invalid property"},
		{"component without type", bubble(words("")), bubble(`{"text":"a"}`), "/body/contents/0/type", "must be specified"},
		{"component with empty type", bubble(words("")), bubble(`{"type":"","text":"a"}`), "/body/contents/0", "invalid property"},
		{"container type", bubble(words("")), `{"type":"balloon"}`, "/type", "invalid property"},
		{"empty bubble", bubble(""), `{"type":"bubble"}`, "/", "At least one block must be specified"},
		{"text", bubble(words("")), bubble(`{"type":"text","text":""}`), "/body/contents/0/text", "must be non-empty text"},
		{"spans", bubble(`{"type":"text","contents":[{"type":"span","text":"a"}]}`), bubble(`{"type":"text","contents":[{"type":"text","text":"a"}]}`), "/body/contents/0/contents/0", "invalid property"},
		{"span on its own", bubble(words("")), bubble(`{"type":"span","text":"a"}`), "/body/contents/0", "invalid property"},
		{"layout missing", bubble(box("", "")), bubble(`{"type":"box","contents":[]}`), "/body/contents/0/layout", "must be specified"},
		{"layout", bubble(box("", "")), bubble(`{"type":"box","layout":"diagonal","contents":[]}`), "/body/contents/0/layout", "invalid property"},
		{"contents missing", bubble(box("", "")), bubble(`{"type":"box","layout":"vertical"}`), "/body/contents/0/contents", "must be specified"},
		{"icon in baseline", bubble(`{"type":"box","layout":"baseline","contents":[{"type":"icon","url":"https://a.example/i"}]}`), bubble(`{"type":"icon","url":"https://a.example/i"}`), "/body/contents/0", "invalid property"},
		{"button in baseline", bubble(button(act("a"))), bubble(`{"type":"box","layout":"baseline","contents":[` + button(act("a")) + `]}`), "/body/contents/0/contents/0", "invalid property"},
		{"button label", bubble(button(act(many(40, family)))), bubble(button(act(many(41, "a")))), "/body/contents/0/action/label", "size must be between 0 and 40"},
		{"button without label", bubble(button(act("a"))), bubble(button(`{"type":"message","text":"a"}`)), "/body/contents/0/action/label", "must be specified"},
		{"button without action", bubble(button(act("a"))), bubble(`{"type":"button"}`), "/body/contents/0/action", "must be specified"},
		{"box action without label", bubble(box(`,"action":{"type":"message","text":"a"}`, "")), bubble(box(`,"action":{"type":"camera","label":"a"}`, "")), "/body/contents/0/action/type", "invalid property"},
		{"unknown action property", bubble(button(act("a"))), bubble(button(`{"type":"message","label":"a","text":"a","colour":"red"}`)), "/body/contents/0/action/colour", "unknown field"},
		{"data", bubble(button(data(300))), bubble(button(data(301))), "/body/contents/0/action/data", "size must be between 0 and 300"},
		{"image url", bubble(`{"type":"image","url":"` + url(2000) + `"}`), bubble(`{"type":"image","url":"` + url(2001) + `"}`), "/body/contents/0/url", "size must be between 0 and 2000"},
		{"image url missing", bubble(picture + `}`), bubble(`{"type":"image"}`), "/body/contents/0/url", "must be specified"},
		{"image over http", bubble(picture + `}`), bubble(`{"type":"image","url":"http://a.example/i"}`), "/body/contents/0/url", "invalid property"},
		{"ratio", bubble(picture + `,"aspectRatio":"1:3"}`), bubble(picture + `,"aspectRatio":"1:3.1"}`), "/body/contents/0/aspectRatio", "invalid property"},
		{"animated", bubble(list(10, picture+`,"animated":true}`)), bubble(list(11, picture+`,"animated":true}`)), "/", "too many animated images"},
		{"color", bubble(words(`,"color":"#00ff0080"`)), bubble(words(`,"color":"green"`)), "/body/contents/0/color", "invalid property"},
		{"flex", bubble(words(`,"flex":0`)), bubble(words(`,"flex":-1`)), "/body/contents/0/flex", "invalid property"},
		{"flex as text", bubble(words(`,"flex":2`)), bubble(words(`,"flex":"2"`)), "/body/contents/0/flex", "invalid property"},
		{"size", bubble(words(`,"size":"5xl"`)), bubble(words(`,"size":"6xl"`)), "/body/contents/0/size", "invalid property"},
		{"size in pixels", bubble(words(`,"size":"13.5px"`)), bubble(words(`,"size":"13.5"`)), "/body/contents/0/size", "invalid property"},
		{"weight", bubble(words(`,"weight":"bold"`)), bubble(words(`,"weight":"black"`)), "/body/contents/0/weight", "invalid property"},
		{"spacing", bubble(box(`,"spacing":"12px"`, "")), bubble(box(`,"spacing":"12%"`, "")), "/body/contents/0/spacing", "invalid property"},
		{"padding", bubble(box(`,"paddingAll":"12%"`, "")), bubble(box(`,"paddingAll":"big"`, "")), "/body/contents/0/paddingAll", "invalid property"},
		{"offset", bubble(words(`,"offsetTop":"-4px"`)), bubble(words(`,"offsetTop":"-4"`)), "/body/contents/0/offsetTop", "invalid property"},
		{"gradient", bubble(box(`,"background":{"type":"linearGradient","angle":"0deg","startColor":"#000000","endColor":"#ffffff"}`, "")), bubble(box(`,"background":{"type":"linearGradient","angle":"360deg","startColor":"#000000","endColor":"#ffffff"}`, "")), "/body/contents/0/background/angle", "invalid property"},
		{"header", `{"type":"bubble","header":` + box("", "") + `}`, `{"type":"bubble","header":` + words("") + `}`, "/header", "invalid property"},
		{"video", video("kilo"), video("micro"), "/size", "invalid property"},
		{"styles", `{"type":"bubble","body":` + box("", "") + `,"styles":{"body":{"separator":true}}}`, `{"type":"bubble","body":` + box("", "") + `,"styles":{"body":{"separator":"yes"}}}`, "/styles/body/separator", "invalid property"},
		{"bubble size", `{"type":"bubble","size":"deca","body":` + box("", "") + `}`, `{"type":"bubble","size":"huge","body":` + box("", "") + `}`, "/size", "invalid property"},
	}
	w := newWorld(t)
	to := w.friend("tanaka").ID()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w.push(to, flex(c.fits)).want(t, 200)
			no := w.push(to, hello("a")+","+flex(c.over)).want(t, 400, "A message (messages[1]) in the request body is invalid")
			want := fmt.Sprintf("[{%s %s}]", c.message, c.property)
			if got := fmt.Sprint(no.Errors.Details); got != want {
				t.Errorf("details %s, want %s", got, want)
			}
		})
	}
}

// TestFlexVideoInCarousel stands apart since one fault brings two details.
func TestFlexVideoInCarousel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hero := `{"type":"video","url":"https://a.example/","previewUrl":"https://a.example/","altContent":` + picture + `}}`
	w.push(w.friend("tanaka").ID(), flex(swipe(`{"type":"bubble","hero":`+hero+`}`))).want(t, 400)
}
