package linesim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"tsunagi/handlers/line/linesim"
)

func picturePNG(t testing.TB, width, height int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.Black})); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func richMenu(name, bar, areas string) string {
	return fmt.Sprintf(`{"size":{"width":2500,"height":843},"selected":true,"name":%q,"chatBarText":%q,"areas":[%s]}`, name, bar, areas)
}

func area(action string) string {
	return `{"bounds":{"x":0,"y":0,"width":10,"height":10},"action":` + action + `}`
}

// menu makes a rich menu, with an image if one is given.
func (w *world) menu(body, image string) string {
	w.t.Helper()
	var made struct{ RichMenuID string }
	if err := json.Unmarshal(w.call("POST", "/v2/bot/richmenu", body).want(w.t, 200).body, &made); err != nil {
		w.t.Fatal(err)
	}
	if image != "" {
		w.call("POST", "/v2/bot/richmenu/"+made.RichMenuID+"/content", image, "Content-Type", "image/png").want(w.t, 200)
	}
	return made.RichMenuID
}

func TestRichMenuLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	propose := area(`{"type":"message","label":"` + many(20, family) + `","text":"a"}`)
	cases := []struct{ name, fits, over, property string }{
		{"name", richMenu(many(300, family), "a", ""), richMenu(many(301, "a"), "a", ""), "name"},
		{"bar", richMenu("a", many(14, family), ""), richMenu("a", many(15, "a"), ""), "chatBarText"},
		{"areas", richMenu("a", "a", list(20, propose)), richMenu("a", "a", list(21, propose)), "areas"},
		{"label", richMenu("a", "a", propose), richMenu("a", "a", area(`{"type":"message","label":"`+many(21, "a")+`","text":"a"}`)), "areas[0].action.label"},
		{"switch", richMenu("a", "a", area(`{"type":"richmenuswitch","richMenuAliasId":"`+many(32, "a")+`","data":"d"}`)), richMenu("a", "a", area(`{"type":"richmenuswitch","richMenuAliasId":"`+many(33, "a")+`","data":"d"}`)), "areas[0].action.richMenuAliasId"},
		{"width", richMenu("a", "a", ""), strings.Replace(richMenu("a", "a", ""), "2500", "2501", 1), "size.width"},
		{"aspect", strings.Replace(richMenu("a", "a", ""), "843", "1724", 1), strings.Replace(richMenu("a", "a", ""), "843", "1725", 1), "size"},
		{"selected", richMenu("a", "a", ""), strings.Replace(richMenu("a", "a", ""), `"selected":true,`, "", 1), "selected"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w.call("POST", "/v2/bot/richmenu/validate", c.fits).want(t, 200)
			no := w.call("POST", "/v2/bot/richmenu/validate", c.over).want(t, 400)
			if len(no.Errors.Details) != 1 || no.Errors.Details[0].Property != c.property {
				t.Errorf("details %v, want property %s", no.Errors.Details, c.property)
			}
			w.call("POST", "/v2/bot/richmenu", c.over).want(t, 400)
		})
	}
}

func TestRichMenuImage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.menu(richMenu("a", "a", ""), "")
	path := "/v2/bot/richmenu/" + id + "/content"
	upload := func(data, kind string) response { return w.call("POST", path, data, "Content-Type", kind) }
	w.call("POST", "/v2/bot/user/all/richmenu/"+id, "").want(t, 400)
	w.call("GET", path, "").want(t, 404)
	upload(picturePNG(t, 799, 250), "image/png").want(t, 400)
	upload(picturePNG(t, 800, 249), "image/png").want(t, 400)
	upload(picturePNG(t, 800, 552), "image/png").want(t, 400)
	upload(picturePNG(t, 800, 250), "image/jpeg").want(t, 400)
	upload(picturePNG(t, 800, 250), "image/gif").want(t, 415)
	upload(picturePNG(t, 800, 250)+many(1<<20, "\x00"), "image/png").want(t, 413)
	upload(picturePNG(t, 800, 551), "image/png").want(t, 200)
	upload(picturePNG(t, 800, 551), "image/png").want(t, 400) // once only
	if got := w.call("GET", path, "").want(t, 200); string(got.body) != picturePNG(t, 800, 551) {
		t.Error("another image came back")
	}
}

func TestRichMenuOnPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	img := picturePNG(t, 800, 250)
	first := w.menu(richMenu("first", "メニュー", area(`{"type":"richmenuswitch","label":"次へ","richMenuAliasId":"second","data":"to=second"}`)), img)
	second := w.menu(richMenu("second", "メニュー", area(`{"type":"message","label":"提案","text":"提案する"}`)), img)
	on := func(want string) {
		t.Helper()
		if got, _ := w.Menu(p.ID()); got.ID != want {
			t.Errorf("menu %q on the phone, want %q", got.ID, want)
		}
	}
	on("")
	w.call("GET", "/v2/bot/user/all/richmenu", "").want(t, 404)
	w.call("POST", "/v2/bot/user/all/richmenu/"+first, "").want(t, 200)
	on(first)
	w.call("POST", "/v2/bot/richmenu/alias", `{"richMenuAliasId":"second","richMenuId":"`+second+`"}`).want(t, 200)
	w.ok(p.Tap(w.ctx, "次へ"))
	on(second)
	if e := w.bot.last(t); e.Postback.Params["newRichMenuAliasId"] != "second" || e.Postback.Params["status"] != "SUCCESS" {
		t.Errorf("event %+v", e)
	}
	w.ok(p.Tap(w.ctx, "提案"))
	if e := w.bot.last(t); e.Message.Text != "提案する" {
		t.Errorf("event %+v", e)
	}
	w.call("GET", "/v2/bot/user/"+p.ID()+"/richmenu", "").want(t, 200)
	w.call("DELETE", "/v2/bot/user/"+p.ID()+"/richmenu", "").want(t, 200)
	on(first)
	w.call("POST", "/v2/bot/richmenu/bulk/link", `{"richMenuId":"`+second+`","userIds":["`+p.ID()+`"]}`).want(t, 202)
	on(second)
	w.call("DELETE", "/v2/bot/richmenu/"+second, "").want(t, 200)
	on(first)
	w.call("DELETE", "/v2/bot/user/all/richmenu", "").want(t, 200)
	on("")
	if got := ofKind(w.Record(), linesim.Menu); len(got) != 7 {
		t.Errorf("%d changes of menus on record: %v", len(got), got)
	}
}

func TestRichMenuAlias(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bare, whole := w.menu(richMenu("a", "a", ""), ""), w.menu(richMenu("a", "a", ""), picturePNG(t, 800, 250))
	alias := func(name, id string) response {
		return w.call("POST", "/v2/bot/richmenu/alias", `{"richMenuAliasId":"`+name+`","richMenuId":"`+id+`"}`)
	}
	alias("main", bare).want(t, 400, "richmenu not found")
	alias("main", "menu-1").want(t, 400, "The request body has 1 error(s)")
	alias(many(33, "a"), whole).want(t, 400)
	alias("Main", whole).want(t, 400)
	alias(many(32, "a"), whole).want(t, 200)
	alias("main", whole).want(t, 200)
	alias("main", whole).want(t, 400, "conflict richmenu alias id")
	w.call("POST", "/v2/bot/richmenu/alias/main", `{"richMenuId":"`+bare+`"}`).want(t, 400, "richmenu not found")
	w.call("POST", "/v2/bot/richmenu/alias/main", `{"richMenuId":"`+whole+`"}`).want(t, 200)
	w.call("POST", "/v2/bot/richmenu/alias/other", `{"richMenuId":"`+whole+`"}`).want(t, 404, "richmenu alias not found")
	w.call("GET", "/v2/bot/richmenu/alias/main", "").want(t, 200)
	w.call("DELETE", "/v2/bot/richmenu/alias/main", "").want(t, 200)
	w.call("GET", "/v2/bot/richmenu/alias/main", "").want(t, 404)
}
