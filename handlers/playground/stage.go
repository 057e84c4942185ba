package playground

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"

	"tsunagi/bot"
	"tsunagi/handlers/playground/story"
)

//go:embed cast/*.yaml stories/*.txt
var stage embed.FS

// loadCast reads who plays at a desk, by the name of its profile; a desk without a cast of its own has nobody.
func loadCast(profile string, desk *bot.Desk) (story.Cast, error) {
	raw, err := stage.ReadFile("cast/" + profile + ".yaml")
	if err != nil {
		return story.Cast{}, fmt.Errorf("no people to play at the desk %s: %w", profile, err)
	}
	cast, err := story.ReadCast(raw)
	if err != nil {
		return cast, fmt.Errorf("cast of %s: %w", profile, err)
	}
	cast.Rooms = map[string]string{cast.Desk: desk.Channel}
	for _, d := range desk.Departments {
		cast.Rooms[d.Name] = d.Channel
	}
	return cast, nil
}

// Stories are the talks that a cast plays, in the order in which it names them.
func Stories(cast story.Cast) ([]*story.Story, error) {
	texts, err := fs.Sub(stage, "stories")
	if err != nil {
		return nil, err
	}
	all, err := story.Open(texts)
	if err != nil {
		return nil, err
	}
	var out []*story.Story
	for _, s := range all.Stories() {
		if !cast.Plays(s) {
			continue
		}
		if err := cast.Fits(s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b *story.Story) int {
		return slices.Index(cast.Stories, a.ID) - slices.Index(cast.Stories, b.ID)
	})
	return out, nil
}
