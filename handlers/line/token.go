package line

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/channel_access_token"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
)

// tokens give the channel access token for a call.
type tokens interface {
	get(ctx context.Context) (string, error)
	drop(refused string) bool // reports whether another one can be had
}

func (c *Client) newTokens() (tokens, error) {
	if c.Token.IsSet() {
		return fixed(c.Token.Reveal()), nil
	}
	if c.ChannelID == "" || !c.ChannelSecret.IsSet() {
		return nil, errors.New("neither a channel access token nor a channel id with its secret")
	}
	api, err := channel_access_token.NewChannelAccessTokenAPI(
		channel_access_token.WithEndpoint(c.APIURL), channel_access_token.WithHTTPClient(&c.http))
	if err != nil {
		return nil, fmt.Errorf("make the SDK's client for tokens: %w", err)
	}
	return &stateless{client: c, api: api, turn: make(chan struct{}, 1)}, nil
}

// fixed is a token made in the console. Nothing but a person can replace it.
type fixed string

func (f fixed) get(context.Context) (string, error) { return string(f), nil }

func (f fixed) drop(string) bool { return false }

// stateless tokens live for 15 minutes and cannot be revoked; each process issues its own.
// https://developers.line.biz/en/docs/basics/channel-access-token/#stateless-channel-access-token
type stateless struct {
	client *Client
	api    *channel_access_token.ChannelAccessTokenAPI
	turn   chan struct{} // one asks for a new token, the others wait for it

	mu    sync.Mutex
	token string
	until time.Time
}

// tokenUse leaves a call that begins at the last moment five minutes.
const tokenUse = 10 * time.Minute

func (s *stateless) get(ctx context.Context) (string, error) {
	if token := s.current(); token != "" {
		return token, nil
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return "", &bot.Error{Kind: bot.Later, Err: fmt.Errorf("wait for a LINE token: %w", ctx.Err()), Sure: true}
	}
	if token := s.current(); token != "" {
		return token, nil
	}
	return s.issue(ctx)
}

func (s *stateless) current() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client.Now().Before(s.until) {
		return s.token
	}
	return ""
}

func (s *stateless) issue(ctx context.Context) (string, error) {
	api := *s.api
	begun := s.client.Now()
	res, issued, err := api.WithContext(ctx).IssueStatelessChannelTokenByClientSecretWithHttpInfo(
		s.client.ChannelID, s.client.ChannelSecret.Reveal())
	if err != nil || issued.AccessToken == "" {
		return "", s.refusal(res, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	life := min(tokenUse, time.Duration(issued.ExpiresIn)*time.Second*2/3)
	s.token, s.until = issued.AccessToken, begun.Add(life)
	return s.token, nil
}

// refusal tells a wrong secret, which only a person can mend, from a fault that passes. Nothing was sent either way.
func (s *stateless) refusal(res *http.Response, err error) error {
	if res == nil || res.StatusCode < 400 || res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 500 {
		return &bot.Error{Kind: bot.Later, Err: fmt.Errorf("issue a LINE token: %w", redacted(res, err)), Sure: true}
	}
	return &bot.Error{
		Kind: bot.Forbidden, Say: text.Say("delivery.unauthorized", "platform", string(bot.LINE)), Sure: true,
		Err: fmt.Errorf("issue a LINE token: %w: %w", redacted(res, err), outbox.ErrUnauthorized),
	}
}

func (s *stateless) drop(refused string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token == refused {
		s.until = time.Time{}
	}
	return true
}
