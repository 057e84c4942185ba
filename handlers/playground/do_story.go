package playground

import (
	"context"
	"slices"

	"tsunagi/handlers/playground/story"
)

// play is a story that somebody has begun to play.
type play struct {
	player *story.Player // used only by whoever has entered
	step   int
	failed string
	done   bool
}

// Story plays a story, one step or to its end. One that continues what this world has just seen goes on from there; any
// other begins in a new world, since its words are about people who have done nothing yet.
func (c *Console) Story(ctx context.Context, do StoryDo) error {
	if !c.enter() {
		return Refuse("busy")
	}
	defer c.leave()
	ctx = context.WithoutCancel(ctx) // whoever closes the page does not break a talk off in the middle
	if do.Do == "reset" && do.ID == "" {
		return c.again(ctx, func(*play) bool { return false })
	}
	at := slices.IndexFunc(c.all, func(s *story.Story) bool { return s.ID == do.ID })
	if at < 0 {
		return Refuse("no_story")
	}
	if do.Do == "reset" {
		c.forget(do.ID)
		return nil
	}
	p, err := c.begun(ctx, c.all[at])
	if err != nil {
		return err
	}
	for more := true; more; {
		if more, err = p.player.Next(ctx); err != nil {
			break
		}
		c.tell(do.ID, p, more, nil)
		if do.Do != "all" {
			return nil
		}
	}
	c.tell(do.ID, p, false, err)
	return nil
}

// enter lets one story be played at a time.
func (c *Console) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.playing {
		return false
	}
	c.playing = true
	return true
}

func (c *Console) leave() {
	c.mu.Lock()
	c.playing = false
	c.mu.Unlock()
	c.notice()
}

// begun is the story as far as it was played, or its beginning.
func (c *Console) begun(ctx context.Context, s *story.Story) (*play, error) {
	c.mu.Lock()
	p := c.plays[s.ID]
	goesOn := p != nil || !c.touched && continues(s, c.seen)
	c.mu.Unlock()
	if p != nil {
		return p, nil
	}
	if !goesOn {
		if err := c.again(ctx, func(p *play) bool { return p.done }); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	player, err := story.NewPlayer(c.now.Stage(c.now.Flush, c.now.App), c.now.Cast, s, c.seen...)
	if err != nil {
		return nil, err
	}
	p = &play{player: player}
	c.plays[s.ID] = p
	c.touched = true // until it has come to its end
	return p, nil
}

// continues tells whether a world that has seen these stories is as the story needs it.
func continues(s *story.Story, seen []string) bool {
	chain := s.Chain()
	if len(seen) >= len(chain) {
		return false
	}
	for i, id := range seen {
		if chain[i].ID != id {
			return false
		}
	}
	return true
}

// tell notes how far a story has come.
func (c *Console) tell(id string, p *play, more bool, fault error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p.failed, p.step = "", p.player.Step()
	if fault != nil {
		p.failed = fault.Error()
	} else if !more && !p.done {
		p.done, c.touched, c.seen = true, false, chainIDs(c.story(id))
	}
	c.notice()
}

func (c *Console) story(id string) *story.Story {
	return c.all[slices.IndexFunc(c.all, func(s *story.Story) bool { return s.ID == id })]
}

func chainIDs(s *story.Story) []string {
	var ids []string
	for _, one := range s.Chain() {
		ids = append(ids, one.ID)
	}
	return ids
}

// forget takes a story back to its beginning; the world as it is now is not the one it begins in.
func (c *Console) forget(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.plays[id] != nil {
		c.touched = true
	}
	delete(c.plays, id)
}

// drawPlays shows the stories and the faults.
func (c *Console) drawPlays(sections map[string]any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	stories := []Story{}
	for _, s := range c.all {
		one := Story{ID: s.ID, Title: s.Title, Steps: s.Sentences()}
		if p := c.plays[s.ID]; p != nil {
			one.Step, one.Done, one.Failed = p.step, p.done, p.failed
		}
		stories = append(stories, one)
	}
	faults := []Fault{}
	for _, id := range faultIDs() {
		faults = append(faults, Fault{ID: id, On: c.faults[id], Once: id == flushRedis})
	}
	sections[SectionStories], sections[SectionFaults] = stories, faults
}
