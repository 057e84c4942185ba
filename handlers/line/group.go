package line

import (
	"context"
	"errors"
	"net/http"

	"tsunagi/bot"
	"tsunagi/bot/text"
)

// leave says why, as far as the reply token allows, and leaves a group or room: what a company proposes is not for
// everybody there. https://developers.line.biz/en/docs/messaging-api/group-chats/
func (c *Client) leave(ctx context.Context, group, replyToken string) error {
	var said error
	if replyToken != "" {
		said = c.farewell(ctx, replyToken)
	}
	res, err := c.call(ctx, func(a apis) (res *http.Response, err error) {
		if isRoom(group) {
			res, _, err = a.api.LeaveRoomWithHttpInfo(group)
		} else {
			res, _, err = a.api.LeaveGroupWithHttpInfo(group)
		}
		return res, err
	})
	err = c.fault("leave "+group, res, err)
	if kind := bot.KindOf(err); kind == bot.NotFound || kind == bot.Invalid { // we are not in it any more
		err = nil
	}
	if err != nil {
		return errors.Join(err, said)
	}
	if said != nil {
		c.Log.WarnContext(ctx, "line group left without a word", "event", eventOf(ctx), "fault", said)
	}
	return nil
}

func (c *Client) farewell(ctx context.Context, replyToken string) error {
	words := message{Type: "text", Text: c.Words.Say(text.Say("line.farewell"))}
	res, err := c.post(ctx, replyPath, letter{field: "replyToken", value: replyToken, messages: []message{words}})
	return c.fault("farewell", res, err)
}
