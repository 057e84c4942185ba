package story

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/slack/slacksim"
)

// Stage is the world that a story is played in. Line, Slack and Idle are required, the others where a story needs them.
type Stage struct {
	Line  *linesim.Sim
	Slack *slacksim.Sim
	// Idle waits until the application has delivered whatever could go now.
	Idle func(context.Context) error
	// Pass lets time pass for everybody.
	Pass func(context.Context, Span) error
	// Flush empties Redis.
	Flush func(context.Context) error
	// Before is called ahead of every step, those of stories that are continued included.
	Before func(context.Context, Step) error
	// Patience is how long something may take to be seen; 0: half a minute, which a busy machine may need.
	Patience time.Duration
}

// Span is an amount of time.
type Span struct {
	N    int
	Unit Unit
}

// Unit is what time is counted in.
type Unit string

// The units of a Span.
const (
	Seconds     Unit = "seconds" // in which somebody reads and types; nothing falls due meanwhile
	Minutes     Unit = "minutes"
	Hours       Unit = "hours"
	Days        Unit = "days"
	WorkingDays Unit = "working days"
)

// Player plays one story step by step. It is not safe for use by several goroutines.
type Player struct {
	Stage
	cast   Cast
	story  *Story
	words  *language
	played map[string]bool // stories that this world has seen to their end
	does   map[string]func(context.Context, Step) error
	step   int
	since  moment
}

// moment is where both records stood when the last deed began; what came after it is what a person sees of it.
type moment struct {
	line  int64
	slack int
}

// NewPlayer makes a player for a story in a world that has seen the given stories already; those are not played again.
// Its error says which names of the story the cast does not have.
func NewPlayer(s Stage, c Cast, st *Story, played ...string) (*Player, error) {
	if err := c.Fits(st); err != nil {
		return nil, err
	}
	if s.Patience == 0 {
		s.Patience = 30 * time.Second
	}
	p := &Player{Stage: s, cast: c, story: st, words: st.words, played: map[string]bool{}}
	for _, id := range played {
		p.played[id] = true
	}
	p.does = p.deeds()
	return p, nil
}

// Title is the story's.
func (p *Player) Title() string { return p.story.Title }

// Steps are the story's sentences as written.
func (p *Player) Steps() []string { return p.story.Sentences() }

// Step is how many steps are behind.
func (p *Player) Step() int { return p.step }

// Next plays one step and tells whether more follow. A step that fails is a *Fault and can be tried again.
func (p *Player) Next(ctx context.Context) (more bool, err error) {
	if p.step >= len(p.story.Steps) {
		return false, nil
	}
	if err := p.play(ctx, p.story.Steps[p.step]); err != nil {
		return true, err
	}
	p.step++
	return p.step < len(p.story.Steps), nil
}

// All plays to the end.
func (p *Player) All(ctx context.Context) error {
	for more := true; more; {
		var err error
		if more, err = p.Next(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (p *Player) play(ctx context.Context, s Step) error {
	if s.do == doContinue {
		return p.playBefore(ctx)
	}
	if p.Before != nil {
		if err := p.Before(ctx, s); err != nil {
			return p.failed(s, err)
		}
	}
	err := p.does[s.do](ctx, s)
	if fault := (*Fault)(nil); err == nil || errors.As(err, &fault) {
		return err
	}
	return p.failed(s, err)
}

// playBefore plays the story that this one continues, unless this world has seen it.
func (p *Player) playBefore(ctx context.Context) error {
	if p.played[p.story.After.ID] {
		return nil
	}
	before := *p
	before.story, before.step = p.story.After, 0
	before.does = before.deeds()
	if err := before.All(ctx); err != nil {
		return err
	}
	p.since = before.since
	return nil
}

// deeds is the table of all that sentences can make happen.
func (p *Player) deeds() map[string]func(context.Context, Step) error {
	all := map[string]func(context.Context, Step) error{}
	for _, some := range []map[string]func(context.Context, Step) error{p.sights(), p.phoneDeeds(), p.slackDeeds(), p.timeDeeds()} {
		for name, do := range some {
			all[name] = do
		}
	}
	return all
}

// begin is the beginning of a deed: people act on what there is to see, and what comes up from here on comes of it.
func (p *Player) begin(ctx context.Context, s Step) error {
	if err := p.settle(ctx, s); err != nil {
		return err
	}
	p.since = moment{p.Line.Last(), p.Slack.Seq()}
	return nil
}

// settle lets what is under way come to its end.
func (p *Player) settle(ctx context.Context, s Step) error {
	ctx, cancel := context.WithTimeout(ctx, p.Patience)
	defer cancel()
	if err := p.Idle(ctx); err != nil {
		return &Fault{Step: s, Wrong: p.words.say("not_idle", "error", err.Error()), Err: err, words: p.words}
	}
	return nil
}

// wrong makes a fault of a step.
func (p *Player) wrong(s Step, key string, args ...string) *Fault {
	return &Fault{Step: s, Wrong: p.words.say(key, args...), words: p.words}
}

// instead adds what was seen instead.
func (f *Fault) instead(seen []string) *Fault {
	f.Seen = append([]string{}, seen...)
	return f
}

func (p *Player) failed(s Step, err error) *Fault {
	f := p.wrong(s, "failed", "error", err.Error())
	f.Err = err
	return f
}

// Sentences are the steps as written, but that a story continued is called by its title.
func (s *Story) Sentences() []string {
	out := make([]string, len(s.Steps))
	for i, step := range s.Steps {
		out[i] = step.Text
		if step.do == doContinue && s.After != nil {
			out[i] = strings.Replace(step.Text, s.follows, cmp.Or(s.After.Title, s.follows), 1)
		}
	}
	return out
}
