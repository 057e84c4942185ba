package linesim

import (
	"bytes"
	"encoding/json"
	"image"
	_ "image/jpeg" // rich menu images are JPEG
	_ "image/png"  // or PNG
	"slices"
)

// Limits of rich menus. https://developers.line.biz/en/reference/messaging-api/#create-rich-menu
const (
	maxMenus      = 1000
	maxMenuImage  = 1 << 20
	minMenuAspect = 1.45
)

// menu is one rich menu.
type menu struct {
	id        string
	raw       json.RawMessage // as created
	image     []byte
	mediaType string
}

// menus are the rich menus of the account.
type menus struct {
	byID     map[string]*menu
	order    []string
	aliases  map[string]string
	names    []string // aliases in the order they were made
	fallback string   // default for everybody
}

func newMenus() menus { return menus{byID: map[string]*menu{}, aliases: map[string]string{}} }

// richMenuShapes are the parts of a rich menu object.
// https://developers.line.biz/en/reference/messaging-api/#rich-menu-object
type richMenuShapes struct{ menu, size, area, bounds *shape }

func (b *rulebook) richMenuRules() {
	side, edge := needs(between(1, 1<<31)), needs(between(0, 1<<31))
	b.richMenu = richMenuShapes{
		size: newShape(map[string]rule{"width": needs(between(800, 2500)), "height": needs(between(250, 1<<31))}, checkAspect),
		area: newShape(map[string]rule{
			"bounds": needs(as(func(b *rulebook) *shape { return b.richMenu.bounds })), "action": needs(actionIn(inRichMenu)),
		}, nil),
		bounds: newShape(map[string]rule{"x": edge, "y": edge, "width": side, "height": side}, nil),
		menu: newShape(map[string]rule{
			"size": needs(as(func(b *rulebook) *shape { return b.richMenu.size })), "selected": needs(flag01()),
			"name":        {kind: text, needed: true, filled: true, max: 300, unit: graphemeClusters},
			"chatBarText": {kind: text, needed: true, filled: true, max: 14, unit: graphemeClusters},
			"areas":       needs(listOf(0, 20, func(b *rulebook) *shape { return b.richMenu.area })),
		}, nil),
	}
}

func checkAspect(v *visit, at *path, n *node) {
	w, h := n.get("width"), n.get("height")
	if w != nil && h != nil && w.num()/max(h.num(), 1) < minMenuAspect {
		v.fault(at, "The aspect ratio must be at least 1.45")
	}
}

// menuObject reads and checks a rich menu.
func (c *call) menuObject() (*node, *answer) {
	body, no := c.json()
	if no != nil {
		return nil, no
	}
	v := &visit{rules: c.rules}
	v.object(nil, body, c.rules.richMenu.menu)
	return body, v.refusal(c)
}

// https://developers.line.biz/en/reference/messaging-api/#validate-rich-menu-object
func (c *call) validateMenu() answer {
	if _, no := c.menuObject(); no != nil {
		return *no
	}
	return ok()
}

func (c *call) createMenu() answer {
	body, no := c.menuObject()
	if no != nil {
		return *no
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.menus.byID) >= maxMenus {
		return refuse(400, "The number of rich menus has reached the limit")
	}
	m := &menu{id: "richmenu-" + c.ids.hex(16), raw: body.raw}
	c.menus.byID[m.id] = m
	c.menus.order = append(c.menus.order, m.id)
	return reply200(map[string]string{"richMenuId": m.id})
}

// json is the rich menu with its id.
func (m *menu) json() json.RawMessage {
	head := []byte(`{"richMenuId":"` + m.id + `",`)
	return append(head, bytes.TrimSpace(m.raw)[1:]...)
}

// https://developers.line.biz/en/reference/messaging-api/#get-rich-menu-list
func (c *call) listMenus() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := []json.RawMessage{}
	for _, id := range c.menus.order {
		list = append(list, c.menus.byID[id].json())
	}
	return reply200(map[string]any{"richmenus": list})
}

// menuOf finds the rich menu of the path. The lock is held.
func (c *call) menuOf() (*menu, *answer) {
	m := c.menus.byID[c.r.PathValue("menu")]
	if m == nil {
		no := refuse(404, "richmenu not found")
		return nil, &no
	}
	return m, nil
}

// https://developers.line.biz/en/reference/messaging-api/#get-rich-menu
func (c *call) getMenu() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, no := c.menuOf()
	if no != nil {
		return *no
	}
	return answer{status: 200, body: m.json()}
}

// https://developers.line.biz/en/reference/messaging-api/#delete-rich-menu
func (c *call) deleteMenu() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, no := c.menuOf()
	if no != nil {
		return *no
	}
	delete(c.menus.byID, m.id)
	c.menus.order = slices.DeleteFunc(c.menus.order, func(id string) bool { return id == m.id })
	if c.menus.fallback == m.id {
		c.menus.fallback = ""
	}
	for _, p := range c.people {
		if p.menu == m.id {
			p.menu = ""
		}
	}
	return c.changed("")
}

// uploadImage gives a rich menu its image, once.
// https://developers.line.biz/en/reference/messaging-api/#upload-rich-menu-image
func (c *call) uploadImage() answer {
	if c.r.PathValue("part") != "content" {
		return c.nowhere()
	}
	kind := c.r.Header.Get("Content-Type")
	if kind != "image/jpeg" && kind != "image/png" {
		return refuse(415, "The content type, "+kind+", is not supported")
	}
	if no := checkImage(c.body, kind); no != nil {
		return *no
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	m, no := c.menuOf()
	if no != nil {
		return *no
	}
	if m.image != nil {
		return refuse(400, "An image has already been uploaded to the richmenu")
	}
	m.image, m.mediaType = c.body, kind
	return ok()
}

func checkImage(data []byte, kind string) *answer {
	if len(data) > maxMenuImage {
		no := refuse(413, "The image must be at most 1 MB")
		return &no
	}
	size, format, err := image.DecodeConfig(bytes.NewReader(data))
	w, h := float64(size.Width), float64(size.Height)
	if err != nil || "image/"+format != kind || w < 800 || w > 2500 || h < 250 || w/h < minMenuAspect {
		no := refuse(400, "The image is invalid: JPEG or PNG, 800 to 2500 pixels wide, at least 250 high, aspect ratio at least 1.45")
		return &no
	}
	return nil
}

// https://developers.line.biz/en/reference/messaging-api/#download-rich-menu-image
func (c *call) downloadImage() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, no := c.menuOf()
	if no != nil {
		return *no
	}
	if c.r.PathValue("part") != "content" || m.image == nil {
		return refuse(404, "Not found")
	}
	return answer{status: 200, body: m.image, contentType: m.mediaType}
}

// changed records a change of what people see below the chat. The lock is held.
func (c *call) changed(person string) answer {
	e := c.entry(Menu)
	e.Chat, e.Person = person, person
	c.add(e)
	return answer{status: 200, body: []byte(empty), recorded: true}
}
