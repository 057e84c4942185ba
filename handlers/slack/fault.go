package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	slackapi "github.com/slack-go/slack"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
)

// waitUnasked is how long to wait when Slack refuses for now without saying how long.
// https://docs.slack.dev/apis/web-api/rate-limits
const waitUnasked = 10 * time.Second

// code is Slack's own word for why it refused, or "" when the error is of another sort.
func code(err error) string {
	var refused slackapi.SlackErrorResponse
	if errors.As(err, &refused) {
		return refused.Err
	}
	return ""
}

// reasons are Slack's complaints about what it was sent: places in the JSON, never what stood there.
func reasons(err error) []string {
	var refused slackapi.SlackErrorResponse
	if errors.As(err, &refused) {
		return refused.ResponseMetadata.Messages
	}
	return nil
}

// fault says what an error of the Web API means for whoever wanted something: whether it can be tried again, when, and
// whether it certainly did not happen.
func fault(tried string, err error) error {
	if known := (*bot.Error)(nil); err == nil || errors.As(err, &known) {
		return err
	}
	e := &bot.Error{Kind: bot.Later, Say: text.Say("error.later"), Err: fmt.Errorf("%s: %w", tried, err)}
	var limited *slackapi.RateLimitedError
	var status slackapi.StatusCodeError
	switch {
	case errors.As(err, &limited):
		e.Sure, e.RetryAfter = true, max(limited.RetryAfter, time.Second)
	case errors.As(err, &status):
		ofStatus(e, status.Code)
	case code(err) != "":
		ofCode(e, code(err))
	default:
		e.Sure = neverLeft(err)
	}
	return e
}

func ofStatus(e *bot.Error, status int) {
	switch {
	case status == http.StatusTooManyRequests:
		e.Sure, e.RetryAfter = true, waitUnasked
	case status < http.StatusInternalServerError:
		e.Kind, e.Say, e.Sure = bot.Invalid, text.Say("delivery.failed"), true
	}
}

// ofCode sorts Slack's codes: https://docs.slack.dev/reference/methods/chat.postMessage#errors. What is not known is
// taken as final: Slack has refused and would refuse again.
func ofCode(e *bot.Error, code string) {
	e.Sure = true
	switch code {
	case "ratelimited", "rate_limited", "message_limit_exceeded":
		e.RetryAfter = waitUnasked
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout":
		e.Sure = false // "some aspect of the operation may have succeeded before the error"
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired":
		e.Kind, e.Say, e.Err = bot.Forbidden, text.Say("delivery.unauthorized"), fmt.Errorf("%w: %w", outbox.ErrUnauthorized, e.Err)
	default:
		e.Kind, e.Say = bot.Invalid, text.Say("delivery.failed")
		if isGone(code) {
			e.Kind, e.Say = bot.NotFound, text.Say("delivery.channel_gone")
		}
	}
}

// isGone reports whether Slack says that a channel takes no posts from us, or no longer exists for us.
func isGone(code string) bool {
	switch code {
	case "channel_not_found", "is_archived", "is_inactive", "not_in_channel", "restricted_action", "channel_is_archived":
		return true
	}
	return false
}

// isLost reports whether Slack says that the message to change, or to answer in a thread, is not there any more.
func isLost(code string) bool {
	switch code {
	case "message_not_found", "thread_not_found", "cant_update_message", "edit_window_closed":
		return true
	}
	return false
}

// neverLeft reports whether no connection came about, so that nothing can have happened.
func neverLeft(err error) bool {
	var dial *net.OpError
	var lookup *net.DNSError
	return errors.As(err, &lookup) || (errors.As(err, &dial) && dial.Op == "dial")
}

// inTime words what ran out of time as something to try again; to the flows it was an unexplained end.
func inTime(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil && bot.KindOf(err) == bot.Internal {
		return &bot.Error{Kind: bot.Later, Say: text.Say("error.later"), Err: err}
	}
	return err
}

// withoutAddress takes the address out of an error of net/http: upload addresses and response_urls are as good as keys.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
