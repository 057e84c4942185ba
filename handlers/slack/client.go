package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"tsunagi/config"
)

// Client is the workspace as the app reaches it. One is made at start and shared by all.
type Client struct {
	api   *slackapi.Client
	http  *http.Client
	base  *url.URL // of the Web API, ends in a slash
	token config.Secret
	app   config.Secret
}

// Access is where the workspace is and what opens it.
type Access struct {
	APIURL   string // https://slack.com/api/
	BotToken config.Secret
	AppToken config.Secret // for Socket Mode; may be unset
}

// NewClient makes the client. It calls nobody yet.
func NewClient(a Access) (*Client, error) {
	base, err := url.Parse(strings.TrimRight(a.APIURL, "/") + "/")
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("address of the Web API: %w", err)
	}
	client := &http.Client{Transport: newTransport(), CheckRedirect: stay}
	api := slackapi.New(a.BotToken.Reveal(), slackapi.OptionAPIURL(base.String()), slackapi.OptionHTTPClient(client),
		slackapi.OptionAppLevelToken(a.AppToken.Reveal()))
	return &Client{api: api, http: client, base: base, token: a.BotToken, app: a.AppToken}, nil
}

// newTransport keeps enough connections for all workers of the outbox; the default keeps two per host. Each call is
// bounded by its context; the times here only catch a host that does not answer at all.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          256,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: 15 * time.Second,
	}
}

// stay follows no redirects: what we send is for one host alone.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// call calls a method whose answer is read with a small struct of our own, which embeds slackapi.SlackResponse. The
// SDK's types refuse a whole history when one message of another app holds something they do not know.
func (c *Client) call(ctx context.Context, method string, args url.Values, out interface{ Err() error }) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base.JoinPath(method).String(), strings.NewReader(args.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+c.token.Reveal())
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer drain(resp)
	if err := statusFault(resp); err != nil {
		return err
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		return fmt.Errorf("read the answer of %s: %w", method, err)
	}
	return out.Err()
}

// drain lets the connection be used again.
func drain(resp *http.Response) {
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // at worst the connection is not used again
	_ = resp.Body.Close()
}

// statusFault says what a status means, in the SDK's errors.
func statusFault(resp *http.Response) error {
	if resp.StatusCode == http.StatusTooManyRequests {
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return &slackapi.RateLimitedError{RetryAfter: time.Duration(seconds) * time.Second}
	}
	if resp.StatusCode != http.StatusOK {
		return slackapi.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
	}
	return nil
}

// ours reports whether an address that came with a request or an answer is Slack's own, so that nothing is sent
// elsewhere: on the given host of Slack, or on the host of the Web API.
func (c *Client) ours(address, host string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	if u.Scheme == c.base.Scheme && u.Host == c.base.Host {
		return true
	}
	return u.Scheme == "https" && (u.Host == host+".slack.com" || u.Host == host+".slack-gov.com")
}
