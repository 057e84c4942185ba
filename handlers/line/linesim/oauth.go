package linesim

import (
	"net/url"
	"strings"
	"time"
)

// A stateless token lives 15 minutes and cannot be revoked.
// https://developers.line.biz/en/docs/basics/channel-access-token/
const statelessLife = 15 * time.Minute

// statelessToken issues a token for the channel's secret. Of a JWT only the form is looked at: the simulated channel has
// no registered key.
func (c *call) statelessToken() answer {
	form, err := url.ParseQuery(string(c.body))
	if err != nil || form.Get("grant_type") != "client_credentials" {
		return refuseOAuth("unsupported_grant_type", "unsupported grant type")
	}
	if !c.isClient(form) {
		return refuseOAuth("invalid_client", "client authentication failed")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for token, end := range c.issued {
		if !c.now.Before(end) {
			delete(c.issued, token)
		}
	}
	token := "stateless." + c.ids.hex(24)
	c.issued[token] = c.now.Add(statelessLife)
	return reply200(map[string]any{"token_type": "Bearer", "access_token": token, "expires_in": int(statelessLife.Seconds())})
}

func (c *call) isClient(form url.Values) bool {
	if form.Get("client_assertion") != "" {
		return form.Get("client_assertion_type") == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" &&
			strings.Count(form.Get("client_assertion"), ".") == 2
	}
	_, secret := c.target()
	return form.Get("client_id") == c.cfg.ChannelID && form.Get("client_secret") == secret && secret != ""
}

func refuseOAuth(code, description string) answer {
	return answer{status: 400, reason: description, body: marshal(map[string]string{"error": code, "error_description": description})}
}
