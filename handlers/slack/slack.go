// Package slack is Slack on the wire: it verifies and reads commands, interactions and events, over HTTP and over Socket
// Mode, hands them to the flows, turns neutral messages into Block Kit, and sends them.
//
// It never decides what a command or a button does, never stores anything, never passes on what staff say among
// themselves, and never logs what people write. Whoever wrote a text, it is shown to the letter and calls nobody.
//
// Begin reading with App for the way in and Sender for the way out; render.go turns a message into Slack's form,
// actor.go tells who may do what. Rules of the platform are linked where they are kept, from https://docs.slack.dev.
package slack

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/coordinator"
	"tsunagi/bot/desk"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/handlers/door"
)

// Desk runs commands and the buttons that stand for them. Errors are *bot.Error; the person reads their Say.
type Desk interface {
	Run(ctx context.Context, c desk.Call) (msg.Message, error)
}

// Coordinator answers presses on cards and filled-in modals; errors are *bot.Error, and the presser alone reads their Say.
// It also hears of whoever may have gone; after an error it has to hear it again.
type Coordinator interface {
	Press(ctx context.Context, p coordinator.Press) (coordinator.Reaction, error)
	Submit(ctx context.Context, s coordinator.Submission) (coordinator.Response, error)
	Left(ctx context.Context, event, user string) error
}

// Options are what an App is made of. All but Changed are required.
type Options struct {
	Client        *Client
	Directory     *Directory
	Desk          Desk
	Coordinator   Coordinator
	Words         *text.Catalogue
	Door          *door.Door    // only used over HTTP, and so is
	SigningSecret config.Secret // of the Slack app
	Now           func() time.Time
	Log           *slog.Logger
	// Changed hears that a channel has changed, so that it may be looked at. It may be nil.
	Changed func()
}

// App is the Slack app: the same answers behind HTTP (Commands, Interactions, Events) and Socket Mode (Connect). It is
// closed with Close.
type App struct {
	Options
	gate    *door.Gate
	turns   chan struct{} // requests being handled
	later   chan struct{} // places for work going on after an answer
	closing sync.Mutex
}

// Slack shows an error to the person when no answer has come within 3 s, and a trigger_id is good for as long.
// https://docs.slack.dev/interactivity/handling-user-interaction
const (
	answerWithin = 2500 * time.Millisecond
	laterWithin  = 10 * time.Second
	maxTurns     = 64
	maxLater     = 128
)

// New makes the app.
func New(o Options) *App {
	signing := seal{secret: o.SigningSecret.Reveal(), now: o.Now}
	return &App{
		Options: o, gate: o.Door.Gate("slack request", signing, answerWithin, maxBodies),
		turns: make(chan struct{}, maxTurns), later: make(chan struct{}, maxLater),
	}
}

// answer is what Slack is told in return: JSON, or nothing. Over Socket Mode long answers are dropped without a word, so
// one that may be long says what to send instead, and how to bring the whole afterwards.
type answer struct {
	body  []byte
	short []byte
	whole func(context.Context)
}

// taken writes the one line of what had its effect: ids, never content. What had none is logged where it is refused.
func (a *App) taken(ctx context.Context, kind, do, id string) {
	a.Log.InfoContext(ctx, "slack event", "event", id, "kind", kind, "do", do)
}

// Close waits for what goes on after answers. What comes in meanwhile waits for its turn.
func (a *App) Close(ctx context.Context) error {
	a.closing.Lock()
	defer a.closing.Unlock()
	taken := 0
	defer func() {
		for range taken {
			<-a.later
		}
	}()
	for ; taken < maxLater; taken++ { // whoever has all places knows that nobody else has one
		select {
		case a.later <- struct{}{}:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// after goes on with something once Slack has its answer. What waits for room longer than the answer may take is left
// out; the person can press again.
func (a *App) after(ctx context.Context, what, id string, do func(context.Context)) {
	select {
	case a.later <- struct{}{}:
	default:
		select {
		case a.later <- struct{}{}:
		case <-ctx.Done():
			a.Log.Error("too much to do after answers", "what", what, "event", id)
			return
		}
	}
	go func() { // Close waits for it by its place
		defer func() { <-a.later }()
		defer a.recovered(func() {})
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), laterWithin)
		defer cancel()
		do(ctx)
	}()
}

// actor tells who acted; people of other organisations are refused here, before any flow hears of them.
func (a *App) actor(ctx context.Context, user, team string) (bot.Actor, error) {
	home, err := a.Directory.Team(ctx)
	if err != nil {
		return bot.Actor{ID: user}, err
	}
	who, err := a.Directory.Actor(ctx, user, team)
	if err == nil && !who.Staff() && team != "" && team != home {
		a.Log.Warn("slack refused", "why", "another organisation", "user", user, "team", team)
		return who, bot.Refuse(bot.Forbidden, "error.forbidden")
	}
	return who, err
}

// sorry words an error for the person it concerns, and logs what is ours to mend.
func (a *App) sorry(ctx context.Context, what, id string, err error) msg.Message {
	err = inTime(ctx, err)
	kind := bot.KindOf(err)
	switch kind {
	case bot.Internal, bot.Later:
		a.Log.Error("slack answered with a fault", "what", what, "event", id, "kind", kind, "error", err)
	default:
		a.Log.Info("slack refused", "what", what, "event", id, "kind", kind, "key", bot.SayOf(err).Key)
	}
	if kind == bot.Internal {
		return a.plainly(broken(id, err))
	}
	return a.plainly(bot.SayOf(err))
}

// broken words a fault of ours, with the id by which its line in the log is found.
func broken(id string, err error) text.Line {
	return text.Say("slack.fault", "sorry", bot.SayOf(err), "event", id)
}

// plainly is a message of one line.
func (a *App) plainly(l text.Line) msg.Message {
	words := a.Words.Say(l)
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Text{Body: words}}}
}
