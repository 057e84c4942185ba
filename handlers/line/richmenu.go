package line

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"net/http"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"

	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// menuImages are the drawn rich menus, one per language. They are made of testdata/richmenu/menu.html, with the words of
// the catalogue, by
//
//	go test ./handlers/line -run TestRichMenuImage -redraw
//
// which needs chromium and the font Noto Sans CJK; pngquant then brings them down to 256 colours, which halves them.
//
//go:embed richmenu/*.png
var menuImages embed.FS

// Measures of the rich menu: one row of four. https://developers.line.biz/en/reference/messaging-api/#rich-menu-object
const (
	menuWidth  = 2500
	menuHeight = 843
)

// menuName tells our own menu from others that somebody may have made.
const menuName = "Tsunagi"

// doors are what the rich menu opens, from left to right; the same words are typed and pressed in the talk.
func doors() []string { return []string{"menu.propose", "menu.consult", "menu.status", "menu.help"} }

func (c *Client) richMenu() *messaging_api.RichMenuRequest {
	menu := &messaging_api.RichMenuRequest{
		Size: &messaging_api.RichMenuSize{Width: menuWidth, Height: menuHeight}, Selected: true,
		Name: menuName, ChatBarText: c.Words.Say(text.Say("line.menu")),
	}
	width := menuWidth / len(doors())
	for i, do := range doors() {
		label := c.Words.Say(text.Say("button." + do))
		menu.Areas = append(menu.Areas, messaging_api.RichMenuArea{
			Bounds: &messaging_api.RichMenuBounds{X: int64(i * width), Width: int64(width), Height: menuHeight},
			Action: &messaging_api.PostbackAction{
				Label: short(label, labelInQuickReply, maxDisplayedUnits), Data: msg.Do(do).Encode(), DisplayText: label,
			},
		})
	}
	return menu
}

// replaceMenu makes the rich menu anew, shows it to everybody, and removes the one it replaces: the image of a rich menu
// cannot be changed. https://developers.line.biz/en/reference/messaging-api/#upload-rich-menu-image
func (c *Client) replaceMenu(ctx context.Context) (replaced int, err error) {
	before, err := c.menus(ctx)
	if err != nil {
		return 0, err
	}
	id, err := c.createMenu(ctx)
	if err != nil {
		return 0, err
	}
	if err := c.showMenu(ctx, id); err != nil {
		_ = c.deleteMenu(ctx, id) // nobody sees it; the first fault is the one to tell
		return 0, err
	}
	for _, old := range before {
		if err := c.deleteMenu(ctx, old); err != nil {
			return replaced, err
		}
		replaced++
	}
	return replaced, nil
}

// menus are the ids of those that bear our name.
func (c *Client) menus(ctx context.Context) ([]string, error) {
	const what = "list rich menus"
	var list *messaging_api.RichMenuListResponse
	res, err := c.call(ctx, func(a apis) (res *http.Response, err error) {
		res, list, err = a.api.GetRichMenuListWithHttpInfo()
		return res, err
	})
	if err := c.fault(what, res, err); err != nil {
		return nil, err
	}
	if list == nil {
		return nil, unreadable(what)
	}
	var ids []string
	for _, m := range list.Richmenus {
		if m.Name == menuName && isMenu(m.RichMenuId) {
			ids = append(ids, m.RichMenuId)
		}
	}
	return ids, nil
}

func (c *Client) createMenu(ctx context.Context) (string, error) {
	var made *messaging_api.RichMenuIdResponse
	res, err := c.call(ctx, func(a apis) (res *http.Response, err error) {
		res, made, err = a.api.CreateRichMenuWithHttpInfo(c.richMenu())
		return res, err
	})
	if err := c.fault("create the rich menu", res, err); err != nil {
		return "", err
	}
	if made == nil || !isMenu(made.RichMenuId) {
		return "", fmt.Errorf("create the rich menu: LINE gave no usable id")
	}
	return made.RichMenuId, nil
}

// showMenu gives the menu its image and makes it everybody's.
func (c *Client) showMenu(ctx context.Context, id string) error {
	image, err := menuImages.ReadFile("richmenu/" + c.Words.Lang() + ".png")
	if err != nil {
		return fmt.Errorf("read the image of the rich menu: %w", err)
	}
	res, err := c.call(ctx, func(a apis) (*http.Response, error) {
		res, _, err := a.blob.SetRichMenuImageWithHttpInfo(id, "image/png", bytes.NewReader(image))
		return res, err
	})
	if err := c.fault("upload the image of the rich menu", res, err); err != nil {
		return err
	}
	res, err = c.call(ctx, func(a apis) (*http.Response, error) {
		res, _, err := a.api.SetDefaultRichMenuWithHttpInfo(id)
		return res, err
	})
	return c.fault("set the default rich menu", res, err)
}

func (c *Client) deleteMenu(ctx context.Context, id string) error {
	res, err := c.call(ctx, func(a apis) (*http.Response, error) {
		res, _, err := a.api.DeleteRichMenuWithHttpInfo(id)
		return res, err
	})
	return c.fault("delete rich menu "+id, res, err)
}
