package line

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"

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
func (c *Client) reply(ctx context.Context, p outbox.Parcel, messages []messaging_api.MessageInterface) (outbox.Receipt, error) {
	var sent *messaging_api.ReplyMessageResponse
	res, err := c.call(ctx, func(a apis) (res *http.Response, err error) {
		res, sent, err = a.api.ReplyMessageWithHttpInfo(&messaging_api.ReplyMessageRequest{ReplyToken: p.ReplyToken, Messages: messages})
		return res, err
	})
	if tokenRefused(res) {
		if p.Again {
			return outbox.Receipt{Request: res.Header.Get(requestID)}, nil
		}
		return outbox.Receipt{}, &bot.Error{Kind: bot.Conflict, Say: failed(), Sure: true, Err: fmt.Errorf("reply: %w", redacted(res, err))}
	}
	if err := c.fault("reply", res, err); err != nil {
		return outbox.Receipt{}, err
	}
	r := outbox.Receipt{Request: res.Header.Get(requestID)}
	if sent != nil {
		r.Messages = messageIDs(sent.SentMessages)
	}
	return r, nil
}

func tokenRefused(res *http.Response) bool {
	return res != nil && res.StatusCode == http.StatusBadRequest && bodyOf(res).Message == "Invalid reply token"
}

// accepted is the request that LINE took under the same retry key before.
const accepted = "X-Line-Accepted-Request-Id"

// push may be repeated for 24 hours without a second message being shown.
// https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
func (c *Client) push(ctx context.Context, p outbox.Parcel, messages []messaging_api.MessageInterface) (outbox.Receipt, error) {
	var sent *messaging_api.PushMessageResponse
	res, err := c.call(ctx, func(a apis) (res *http.Response, err error) {
		res, sent, err = a.api.PushMessageWithHttpInfo(&messaging_api.PushMessageRequest{To: p.To, Messages: messages}, p.ID.String())
		return res, err
	})
	if res != nil && res.StatusCode == http.StatusConflict && res.Header.Get(accepted) != "" {
		return sentBefore(res), nil
	}
	if err := c.fault("push", res, err); err != nil {
		return outbox.Receipt{}, err
	}
	r := outbox.Receipt{Request: res.Header.Get(requestID), Pushed: true}
	if sent != nil {
		r.Messages = messageIDs(sent.SentMessages)
	}
	return r, nil
}

func sentBefore(res *http.Response) outbox.Receipt {
	r := outbox.Receipt{Request: res.Header.Get(accepted), Pushed: true}
	for _, m := range bodyOf(res).Sent {
		r.Messages = append(r.Messages, m.ID)
	}
	return r
}

func messageIDs(sent []messaging_api.SentMessage) []string {
	ids := make([]string, len(sent))
	for i, m := range sent {
		ids[i] = m.Id
	}
	return ids
}

// rawMessage goes out as it is. The SDK's own types for Flex write "flex":0 into every component, which changes the
// layout.
type rawMessage struct {
	kind string
	body json.RawMessage
}

// GetType is what the SDK asks of a message.
func (m rawMessage) GetType() string { return m.kind }

// MarshalJSON gives the message as we have written it.
func (m rawMessage) MarshalJSON() ([]byte, error) {
	if len(m.body) == 0 {
		return nil, errors.New("a message without a body")
	}
	return m.body, nil
}
