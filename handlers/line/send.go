package line

import (
	"context"
	"fmt"
	"net/http"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
)

// Send sends a parcel in one call: with its reply token if it has one, else as a push with its id as retry key.
//
// A reply token that is not good any more gives bot.Conflict: the outbox sends what matters again, as a push. When the
// parcel was tried before, though, the token has been used by that attempt, so the message has been shown and all is
// well; tokens reach us only while they are young.
func (c *Client) Send(ctx context.Context, p outbox.Parcel) (outbox.Receipt, error) {
	if !isUser(p.To) {
		return outbox.Receipt{}, unsendable(fmt.Errorf("send delivery %s: no LINE user id", p.ID))
	}
	messages, err := c.render.messages(p.Message)
	if err != nil {
		return outbox.Receipt{}, unsendable(fmt.Errorf("render delivery %s: %w", p.ID, err))
	}
	ctx = reported(about(ctx, p.Event))
	var r outbox.Receipt
	switch {
	case p.ReplyToken != "":
		r, err = c.reply(ctx, p, messages)
	case p.Matters:
		r, err = c.push(ctx, p, messages)
	default:
		err = &bot.Error{Kind: bot.NotFound, Say: failed(), Sure: true, Err: fmt.Errorf("delivery %s: no reply token, and not worth a push", p.ID)}
	}
	if err == nil {
		c.loading.answered(p.To)
		c.pace.well()
	}
	return r, err
}

// Find cannot tell: LINE does not say what was shown to whom. The desk is asked instead.
func (c *Client) Find(_ context.Context, p outbox.Parcel) (outbox.Receipt, bool, error) {
	return outbox.Receipt{}, false, &bot.Error{
		Kind: bot.Conflict, Say: text.Say("delivery.doubtful"),
		Err: fmt.Errorf("delivery %s: LINE cannot be asked whether it has arrived", p.ID),
	}
}

func unsendable(err error) error {
	return &bot.Error{Kind: bot.Invalid, Say: failed(), Err: err, Sure: true}
}

// reply has no retry key; the token works once, and that is the only guard.
// https://developers.line.biz/en/reference/messaging-api/#send-reply-message
func (c *Client) reply(ctx context.Context, p outbox.Parcel, messages []message) (outbox.Receipt, error) {
	res, err := c.post(ctx, replyPath, letter{field: "replyToken", value: p.ReplyToken, messages: messages})
	if tokenRefused(res) {
		if p.Again {
			return outbox.Receipt{Request: res.Header.Get(requestID)}, nil
		}
		return outbox.Receipt{}, &bot.Error{Kind: bot.Conflict, Say: failed(), Sure: true, Err: fmt.Errorf("reply: %w", redacted(res, err))}
	}
	if err := c.fault("reply", res, err); err != nil {
		return outbox.Receipt{}, err
	}
	return outbox.Receipt{Request: res.Header.Get(requestID), Messages: shown(res)}, nil
}

func tokenRefused(res *http.Response) bool {
	return res != nil && res.StatusCode == http.StatusBadRequest && bodyOf(res).Message == "Invalid reply token"
}

// accepted is the request that LINE took under the same retry key before.
const accepted = "X-Line-Accepted-Request-Id"

// push may be repeated for 24 hours without a second message being shown.
// https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
func (c *Client) push(ctx context.Context, p outbox.Parcel, messages []message) (outbox.Receipt, error) {
	res, err := c.post(ctx, pushPath, letter{field: "to", value: p.To, messages: messages, retryKey: p.ID.String()})
	if res != nil && res.StatusCode == http.StatusConflict && res.Header.Get(accepted) != "" {
		return outbox.Receipt{Request: res.Header.Get(accepted), Messages: shown(res), Pushed: true}, nil
	}
	if err := c.fault("push", res, err); err != nil {
		return outbox.Receipt{}, err
	}
	return outbox.Receipt{Request: res.Header.Get(requestID), Messages: shown(res), Pushed: true}, nil
}

// shown are the ids of the messages that an answer tells of.
func shown(res *http.Response) (ids []string) {
	for _, m := range bodyOf(res).Sent {
		ids = append(ids, m.ID)
	}
	return ids
}
