package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
	"github.com/redis/go-redis/v9"
	slackapi "github.com/slack-go/slack"
)

// The yardsticks: what a good programmer writes in an afternoon with the official SDKs, tuned as ours is.

// question is what both answer to everything.
const question = "Thank you. What is the title of your proposal? (2/9)\nFor example: watching over the elderly while delivering"

// serveBot runs a yardstick until ctx ends, with the settings that tsunagi has.
func serveBot(ctx context.Context, name string) error {
	makers := map[string]func(context.Context) (http.Handler, error){"bare": newBare, "plain": newPlain, "command": newCommand}
	maker, known := makers[name]
	if !known {
		return fmt.Errorf("no bot %q", name)
	}
	handler, err := maker(ctx)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	mux.Handle("POST /", handler)
	l, err := net.Listen("tcp", os.Getenv("LISTEN_ADDR"))
	if err != nil {
		return err
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	_ = server.Serve(l) // ends with Close
	return nil
}

// bare verifies, parses and replies.
type bare struct {
	api *messaging_api.MessagingApiAPI
}

func newBare(context.Context) (http.Handler, error) {
	transport := &http.Transport{MaxIdleConns: 512, MaxIdleConnsPerHost: 256}
	api, err := messaging_api.NewMessagingApiAPI(os.Getenv("LINE_CHANNEL_ACCESS_TOKEN"),
		messaging_api.WithEndpoint(os.Getenv("LINE_API_URL")),
		messaging_api.WithHTTPClient(&http.Client{Transport: transport, Timeout: 10 * time.Second}))
	return &bare{api}, err
}

// ServeHTTP answers each event.
func (b *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	forEach(w, r, func(e sdkEvent) error { return b.reply(e.token) })
}

func (b *bare) reply(token string) error {
	_, err := b.api.ReplyMessage(&messaging_api.ReplyMessageRequest{
		ReplyToken: token, Messages: []messaging_api.MessageInterface{messaging_api.TextMessage{Text: question}},
	})
	return err
}

// sdkEvent is what the yardsticks need of an event.
type sdkEvent struct{ id, user, token string }

// forEach parses with the SDK and handles one event after the other.
func forEach(w http.ResponseWriter, r *http.Request, do func(sdkEvent) error) {
	parsed, err := webhook.ParseRequest(os.Getenv("LINE_CHANNEL_SECRET"), r)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	for _, e := range parsed.Events {
		if err := do(readSDK(e)); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
	}
}

func readSDK(e webhook.EventInterface) sdkEvent {
	user := func(s webhook.SourceInterface) string {
		u, _ := s.(webhook.UserSource)
		return u.UserId
	}
	switch e := e.(type) {
	case webhook.MessageEvent:
		return sdkEvent{e.WebhookEventId, user(e.Source), e.ReplyToken}
	case webhook.PostbackEvent:
		return sdkEvent{e.WebhookEventId, user(e.Source), e.ReplyToken}
	case webhook.FollowEvent:
		return sdkEvent{e.WebhookEventId, user(e.Source), e.ReplyToken}
	}
	return sdkEvent{}
}

// plain keeps the talk in Redis and each event in Postgres before it replies.
type plain struct {
	bare
	redis *redis.Client
	pg    *pgxpool.Pool
}

// talk is what plain keeps of a conversation.
type talk struct {
	Step    int      `json:"step"`
	Answers []string `json:"answers"`
}

func newPlain(ctx context.Context) (http.Handler, error) {
	b, err := newBare(ctx)
	if err != nil {
		return nil, err
	}
	o, err := redis.ParseURL(os.Getenv("REDIS_URL"))
	if err != nil {
		return nil, err
	}
	pg, err := openPool(ctx, `CREATE TABLE IF NOT EXISTS events (
		id text PRIMARY KEY, user_id text NOT NULL, body jsonb NOT NULL, at timestamptz NOT NULL)`)
	if err != nil {
		return nil, err
	}
	o.PoolSize = 64
	return &plain{bare: *b.(*bare), redis: redis.NewClient(o), pg: pg}, nil
}

func openPool(ctx context.Context, table string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 16
	pg, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	_, err = pg.Exec(ctx, table)
	return pg, err
}

// ServeHTTP keeps and answers each event.
func (b *plain) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	forEach(w, r, func(e sdkEvent) error { return b.handle(r.Context(), e, raw) })
}

func (b *plain) handle(ctx context.Context, e sdkEvent, raw []byte) error {
	var t talk
	if kept, err := b.redis.Get(ctx, e.user).Bytes(); err == nil {
		_ = json.Unmarshal(kept, &t) // a broken one begins anew
	}
	t.Step++
	t.Answers = append(t.Answers, e.id)
	_, err := b.pg.Exec(ctx, `INSERT INTO events (id, user_id, body, at) VALUES ($1, $2, $3, $4)`, e.id, e.user, raw, time.Now())
	if err != nil {
		return err
	}
	next, err := json.Marshal(t)
	if err != nil {
		return err
	}
	if err := b.redis.Set(ctx, e.user, next, 7*24*time.Hour).Err(); err != nil {
		return err
	}
	return b.reply(e.token)
}

// command is a slash command with slack-go: verified, parsed, one insert, one post.
type command struct {
	api *slackapi.Client
	pg  *pgxpool.Pool
}

func newCommand(ctx context.Context) (http.Handler, error) {
	pg, err := openPool(ctx, `CREATE TABLE IF NOT EXISTS commands (trigger text PRIMARY KEY, who text NOT NULL, words text NOT NULL)`)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConns: 512, MaxIdleConnsPerHost: 256}, Timeout: 10 * time.Second}
	return &command{
		api: slackapi.New(slackToken, slackapi.OptionAPIURL(os.Getenv("SLACK_API_URL")), slackapi.OptionHTTPClient(client)), pg: pg,
	}, nil
}

// ServeHTTP takes one command.
func (b *command) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v, err := slackapi.NewSecretsVerifier(r.Header, slackSecret)
	if err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	r.Body = io.NopCloser(io.TeeReader(r.Body, &v))
	c, err := slackapi.SlashCommandParse(r)
	if err != nil || v.Ensure() != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if err := b.take(r.Context(), c); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

func (b *command) take(ctx context.Context, c slackapi.SlashCommand) error {
	_, err := b.pg.Exec(ctx, `INSERT INTO commands (trigger, who, words) VALUES ($1, $2, $3)`, c.TriggerID, c.UserID, c.Text)
	if err != nil {
		return err
	}
	_, _, err = b.api.PostMessageContext(ctx, c.ChannelID, slackapi.MsgOptionText("taken: "+c.Text, true))
	return err
}
