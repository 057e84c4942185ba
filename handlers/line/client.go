package line

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"

	"tsunagi/bot/text"
	"tsunagi/config"
)

// Client makes all calls to LINE. It is an outbox.Sender and a concierge.Fetcher; all methods may be called
// concurrently.
type Client struct {
	Options
	render  renderer
	tokens  tokens
	loading *loading
	pace    pace
	wires   *http.Transport
	http    http.Client

	mu     sync.Mutex
	shared *apis // made for one access token

	self atomic.Pointer[string] // the bot's own user id, once it is known
}

// Options are what a Client is made of. Words, Log and one of Token and ChannelID are required.
type Options struct {
	APIURL, DataURL string        // no path: https://api.line.me, https://api-data.line.me; also the defaults
	Token           config.Secret // a long-lived channel access token
	ChannelID       string        // without Token: stateless tokens are issued for this channel
	ChannelSecret   config.Secret // needed for that
	Words           *text.Catalogue
	Log             *slog.Logger
	Now             func() time.Time // nil: the machine's clock
	LoadingAfter    time.Duration    // how long a person waits before the loading animation shows; 0: 1 s
}

// How long a call may take that nobody has given less. The outbox gives a send 10 s; files are larger.
const (
	callTimeout = 9 * time.Second
	fileTimeout = 60 * time.Second
)

// New makes a client. It calls nobody yet.
func New(o Options) (*Client, error) {
	o = o.withDefaults()
	t := transport()
	c := &Client{
		Options: o, render: renderer{o.Words}, wires: t,
		http: httpClient(t, o.Log),
	}
	c.loading = newLoading(o.LoadingAfter, c.showLoading)
	var err error
	if c.tokens, err = c.newTokens(); err != nil {
		return nil, fmt.Errorf("make the LINE client: %w", err)
	}
	return c, nil
}

func (o Options) withDefaults() Options {
	if o.APIURL == "" {
		o.APIURL = "https://api.line.me"
	}
	if o.DataURL == "" {
		o.DataURL = "https://api-data.line.me"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.LoadingAfter == 0 {
		o.LoadingAfter = time.Second
	}
	return o
}

// Close ends what runs beside the calls, and waits for it.
func (c *Client) Close() {
	c.loading.close()
	c.wires.CloseIdleConnections()
}

// transport keeps as many connections as there may be sends at once; the default of two per host costs 41 % of the
// events per second.
func transport() *http.Transport {
	dialer := &net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
		MaxIdleConns: 512, MaxIdleConnsPerHost: 256, IdleConnTimeout: 90 * time.Second,
		TLSHandshakeTimeout: 3 * time.Second, ResponseHeaderTimeout: 8 * time.Second,
	}
}

// httpClient follows no redirects: LINE makes none, and the access token is in the header. It has no timeout, for that
// costs a goroutine a call; every call's context has one.
func httpClient(t http.RoundTripper, log *slog.Logger) http.Client {
	return http.Client{
		Transport:     logged{t, log},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// apis are the SDK's clients for one access token.
type apis struct {
	token string
	api   *messaging_api.MessagingApiAPI
	blob  *messaging_api.MessagingApiBlobAPI
}

// with copies both clients for one call: the SDK's WithContext writes into the client, so that a shared one would be
// cancelled by somebody else's context. https://github.com/line/line-bot-sdk-go/issues/435
func (a *apis) with(ctx context.Context) apis {
	api, blob := *a.api, *a.blob
	return apis{api: api.WithContext(ctx), blob: blob.WithContext(ctx)}
}

// call makes one call with the access token of the hour. A token that is refused although it was issued by ourselves is
// replaced once: a call answered 401 has had no effect.
func (c *Client) call(ctx context.Context, do func(apis) (*http.Response, error)) (*http.Response, error) {
	ctx, cancel := bounded(ctx, callTimeout)
	defer cancel()
	for again := true; ; again = false {
		a, err := c.apis(ctx)
		if err != nil {
			return nil, err
		}
		res, err := do(a.with(ctx))
		if again && res != nil && res.StatusCode == http.StatusUnauthorized && c.tokens.drop(a.token) {
			continue
		}
		return res, err
	}
}

// bounded gives a context an end if it has none.
func bounded(ctx context.Context, most time.Duration) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, most)
}

func (c *Client) apis(ctx context.Context) (*apis, error) {
	token, err := c.tokens.get(ctx)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shared != nil && c.shared.token == token {
		return c.shared, nil
	}
	a := &apis{token: token}
	a.api, err = messaging_api.NewMessagingApiAPI(token,
		messaging_api.WithEndpoint(c.APIURL), messaging_api.WithHTTPClient(&c.http))
	if err != nil {
		return nil, fmt.Errorf("make the SDK's client for %s: %w", c.APIURL, err)
	}
	a.blob, err = messaging_api.NewMessagingApiBlobAPI(token,
		messaging_api.WithBlobEndpoint(c.DataURL), messaging_api.WithBlobHTTPClient(&c.http))
	if err != nil {
		return nil, fmt.Errorf("make the SDK's client for %s: %w", c.DataURL, err)
	}
	c.shared = a
	return a, nil
}
