package linesim_test

import (
	"fmt"
	"strings"
	"testing"
)

const family = "\U0001F468\u200D\U0001F469\u200D\U0001F467" // one character, 8 UTF-16 units

func many(n int, s string) string { return strings.Repeat(s, n) }

// list repeats a JSON value n times.
func list(n int, s string) string { return strings.TrimSuffix(many(n, s+","), ",") }

func url(n int) string { return "https://a.example/" + many(n-18, "x") }

func quick(n int) string {
	return `{"type":"text","text":"a","quickReply":{"items":[` + list(n, `{"type":"action","action":{"type":"message","label":"a","text":"a"}}`) + `]}}`
}

func quickAction(action string) string {
	return `{"type":"text","text":"a","quickReply":{"items":[{"type":"action","action":` + action + `}]}}`
}

func inTemplate(s string) string { return `{"type":"template","altText":"a","template":` + s + `}` }

func act(label string) string {
	return `{"type":"message","label":` + quoted(label) + `,"text":"a"}`
}

func buttons(more string, actions int) string {
	return inTemplate(`{"type":"buttons",` + more + `,"actions":[` + list(actions, act("a")) + `]}`)
}

func confirm(text string, actions int) string {
	return inTemplate(`{"type":"confirm","text":` + quoted(text) + `,"actions":[` + list(actions, act("a")) + `]}`)
}

func column(more string, actions int) string {
	return `{` + more + `,"actions":[` + list(actions, act("a")) + `]}`
}

func columns(c ...string) string {
	return inTemplate(`{"type":"carousel","columns":[` + strings.Join(c, ",") + `]}`)
}

func imageCarousel(n int, label string) string {
	return inTemplate(`{"type":"image_carousel","columns":[` + list(n, `{"imageUrl":"https://a.example/i","action":`+act(label)+`}`) + `]}`)
}

func postback(more string) string { return `{"type":"postback","label":"a",` + more + `}` }

func data(n int) string { return postback(`"data":"` + many(n, "d") + `"`) }

func imagemap(alt string, actions int) string {
	return `{"type":"imagemap","altText":"` + alt + `","baseUrl":"https://a.example/i","baseSize":{"width":1040,"height":700},"actions":[` +
		list(actions, `{"type":"message","text":"a","area":{"x":0,"y":0,"width":10,"height":10}}`) + `]}`
}

func textV2(text, substitution string) string {
	return `{"type":"textV2","text":` + quoted(text) + `,"substitution":{` + substitution + `}}`
}

func emojis(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`{"index":%d,"productId":"5ac1bfd5040ab15980c9b435","emojiId":"001"}`, i))
	}
	return `{"type":"text","text":"` + many(max(n, 1), "$") + `","emojis":[` + strings.Join(list, ",") + `]}`
}

func substitutes(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`"k%d":{"type":"emoji","productId":"5","emojiId":"1"}`, i))
	}
	return strings.Join(list, ",")
}

func sender(name, icon string) string {
	return `{"type":"text","text":"a","sender":{"name":"` + name + `","iconUrl":"` + icon + `"}}`
}

func picker(mode, more string) string {
	return quickAction(`{"type":"datetimepicker","label":"a","data":"d","mode":"` + mode + `"` + more + `}`)
}

// TestLimits holds each limit of https://developers.line.biz/en/reference/messaging-api/ at the boundary and just over it.
func TestLimits(t *testing.T) {
	t.Parallel()
	const none = ""
	cases := []struct{ name, fits, over, property string }{
		{"messages", list(5, hello("a")), list(6, hello("a")), "messages"},
		{"messages, none", hello("a"), none, "messages"},
		{"text", hello(many(5000, "あ")), hello(many(5001, "あ")), "messages[0].text"},
		{"text in UTF-16 units", hello(many(2500, "😀")), hello(many(2500, "😀") + "a"), "messages[0].text"},
		{"text empty", hello("a"), hello(""), "messages[0].text"},
		{"text missing", hello("a"), `{"type":"text"}`, "messages[0].text"},
		{"second message", hello("a"), hello("a") + "," + hello(""), "messages[1].text"},
		{"emoji", emojis(20), emojis(21), "messages[0].emojis"},
		{"emoji place", emojis(1), `{"type":"text","text":"a$","emojis":[{"index":0,"productId":"5","emojiId":"1"}]}`, "messages[0].emojis[0].index"},
		{"textV2", textV2(many(5000, "a"), ""), textV2(many(5001, "a"), ""), "messages[0].text"},
		{"textV2 braces", textV2("{{a}} {k0}", substitutes(1)), textV2("{a", substitutes(1)), "messages[0].text"},
		{"textV2 name", textV2("{k0}", substitutes(1)), textV2("{k1}", substitutes(1)), "messages[0].text"},
		{"textV2 emoji", textV2("{k0}", substitutes(20)), textV2("{k0}", substitutes(21)), "messages[0].substitution"},
		{"textV2 key", textV2("a", `"`+many(20, "k")+`":{"type":"emoji","productId":"5","emojiId":"1"}`), textV2("a", `"`+many(21, "k")+`":{"type":"emoji","productId":"5","emojiId":"1"}`), "messages[0].substitution"},
		{"quick reply", quick(13), quick(14), "messages[0].quickReply.items"},
		{"quick reply label", quickAction(act(many(20, "あ"))), quickAction(act(many(21, "あ"))), "messages[0].quickReply.items[0].action.label"},
		{"label in characters", quickAction(act(many(20, family))), quickAction(act(many(21, family))), "messages[0].quickReply.items[0].action.label"},
		{"quick reply label missing", quickAction(act("a")), quickAction(`{"type":"message","text":"a"}`), "messages[0].quickReply.items[0].action.label"},
		{"quick reply action type", quickAction(`{"type":"camera","label":"a"}`), quickAction(`{"type":"richmenuswitch","label":"a","data":"a","richMenuAliasId":"a"}`), "messages[0].quickReply.items[0].action.type"},
		{"quick reply icon", `{"type":"text","text":"a","quickReply":{"items":[{"type":"action","imageUrl":"` + url(2000) + `","action":` + act("a") + `}]}}`, `{"type":"text","text":"a","quickReply":{"items":[{"type":"action","imageUrl":"` + url(2001) + `","action":` + act("a") + `}]}}`, "messages[0].quickReply.items[0].imageUrl"},
		{"postback data", quickAction(data(300)), quickAction(data(301)), "messages[0].quickReply.items[0].action.data"},
		{"postback displayText", quickAction(postback(`"data":"","displayText":"` + many(300, family) + `"`)), quickAction(postback(`"data":"","displayText":"` + many(301, "a") + `"`)), "messages[0].quickReply.items[0].action.displayText"},
		{"postback displayText and text", quickAction(postback(`"data":"","text":"a"`)), quickAction(postback(`"data":"","displayText":"a","text":"a"`)), "messages[0].quickReply.items[0].action"},
		{"postback fillInText", quickAction(postback(`"data":"","inputOption":"openKeyboard","fillInText":"` + many(300, "a") + `"`)), quickAction(postback(`"data":"","inputOption":"openKeyboard","fillInText":"` + many(301, "a") + `"`)), "messages[0].quickReply.items[0].action.fillInText"},
		{"message action text", quickAction(`{"type":"message","label":"a","text":"` + many(300, family) + `"}`), quickAction(`{"type":"message","label":"a","text":"` + many(301, "a") + `"}`), "messages[0].quickReply.items[0].action.text"},
		{"uri", quickAction(`{"type":"uri","label":"a","uri":"` + url(1000) + `"}`), quickAction(`{"type":"uri","label":"a","uri":"` + url(1001) + `"}`), "messages[0].quickReply.items[0].action.uri"},
		{"uri scheme", quickAction(`{"type":"uri","label":"a","uri":"tel:0721"}`), quickAction(`{"type":"uri","label":"a","uri":"javascript:alert(1)"}`), "messages[0].quickReply.items[0].action.uri"},
		{"uri encoding", quickAction(`{"type":"uri","label":"a","uri":"https://a.example/%E3%81%82"}`), quickAction(`{"type":"uri","label":"a","uri":"https://a.example/あ"}`), "messages[0].quickReply.items[0].action.uri"},
		{"clipboard", quickAction(`{"type":"clipboard","label":"a","clipboardText":"` + many(1000, "a") + `"}`), quickAction(`{"type":"clipboard","label":"a","clipboardText":"` + many(1001, "a") + `"}`), "messages[0].quickReply.items[0].action.clipboardText"},
		{"picker date", picker("date", `,"initial":"2017-06-18"`), picker("date", `,"initial":"2017-6-18"`), "messages[0].quickReply.items[0].action.initial"},
		{"picker time", picker("time", `,"initial":"06:15"`), picker("time", `,"initial":"24:00"`), "messages[0].quickReply.items[0].action.initial"},
		{"picker datetime", picker("datetime", `,"initial":"2017-06-18t06:15"`), picker("datetime", `,"initial":"2017-06-18 06:15"`), "messages[0].quickReply.items[0].action.initial"},
		{"picker years", picker("date", `,"max":"2100-12-31"`), picker("date", `,"max":"2101-01-01"`), "messages[0].quickReply.items[0].action.max"},
		{"picker order", picker("date", `,"min":"2017-06-18","max":"2017-06-19"`), picker("date", `,"min":"2017-06-18","max":"2017-06-18"`), "messages[0].quickReply.items[0].action.min"},
		{"picker mode", picker("date", ""), picker("month", ""), "messages[0].quickReply.items[0].action.mode"},
		{"altText", confirm("a", 2), strings.Replace(confirm("a", 2), `"altText":"a"`, `"altText":"`+many(1501, "a")+`"`, 1), "messages[0].altText"},
		{"altText at limit", strings.Replace(confirm("a", 2), `"altText":"a"`, `"altText":"`+many(1500, "a")+`"`, 1), strings.Replace(confirm("a", 2), `"altText":"a",`, "", 1), "messages[0].altText"},
		{"buttons text", buttons(`"text":"`+many(160, "あ")+`"`, 1), buttons(`"text":"`+many(161, "あ")+`"`, 1), "template/text"},
		{"buttons text under a title", buttons(`"title":"a","text":"`+many(60, "あ")+`"`, 1), buttons(`"title":"a","text":"`+many(61, "あ")+`"`, 1), "template/text"},
		{"buttons title", buttons(`"text":"a","title":"`+many(40, family)+`"`, 1), buttons(`"text":"a","title":"`+many(41, "a")+`"`, 1), "template/title"},
		{"buttons actions", buttons(`"text":"a"`, 4), buttons(`"text":"a"`, 5), "template/actions"},
		{"buttons without actions", buttons(`"text":"a"`, 1), buttons(`"text":"a"`, 0), "template/actions"},
		{"template label", inTemplate(`{"type":"buttons","text":"a","actions":[` + act(many(20, "a")) + `]}`), inTemplate(`{"type":"buttons","text":"a","actions":[` + act(many(21, "a")) + `]}`), "template/actions/0/label"},
		{"template uri", inTemplate(`{"type":"buttons","text":"a","actions":[{"type":"uri","label":"a","uri":"` + url(1000) + `"}]}`), inTemplate(`{"type":"buttons","text":"a","actions":[{"type":"uri","label":"a","uri":"` + url(1001) + `"}]}`), "template/actions/0/uri"},
		{"confirm text", confirm(many(240, family), 2), confirm(many(241, "a"), 2), "template/text"},
		{"confirm actions", confirm("a", 2), confirm("a", 1), "template/actions"},
		{"confirm three actions", confirm("a", 2), confirm("a", 3), "template/actions"},
		{"carousel columns", columns(list(10, column(`"text":"a"`, 1))), columns(list(11, column(`"text":"a"`, 1))), "template/columns"},
		{"carousel text", columns(column(`"text":"`+many(120, "a")+`"`, 1)), columns(column(`"text":"`+many(121, "a")+`"`, 1)), "template/columns/0/text"},
		{"carousel text under a title", columns(column(`"title":"a","text":"`+many(60, "a")+`"`, 1)), columns(column(`"title":"a","text":"`+many(61, "a")+`"`, 1)), "template/columns/0/text"},
		{"carousel actions", columns(column(`"text":"a"`, 3)), columns(column(`"text":"a"`, 4)), "template/columns/0/actions"},
		{"carousel alike", columns(column(`"text":"a"`, 1), column(`"text":"b"`, 1)), columns(column(`"text":"a"`, 1), column(`"text":"b"`, 2)), "template/columns/1"},
		{"image carousel", imageCarousel(10, "a"), imageCarousel(11, "a"), "template/columns"},
		{"image carousel label", imageCarousel(1, many(12, "あ")), imageCarousel(1, many(13, "あ")), "template/columns/0/action/label"},
		{"unknown template", confirm("a", 2), inTemplate(`{"type":"poster"}`), "template/type"},
		{"image", `{"type":"image","originalContentUrl":"` + url(2000) + `","previewImageUrl":"` + url(2000) + `"}`, `{"type":"image","originalContentUrl":"` + url(2001) + `","previewImageUrl":"` + url(2000) + `"}`, "messages[0].originalContentUrl"},
		{"image over http", `{"type":"image","originalContentUrl":"https://a.example/","previewImageUrl":"https://a.example/"}`, `{"type":"image","originalContentUrl":"http://a.example/","previewImageUrl":"https://a.example/"}`, "messages[0].originalContentUrl"},
		{"audio", `{"type":"audio","originalContentUrl":"https://a.example/","duration":1}`, `{"type":"audio","originalContentUrl":"https://a.example/"}`, "messages[0].duration"},
		{"video tracking", `{"type":"video","originalContentUrl":"https://a.example/","previewImageUrl":"https://a.example/","trackingId":"` + many(100, "a") + `"}`, `{"type":"video","originalContentUrl":"https://a.example/","previewImageUrl":"https://a.example/","trackingId":"` + many(101, "a") + `"}`, "messages[0].trackingId"},
		{"location", `{"type":"location","title":"` + many(100, "a") + `","address":"a","latitude":35.6,"longitude":139.7}`, `{"type":"location","title":"` + many(101, "a") + `","address":"a","latitude":35.6,"longitude":139.7}`, "messages[0].title"},
		{"sticker", `{"type":"sticker","packageId":"446","stickerId":"1988"}`, `{"type":"sticker","packageId":"446"}`, "messages[0].stickerId"},
		{"coupon", `{"type":"coupon","couponId":"01J","deliveryTag":"` + many(30, "a") + `"}`, `{"type":"coupon","couponId":"01J","deliveryTag":"` + many(31, "a") + `"}`, "messages[0].deliveryTag"},
		{"imagemap actions", imagemap("a", 50), imagemap("a", 51), "messages[0].actions"},
		{"imagemap altText", imagemap(many(1500, "a"), 1), imagemap(many(1501, "a"), 1), "messages[0].altText"},
		{"sender name", sender(many(20, "a"), "https://a.example/"), sender(many(21, "a"), "https://a.example/"), "messages[0].sender.name"},
		{"sender called LINE", sender("Cony", "https://a.example/"), sender("LINE", "https://a.example/"), "messages[0].sender.name"},
		{"sender icon", sender("a", url(2000)), sender("a", url(2001)), "messages[0].sender.iconUrl"},
		{"unknown message type", hello("a"), `{"type":"poem","text":"a"}`, "messages[0].type"},
		{"message type missing", hello("a"), `{"text":"a"}`, "messages[0].type"},
	}
	w := newWorld(t)
	to := w.friend("tanaka").ID()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			to := to
			if strings.Contains(c.name, "tracking") {
				to = w.friend("video").ID()
			}
			w.push(to, c.fits).want(t, 200)
			before := len(w.Chat(to))
			no := w.push(to, c.over).want(t, 400)
			if len(w.Chat(to)) != before {
				t.Error("a refused message is on the phone")
			}
			if len(no.Errors.Details) == 0 || !strings.HasPrefix(no.Errors.Details[0].Property, c.property) {
				t.Errorf("details %+v, want property %q", no.Errors.Details, c.property)
			}
		})
	}
}

func TestErrorWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := w.friend("tanaka").ID()
	cases := []struct{ name, body, message, details string }{
		{"several", `{"to":"` + to + `","messages":[` + hello("") + `,{"type":"poem"}]}`, "The request body has 2 error(s)",
			"[{May not be empty messages[0].text} {Must be one of the following values: [text, textV2, sticker, image, video, audio, location, coupon, imagemap, template, flex] messages[1].type}]"},
		{"too long", `{"to":"` + to + `","messages":[` + hello(many(5001, "a")) + `]}`, "The request body has 1 error(s)",
			"[{Length must be between 0 and 5000 messages[0].text}]"},
		{"template", `{"to":"` + to + `","messages":[` + inTemplate(`{"type":"buttons","text":"a","actions":[{"type":"uri","label":"a","uri":"`+url(1001)+`"}]}`) + `]}`,
			"A message (messages[0]) in the request body is invalid", "[{size must be between 0 and 1000 template/actions/0/uri}]"},
		{"flex", `{"to":"` + to + `","messages":[` + hello("a") + `,{"type":"flex","altText":"a","contents":{"type":"bubble","hero":{"type":"image"},"styles":{"type":"x"}}}]}`,
			"A message (messages[1]) in the request body is invalid", "[{must be specified /hero/url} {unknown field /styles/type}]"},
		{"unknown property", `{"to":"` + to + `",` + "\n" + `"colour":1,"messages":[` + hello("a") + `]}`, "The property, 'colour', in the request body is invalid (line: 2, column: 10)", "[]"},
		{"not JSON", `{"to":`, "The request body could not be parsed as JSON (line: 1, column: 7)", "[]"},
		{"nobody's id", `{"to":"Utanaka","messages":[` + hello("a") + `]}`, "The property, 'to', in the request body is invalid (line: -, column: -)", "[]"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			no := w.call("POST", "/v2/bot/message/push", c.body).want(t, 400, c.message)
			if got := fmt.Sprint(no.Errors.Details); got != c.details {
				t.Errorf("details\n%s, want\n%s", got, c.details)
			}
		})
	}
}

func TestValidateEndpoints(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mention := `{"type":"textV2","text":"{a}","substitution":{"a":{"type":"mention","mentionee":{"type":"all"}}}}`
	for _, way := range []string{"reply", "push", "multicast", "narrowcast", "broadcast"} {
		path := "/v2/bot/message/validate/" + way
		w.call("POST", path, `{"messages":[`+hello("a")+`]}`).want(t, 200)
		w.call("POST", path, `{"messages":[`+hello("")+`]}`).want(t, 400, "The request body has 1 error(s)")
		want := 400 // mentions are for reply and push alone
		if way == "reply" || way == "push" {
			want = 200
		}
		w.call("POST", path, `{"messages":[`+mention+`]}`).want(t, want)
	}
	if got := ofKind(w.Record(), "seen"); len(got) != 0 {
		t.Errorf("validated messages were shown: %v", got)
	}
}
