package line

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
)

const (
	replyPath = "/v2/bot/message/reply"
	pushPath  = "/v2/bot/message/push"
)

// letter is the body of a reply or a push, with its messages as we write them: the SDK's types for Flex write "flex":0 into
// every component, which changes the layout, and its types for requests check and copy what they are given twice more,
// which was a seventh of all our processor time. See docs/adr/0012.
type letter struct {
	field, value string // whom it is to: replyToken or to
	messages     []message
	retryKey     string // empty: LINE takes none
}

// body is the letter as it goes over the wire.
func (l letter) body() []byte {
	size := len(l.value) + 100
	for _, m := range l.messages {
		size += m.size()
	}
	out := property(append(make([]byte, 0, size), '{'), l.field, l.value)
	return append(list(out, "messages", l.messages, message.write), '}')
}

// post sends a letter by the SDK's client: with its address, credentials and context. As with the SDK's own calls, an
// answer other than 2xx is an error that comes with its response, whose body can still be read.
func (c *Client) post(ctx context.Context, path string, l letter) (*http.Response, error) {
	body := l.body()
	return c.call(ctx, func(a apis) (*http.Response, error) {
		req, err := http.NewRequest(http.MethodPost, a.api.Url(path), bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", "application/json; charset=UTF-8")
		if l.retryKey != "" {
			req.Header.Set("X-Line-Retry-Key", l.retryKey)
		}
		return kept(a.api.Do(req))
	})
}

// mostAnswer is more than LINE says of five messages.
const mostAnswer = 64 << 10

// kept reads an answer to its end, so that its connection can be used again, and keeps it with the response.
func kept(res *http.Response, err error) (*http.Response, error) {
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	res.Body = io.NopCloser(bytes.NewReader(raw))
	if err == nil && res.StatusCode/100 != 2 {
		err = errors.New("refused")
	}
	return res, err
}
