package linesim

import (
	"cmp"
	"net"
	"net/http"
	"net/url"
	"strconv"
)

// https://developers.line.biz/en/reference/messaging-api/#get-webhook-endpoint-information
func (c *call) getEndpoint() answer {
	at, _ := c.target()
	if at == "" {
		return refuse(404, "Not found")
	}
	return reply200(map[string]any{"endpoint": at, "active": true})
}

// https://developers.line.biz/en/reference/messaging-api/#set-webhook-endpoint-url
func (c *call) putEndpoint() answer {
	at, no := c.endpoint(true)
	if no != nil {
		return *no
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cfg.WebhookURL = at
	return ok()
}

// endpoint reads the URL of a webhook from the body.
func (c *call) endpoint(needed bool) (string, *answer) {
	body, no := c.json()
	if no != nil {
		return "", no
	}
	v := &visit{rules: c.rules}
	v.properties(body, "endpoint")
	if needed {
		v.required(body, "endpoint")
	}
	if at := body.get("endpoint"); at != nil {
		v.value(&path{key: "endpoint"}, at, &rule{kind: text, max: 500, valid: isWebhook})
	}
	return body.str("endpoint"), v.refusal(c)
}

// isWebhook wants https, as LINE does, except on this machine, where tests live.
func isWebhook(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// testEndpoint sends a webhook without events and tells how it was answered.
// https://developers.line.biz/en/reference/messaging-api/#test-webhook-endpoint
func (c *call) testEndpoint() answer {
	at, secret := c.target()
	given, no := c.endpoint(false) // the SDK sends an empty one when the configured one is meant
	if no != nil {
		return *no
	}
	if at = cmp.Or(given, at); at == "" {
		return refuse(404, "Not found")
	}
	body := c.webhookBody(nil, false)
	status, err := c.post(c.r.Context(), at, Sign(secret, body), body)
	result := map[string]any{
		"success": status == 200, "timestamp": c.now.UTC().Format("2006-01-02T15:04:05.000Z"),
		"statusCode": status, "reason": http.StatusText(status), "detail": strconv.Itoa(status),
	}
	if err != nil {
		result["reason"], result["detail"] = "COULD_NOT_CONNECT", err.Error()
	} else if status != 200 {
		result["reason"] = "ERROR_STATUS_CODE"
	}
	return reply200(result)
}

// SetWebhookURL changes where events go, as the console does.
func (s *Sim) SetWebhookURL(at string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.WebhookURL = at
}
