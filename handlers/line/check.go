package line

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
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
	const what = "LINE: access token"
	_, err := c.botInfo(ctx)
	switch {
	case err == nil:
		return config.Well(what)
	case errors.Is(err, outbox.ErrUnauthorized):
		return config.Wrong(what, "LINE refuses it",
			"issue a channel access token in the LINE Developers console and set LINE_CHANNEL_ACCESS_TOKEN, or check LINE_CHANNEL_ID and LINE_CHANNEL_SECRET")
	case bot.KindOf(err) == bot.Later:
		return config.Wrong(what, fmt.Sprintf("LINE cannot be reached at %s: %v", c.APIURL, err), "check the network and LINE_API_URL, then try again")
	}
	return config.Wrong(what, err.Error(), "check LINE_API_URL and the channel in the LINE Developers console")
}

// checkWebhook asks where webhooks go, whether they are switched on, and lets LINE send an empty one.
// https://developers.line.biz/en/reference/messaging-api/#get-webhook-endpoint-information
func (c *Client) checkWebhook(ctx context.Context, want string) []config.Finding {
	const address, use, test = "LINE: webhook address", "LINE: webhook in use", "LINE: webhook answers"
	var at *messaging_api.GetWebhookEndpointResponse
	res, err := c.call(ctx, func(a apis) (res *http.Response, err error) {
		res, at, err = a.api.GetWebhookEndpointWithHttpInfo()
		return res, err
	})
	err = c.fault("ask for the webhook address", res, err)
	switch {
	case bot.KindOf(err) == bot.NotFound:
		return []config.Finding{config.Wrong(address, "none is set", "run tsunagi setup line")}
	case err != nil || at == nil:
		return []config.Finding{config.Wrong(address, fmt.Sprint("cannot be asked for: ", err), "try again later")}
	case at.Endpoint != want:
		return []config.Finding{config.Wrong(address, fmt.Sprintf("is %s, not %s", at.Endpoint, want), "correct PUBLIC_URL, or run tsunagi setup line")}
	}
	found := []config.Finding{config.Well(address), config.Well(use)}
	if !at.Active {
		found[1] = config.Wrong(use, "it is switched off", `switch on "Use webhook" in the LINE Developers console, and "Webhook redelivery" with it`)
	}
	return append(found, c.checkAnswer(ctx, test))
}

func (c *Client) checkAnswer(ctx context.Context, what string) config.Finding {
	tested, err := c.testEndpoint(ctx)
	switch {
	case err != nil:
		return config.Wrong(what, fmt.Sprint("cannot be tested: ", err), "try again later")
	case !tested.Success:
		return config.Wrong(what, fmt.Sprintf("it does not: %s, status %d", tested.Reason, tested.StatusCode),
			"start tsunagi serve; 401 means that LINE_CHANNEL_SECRET is wrong, no connection that PUBLIC_URL or its certificate is")
	}
	return config.Well(what)
}

func (c *Client) checkMenu(ctx context.Context) config.Finding {
	const what = "LINE: rich menu"
	ids, err := c.menus(ctx)
	switch {
	case err != nil:
		return config.Wrong(what, fmt.Sprint("cannot be asked for: ", err), "try again later")
	case len(ids) == 0:
		return config.Wrong(what, "there is none", "run tsunagi setup line")
	}
	return config.Well(what)
}

// checkQuota warns in time: what is over the quota is not delivered.
// https://developers.line.biz/en/reference/messaging-api/#get-quota
func (c *Client) checkQuota(ctx context.Context) config.Finding {
	const what = "LINE: messages left this month"
	const remedy = "choose a larger plan in the LINE Official Account Manager; replies are free and go on"
	limit, used, err := c.quota(ctx)
	switch {
	case err != nil:
		return config.Wrong(what, fmt.Sprint("cannot be asked for: ", err), "try again later")
	case limit < 0 || used < limit*9/10:
		return config.Well(what)
	case used >= limit:
		return config.Wrong(what, fmt.Sprintf("none, all %d are used", limit), remedy)
	}
	return config.Wrong(what, fmt.Sprintf("%d of %d", limit-used, limit), remedy)
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
