package line

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"tsunagi/bot"
)

// maxFile is one byte more than a file may have, so that who reads can tell that it was too large.
const maxFile = 20<<20 + 1

// Fetch gets the content of a file a person sent. It is bot.Later while LINE still prepares a video or a voice message,
// and bot.NotFound once LINE has deleted it or the person has taken it back. No more than 20 MB and one byte are read.
// https://developers.line.biz/en/reference/messaging-api/#get-content
func (c *Client) Fetch(ctx context.Context, lineMessage string) (io.ReadCloser, string, error) {
	if !isMessage(lineMessage) {
		return nil, "", unsendable(fmt.Errorf("fetch content: no LINE message id"))
	}
	ctx, cancel := bounded(ctx, fileTimeout)
	res, err := c.call(ctx, func(a apis) (*http.Response, error) {
		res, _, err := a.blob.GetMessageContentWithHttpInfo(lineMessage)
		return res, err
	})
	if err := c.fault("fetch content of message "+lineMessage, res, err); err != nil {
		cancel()
		return nil, "", err
	}
	if res.StatusCode != http.StatusOK { // 202 has no content yet, though the SDK takes it for success
		_ = res.Body.Close()
		cancel()
		return nil, "", &bot.Error{Kind: bot.Later, Err: fmt.Errorf("content of message %s is not ready", lineMessage), Sure: true}
	}
	return capped{io.LimitReader(res.Body, maxFile), res.Body, cancel}, res.Header.Get("Content-Type"), nil
}

// capped is the beginning of a body; its end is the end of the call.
type capped struct {
	io.Reader
	body io.Closer
	over context.CancelFunc
}

// Close ends the call.
func (c capped) Close() error {
	defer c.over()
	return c.body.Close()
}
