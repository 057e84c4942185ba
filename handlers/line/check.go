package line

import (
	"context"
	"errors"
	"net/http"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/config"
)

// Check looks at the LINE side and tells of each thing whether it is as it should be, and what to do if not. It changes
// nothing. That webhook redelivery is on cannot be asked for; only a look into the console tells.
func (c *Client) Check(ctx context.Context, publicURL string) []config.Finding {
	token := c.checkToken(ctx)
	if !token.OK {
		return []config.Finding{token}
	}
	found := []config.Finding{token}
	found = append(found, c.checkWebhook(ctx, publicURL+WebhookPath)...)
	return append(found, c.checkMenu(ctx), c.checkQuota(ctx))
}

func (c *Client) checkToken(ctx context.Context) config.Finding {
	const what = "line.check.token"
	if _, err := c.botInfo(ctx); err != nil {
		return c.failed(what, err)
	}
	return c.well(what)
}

// failed tells a token that is refused from a LINE that was not reached: then the settings may well be right.
func (c *Client) failed(what string, err error) config.Finding {
	switch {
	case errors.Is(err, outbox.ErrUnauthorized):
		return c.wrong(what, text.Say("line.check.token_fault"), "line.check.token_remedy")
	case bot.KindOf(err) == bot.Later:
		return c.wrong(what, text.Say("line.check.away_fault", "url", c.APIURL, "fault", reason(err)), "line.check.away_remedy")
	}
	return c.wrong(what, text.Say("line.check.other_fault", "fault", reason(err)), "line.check.other_remedy")
}

// reason is what LINE or the network said, without our own words for what was tried.
func reason(err error) string {
	if known := (*bot.Error)(nil); errors.As(err, &known) && known.Err != nil {
		err = known.Err
	}
	if said := errors.Unwrap(err); said != nil {
		err = said
	}
	return err.Error()
}

func (c *Client) well(what string) config.Finding { return config.Well(c.Words.Say(text.Say(what))) }

func (c *Client) wrong(what string, fault text.Line, remedy string) config.Finding {
	return config.Wrong(c.Words.Say(text.Say(what)), c.Words.Say(fault), c.Words.Say(text.Say(remedy)))
}

// unknown is for what LINE did not tell.
func (c *Client) unknown(what string, err error) config.Finding {
	return c.wrong(what, text.Say("line.check.unknown_fault", "fault", reason(err)), "line.check.unknown_remedy")
}

// checkWebhook asks where webhooks go, whether they are switched on, and lets LINE send an empty one.
// https://developers.line.biz/en/reference/messaging-api/#get-webhook-endpoint-information
func (c *Client) checkWebhook(ctx context.Context, want string) []config.Finding {
	const address = "line.check.address"
	var at *messaging_api.GetWebhookEndpointResponse
	res, err := c.call(ctx, func(a apis) (res *http.Response, err error) {
		res, at, err = a.api.GetWebhookEndpointWithHttpInfo()
		return res, err
	})
	err = c.fault("ask for the webhook address", res, err)
	switch {
	case bot.KindOf(err) == bot.NotFound:
		return []config.Finding{c.wrong(address, text.Say("line.check.address_none"), "line.check.address_remedy")}
	case err != nil || at == nil:
		return []config.Finding{c.unknown(address, err)}
	case at.Endpoint != want:
		return []config.Finding{c.wrong(address, text.Say("line.check.address_fault", "url", at.Endpoint), "line.check.address_remedy")}
	}
	use := c.well("line.check.use")
	if !at.Active {
		use = c.wrong("line.check.use", text.Say("line.check.use_fault"), "line.check.use_remedy")
	}
	return []config.Finding{c.well(address), use, c.checkAnswer(ctx)}
}

func (c *Client) checkAnswer(ctx context.Context) config.Finding {
	const what = "line.check.answer"
	tested, err := c.testEndpoint(ctx)
	switch {
	case err != nil:
		return c.unknown(what, err)
	case !tested.Success:
		return c.wrong(what, text.Say("line.check.answer_fault", "reason", tested.Reason, "status", int(tested.StatusCode)), "line.check.answer_remedy")
	}
	return c.well(what)
}

func (c *Client) checkMenu(ctx context.Context) config.Finding {
	const what = "line.check.menu"
	ids, err := c.menus(ctx)
	switch {
	case err != nil:
		return c.unknown(what, err)
	case len(ids) == 0:
		return c.wrong(what, text.Say("line.check.menu_fault"), "line.check.menu_remedy")
	}
	return c.well(what)
}

// checkQuota warns in time: what is over the quota is not delivered.
// https://developers.line.biz/en/reference/messaging-api/#get-quota
func (c *Client) checkQuota(ctx context.Context) config.Finding {
	const what = "line.check.quota"
	limit, used, err := c.quota(ctx)
	switch {
	case err != nil:
		return c.unknown(what, err)
	case limit < 0 || used < limit*9/10:
		return c.well(what)
	}
	return c.wrong(what, text.Say("line.check.quota_fault", "left", max(0, limit-used), "limit", limit), "line.check.quota_remedy")
}

// quota is the month's limit, below 0 if there is none, and how much of it is used.
func (c *Client) quota(ctx context.Context) (limit, used int64, err error) {
	var quota *messaging_api.MessageQuotaResponse
	res, err := c.call(ctx, func(a apis) (res *http.Response, err error) {
		res, quota, err = a.api.GetMessageQuotaWithHttpInfo()
		return res, err
	})
	if err := c.fault("ask for the quota", res, err); err != nil {
		return 0, 0, err
	}
	if quota == nil || quota.Type != messaging_api.QuotaType_LIMITED {
		return -1, 0, nil
	}
	var spent *messaging_api.QuotaConsumptionResponse
	res, err = c.call(ctx, func(a apis) (res *http.Response, err error) {
		res, spent, err = a.api.GetMessageQuotaConsumptionWithHttpInfo()
		return res, err
	})
	if err := c.fault("ask how much of the quota is used", res, err); err != nil {
		return 0, 0, err
	}
	if spent == nil {
		return quota.Value, 0, nil
	}
	return quota.Value, spent.TotalUsage, nil
}
