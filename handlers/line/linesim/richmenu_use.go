package linesim

import (
	"encoding/json"
	"slices"
	"strings"
)

// maxAliases is how many aliases an account can have.
// https://developers.line.biz/en/reference/messaging-api/#create-rich-menu-alias
const maxAliases = 1000

// PhoneMenu is the rich menu below a chat.
type PhoneMenu struct {
	ID        string          `json:"richMenuId"`
	Menu      json.RawMessage `json:"menu"`
	MediaType string          `json:"mediaType"`
	Image     []byte          `json:"-"`
}

// Menu is the rich menu on a person's phone: their own, else the default.
func (s *Sim) Menu(id string) (PhoneMenu, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.menuOn(id)
	if m == nil {
		return PhoneMenu{}, false
	}
	return PhoneMenu{m.id, m.json(), m.mediaType, m.image}, true
}

// menuOn finds the rich menu on a phone. The lock is held.
func (s *Sim) menuOn(id string) *menu {
	p := s.people[id]
	if p == nil || !p.friend {
		return nil
	}
	if m := s.menus.byID[p.menu]; m != nil {
		return m
	}
	return s.menus.byID[s.menus.fallback]
}

// showable finds the rich menu of the path if it has an image. The lock is held.
func (c *call) showable() (*menu, *answer) {
	m, no := c.menuOf()
	if no == nil && m.image == nil {
		refusal := refuse(400, "must upload richmenu image before applying it to user")
		return nil, &refusal
	}
	return m, no
}

// https://developers.line.biz/en/reference/messaging-api/#set-default-rich-menu
func (c *call) setDefaultMenu() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, no := c.showable()
	if no != nil {
		return *no
	}
	c.menus.fallback = m.id
	return c.changed("")
}

// https://developers.line.biz/en/reference/messaging-api/#get-default-rich-menu-id
func (c *call) getDefaultMenu() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.menus.fallback == "" {
		return refuse(404, "no default richmenu")
	}
	return reply200(map[string]string{"richMenuId": c.menus.fallback})
}

// https://developers.line.biz/en/reference/messaging-api/#cancel-default-rich-menu
func (c *call) dropDefaultMenu() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.menus.fallback = ""
	return c.changed("")
}

// https://developers.line.biz/en/reference/messaging-api/#link-rich-menu-to-user
func (c *call) linkMenu() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, no := c.showable()
	if no != nil {
		return *no
	}
	p := c.people[c.r.PathValue("user")]
	if p == nil {
		return refuse(400, "The user ID is invalid")
	}
	p.menu = m.id
	return c.changed(p.id)
}

// https://developers.line.biz/en/reference/messaging-api/#get-rich-menu-id-of-user
func (c *call) menuOfUser() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.people[c.r.PathValue("user")]; p != nil && p.menu != "" {
		return reply200(map[string]string{"richMenuId": p.menu})
	}
	return refuse(404, "the user has no richmenu")
}

// https://developers.line.biz/en/reference/messaging-api/#unlink-rich-menu-from-user
func (c *call) unlinkMenu() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.people[c.r.PathValue("user")]; p != nil {
		p.menu = ""
		return c.changed(p.id)
	}
	return refuse(400, "The user ID is invalid")
}

// https://developers.line.biz/en/reference/messaging-api/#link-rich-menu-to-users
func (c *call) linkMenus() answer {
	body, users, no := c.users("richMenuId", "userIds")
	if no != nil {
		return *no
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.menus.byID[body.str("richMenuId")]
	if m == nil || m.image == nil {
		return refuse(400, "richmenu not found")
	}
	return c.relink(users, m.id)
}

// https://developers.line.biz/en/reference/messaging-api/#unlink-rich-menu-from-users
func (c *call) unlinkMenus() answer {
	_, users, no := c.users("userIds")
	if no != nil {
		return *no
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.relink(users, "")
}

// users reads the list of people of a bulk call.
func (c *call) users(known ...string) (*node, []node, *answer) {
	body, no := c.json()
	if no != nil {
		return nil, nil, no
	}
	v := &visit{rules: c.rules}
	v.properties(body, known...)
	users := body.get("userIds")
	v.userIDs(users)
	if no := v.refusal(c); no != nil {
		return nil, nil, no
	}
	return body, users.kids, nil
}

// relink changes many people's rich menus; LINE does so some time after it has answered. The lock is held.
func (c *call) relink(users []node, menuID string) answer {
	for _, u := range users {
		if p := c.people[u.text]; p != nil {
			p.menu = menuID
		}
	}
	a := c.changed("")
	a.status = 202
	return a
}

// https://developers.line.biz/en/reference/messaging-api/#create-rich-menu-alias
func (c *call) createAlias() answer {
	body, no := c.alias("richMenuAliasId", "richMenuId")
	if no != nil {
		return *no
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	name := body.str("richMenuAliasId")
	if _, taken := c.menus.aliases[name]; taken {
		return refuse(400, "conflict richmenu alias id")
	}
	if len(c.menus.aliases) >= maxAliases {
		return refuse(400, "The number of rich menu aliases has reached the limit")
	}
	return c.pointAlias(name, body.str("richMenuId"))
}

// alias reads the body of an alias call.
func (c *call) alias(known ...string) (*node, *answer) {
	body, no := c.json()
	if no != nil {
		return nil, no
	}
	v := &visit{rules: c.rules}
	v.properties(body, known...)
	for _, key := range known {
		v.required(body, key)
	}
	if name := body.get("richMenuAliasId"); name != nil && name.text != "" && !isAlias(name.text) {
		v.malformed(&path{key: "richMenuAliasId"})
	}
	if id := body.str("richMenuId"); id != "" && !strings.HasPrefix(id, "richmenu-") {
		v.fault(&path{key: "richMenuId"}, "invalid richMenuId")
	}
	return body, v.refusal(c)
}

func isAlias(s string) bool {
	return len(s) <= 32 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// pointAlias lets an alias stand for a rich menu that has an image. The lock is held.
func (c *call) pointAlias(name, menuID string) answer {
	m := c.menus.byID[menuID]
	if m == nil || m.image == nil {
		return refuse(400, "richmenu not found")
	}
	if _, known := c.menus.aliases[name]; !known {
		c.menus.names = append(c.menus.names, name)
	}
	c.menus.aliases[name] = menuID
	return c.changed("")
}

// https://developers.line.biz/en/reference/messaging-api/#update-rich-menu-alias
func (c *call) updateAlias() answer {
	body, no := c.alias("richMenuId")
	if no != nil {
		return *no
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	name := c.r.PathValue("alias")
	if _, known := c.menus.aliases[name]; !known {
		return refuse(404, "richmenu alias not found")
	}
	return c.pointAlias(name, body.str("richMenuId"))
}

// https://developers.line.biz/en/reference/messaging-api/#get-rich-menu-alias-by-id
func (c *call) getAlias() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := c.r.PathValue("alias")
	id, known := c.menus.aliases[name]
	if !known {
		return refuse(404, "richmenu alias not found")
	}
	return reply200(map[string]string{"richMenuAliasId": name, "richMenuId": id})
}

// https://developers.line.biz/en/reference/messaging-api/#get-rich-menu-alias-list
func (c *call) listAliases() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := []map[string]string{}
	for _, name := range c.menus.names {
		list = append(list, map[string]string{"richMenuAliasId": name, "richMenuId": c.menus.aliases[name]})
	}
	return reply200(map[string]any{"aliases": list})
}

// https://developers.line.biz/en/reference/messaging-api/#delete-rich-menu-alias
func (c *call) deleteAlias() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := c.r.PathValue("alias")
	if _, known := c.menus.aliases[name]; !known {
		return refuse(404, "richmenu alias not found")
	}
	delete(c.menus.aliases, name)
	c.menus.names = slices.DeleteFunc(c.menus.names, func(n string) bool { return n == name })
	return c.changed("")
}
