package line

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
)

// fault turns the end of a call into a bot.Error, or nil. what says what was tried.
//
// Only 5xx and a broken connection leave in doubt whether LINE did what was asked: nothing is sent when an error is
// returned. https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
func (c *Client) fault(what string, res *http.Response, err error) error {
	var known *bot.Error
	switch {
	case err == nil, res != nil && res.StatusCode/100 == 2: // an answer that cannot be read was given all the same
		return nil
	case errors.As(err, &known): // there was no token to call with
		return fmt.Errorf("%s: %w", what, err)
	}
	cause := fmt.Errorf("%s: %w", what, redacted(res, err))
	if res == nil {
		return &bot.Error{Kind: bot.Later, Say: failed(), Err: cause, Sure: neverLeft(err)}
	}
	return c.refusal(res, cause)
}

// unreadable is for a question whose answer came and tells nothing: cut off, say, or somebody else's on the way.
func unreadable(what string) error {
	return &bot.Error{Kind: bot.Later, Say: failed(), Err: fmt.Errorf("%s: %w", what, errors.New("the answer cannot be read"))}
}

// refusal judges an error answer. https://developers.line.biz/en/reference/messaging-api/#status-codes
func (c *Client) refusal(res *http.Response, cause error) error {
	sure := func(kind bot.ErrorKind, say text.Line) *bot.Error {
		return &bot.Error{Kind: kind, Say: say, Err: cause, Sure: true}
	}
	switch status := res.StatusCode; {
	case status == http.StatusUnauthorized:
		e := sure(bot.Forbidden, text.Say("delivery.unauthorized", "platform", string(bot.LINE)))
		e.Err = fmt.Errorf("%w: %w", cause, outbox.ErrUnauthorized)
		return e
	case status == http.StatusForbidden:
		return sure(bot.Forbidden, failed())
	case status == http.StatusNotFound, status == http.StatusGone:
		return sure(bot.NotFound, failed())
	case status == http.StatusTooManyRequests:
		return c.tooMany(res, sure)
	case status == http.StatusRequestTimeout, status >= 500, status == http.StatusConflict:
		return &bot.Error{Kind: bot.Later, Say: failed(), Err: cause}
	}
	return sure(bot.Invalid, failed())
}

func failed() text.Line { return text.Say("delivery.failed") }

// tooMany tells the month's quota, which waiting does not help, from the rate.
// https://developers.line.biz/en/reference/messaging-api/#error-messages
func (c *Client) tooMany(res *http.Response, sure func(bot.ErrorKind, text.Line) *bot.Error) error {
	message := bodyOf(res).Message
	if strings.Contains(message, "monthly limit") {
		return sure(bot.Forbidden, text.Say("delivery.quota"))
	}
	e := sure(bot.Later, failed())
	if strings.Contains(message, "rate limit") {
		e.RetryAfter = c.pace.slower(c.Now())
	}
	if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && s > 0 {
		e.RetryAfter = time.Duration(min(s, 3600)) * time.Second
	}
	return e
}

// pace is how long to stay away after LINE has said that we are too fast: LINE does not say how long, so it doubles as
// long as it is said again, and begins anew once something went through.
type pace struct {
	mu    sync.Mutex
	wait  time.Duration
	until time.Time
}

const (
	firstPause = time.Second
	longPause  = time.Minute
)

// slower gives the pause. Calls that were under way together are refused together; that counts once.
func (p *pace) slower(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if left := p.until.Sub(now); left > 0 && left <= p.wait {
		return left
	}
	p.wait = min(longPause, max(firstPause, 2*p.wait))
	p.until = now.Add(p.wait)
	return p.wait
}

func (p *pace) well() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wait = 0
}

// neverLeft tells that no connection came about, so that LINE cannot have done anything.
func neverLeft(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// answer is an error answer, and for a push that was accepted before, what was sent then.
// https://developers.line.biz/en/reference/messaging-api/#error-responses
type answer struct {
	Message string `json:"message"`
	Details []struct {
		Property string `json:"property"`
	} `json:"details"`
	Sent []struct {
		ID string `json:"id"`
	} `json:"sentMessages"`
}

// bodyOf reads an error answer; the SDK has left the body to be read once more. It can be read several times.
func bodyOf(res *http.Response) (a answer) {
	raw, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	res.Body = io.NopCloser(strings.NewReader(string(raw)))
	if err == nil {
		_ = json.Unmarshal(raw, &a) // what is no JSON has nothing to tell
	}
	return a
}

// redacted is an error for the log. The SDK's own has the whole answer in it, and the HTTP client's the whole address.
func redacted(res *http.Response, err error) error {
	if res == nil {
		if at := (*url.Error)(nil); errors.As(err, &at) {
			return at.Err
		}
		return err
	}
	a := bodyOf(res)
	words := fmt.Sprintf("status %d, request %s", res.StatusCode, res.Header.Get(requestID))
	if m := documented(a.Message); m != "" {
		words += ": " + m
	}
	if len(a.Details) > 0 && isPlace(a.Details[0].Property) {
		words += " (" + a.Details[0].Property + ")"
	}
	return errors.New(words)
}

// isPlace tells whether this names a place in what we sent, like messages[0].altText, and nothing that a person wrote.
func isPlace(property string) bool {
	const signs = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._[]/"
	return property != "" && len(property) < 100 && strings.Trim(property, signs) == ""
}

// documented lets through only the words that LINE is known to begin with, lest an answer quotes what a person wrote.
// https://developers.line.biz/en/reference/messaging-api/#error-messages
func documented(message string) string {
	for _, begins := range []string{
		"The request body has", "Invalid reply token", "The property", "The request entity", "The content type", "Authentication failed",
		"Access to this API is not available", "Failed to send messages", "You have reached your monthly limit", "Not found",
		"The API rate limit has been exceeded", "A message (messages[", "The retry key is already accepted", "Internal Server Error",
	} {
		if strings.HasPrefix(message, begins) {
			return begins
		}
	}
	return ""
}
