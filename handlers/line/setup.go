package line

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"

	"tsunagi/bot"
	"tsunagi/bot/text"
	"tsunagi/config"
)

// WebhookPath is where webhooks arrive, below the public address.
const WebhookPath = "/line/webhook"

// Setup makes the LINE side ready: the rich menu, and the address of the webhook. It writes each step to out as it is
// done, and can be run again at any time. Its error is for whoever installs: what failed, where, and what to do. That the
// webhook does not answer yet is said, but is no error: it is usual before the first start.
func (c *Client) Setup(ctx context.Context, publicURL string, out io.Writer) error {
	self, err := c.botInfo(ctx)
	if err != nil {
		return c.failed("line.check.token", err).Err()
	}
	c.say(out, "line.setup.account", "name", self.DisplayName, "id", self.BasicId)
	replaced, err := c.replaceMenu(ctx)
	if err != nil {
		return c.failed("line.check.menu", err).Err()
	}
	c.say(out, "line.setup.menu", "count", replaced)
	if err := c.setUpWebhook(ctx, publicURL+WebhookPath, out); err != nil {
		return err
	}
	c.say(out, "line.setup.by_hand")
	return nil
}

func (c *Client) setUpWebhook(ctx context.Context, at string, out io.Writer) error {
	if err := c.setEndpoint(ctx, at); err != nil {
		return c.notTaken(at, err).Err()
	}
	c.say(out, "line.setup.webhook", "url", at)
	tested, err := c.testEndpoint(ctx)
	switch {
	case err != nil:
		return c.failed("line.check.answer", err).Err()
	case tested.Success:
		c.say(out, "line.setup.answers")
	default:
		c.say(out, "line.setup.silent", "reason", tested.Reason, "status", int(tested.StatusCode))
	}
	return nil
}

// notTaken is for an address that LINE does not take; most often it is not one that the internet knows.
func (c *Client) notTaken(at string, err error) config.Finding {
	if bot.KindOf(err) != bot.Invalid {
		return c.failed("line.check.address", err)
	}
	return c.wrong("line.check.address", text.Say("line.check.address_refused", "url", at, "fault", reason(err)), "line.check.address_refused_remedy")
}

// say writes a line for whoever is watching; that nobody can read it stops nothing.
func (c *Client) say(out io.Writer, key string, args ...any) {
	_, _ = fmt.Fprintln(out, c.Words.Say(text.Say(key, args...)))
}

// https://developers.line.biz/en/reference/messaging-api/#set-webhook-endpoint-url
func (c *Client) setEndpoint(ctx context.Context, at string) error {
	res, err := c.call(ctx, func(a apis) (*http.Response, error) {
		res, _, err := a.api.SetWebhookEndpointWithHttpInfo(&messaging_api.SetWebhookEndpointRequest{Endpoint: at})
		return res, err
	})
	return c.fault("set the webhook address", res, err)
}

// https://developers.line.biz/en/reference/messaging-api/#test-webhook-endpoint
func (c *Client) testEndpoint(ctx context.Context) (tested *messaging_api.TestWebhookEndpointResponse, err error) {
	res, err := c.call(ctx, func(a apis) (res *http.Response, err error) {
		res, tested, err = a.api.TestWebhookEndpointWithHttpInfo(&messaging_api.TestWebhookEndpointRequest{})
		return res, err
	})
	if err := c.fault("test the webhook", res, err); err != nil {
		return nil, err
	}
	if tested == nil {
		return &messaging_api.TestWebhookEndpointResponse{Reason: "LINE's answer could not be read"}, nil
	}
	return tested, nil
}
