package line

import (
	"context"
	"net/http"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

// identifyEvery is how long to wait before LINE is asked again who we are.
const identifyEvery = 10 * time.Second

// IdentifyAtLast asks LINE who we are until it says so. The desk does not wait for it: LINE may be away when it starts.
func (c *Client) IdentifyAtLast(ctx context.Context) error {
	again := time.NewTicker(identifyEvery)
	defer again.Stop()
	for {
		_, err := c.Identify(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
		c.Log.WarnContext(ctx, "LINE does not say who we are", "fault", err)
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Identify asks LINE who we are. From then on webhooks for somebody else are refused.
func (c *Client) Identify(ctx context.Context) (userID string, err error) {
	self, err := c.botInfo(ctx)
	if err != nil {
		return "", err
	}
	c.self.Store(&self.UserId)
	return self.UserId, nil
}

func (c *Client) botInfo(ctx context.Context) (self *messaging_api.BotInfoResponse, err error) {
	const what = "ask who the bot is"
	res, err := c.call(ctx, func(a apis) (res *http.Response, err error) {
		res, self, err = a.api.GetBotInfoWithHttpInfo()
		return res, err
	})
	if err := c.fault(what, res, err); err != nil {
		return nil, err
	}
	if self == nil || !isUser(self.UserId) {
		return nil, unreadable(what)
	}
	return self, nil
}
