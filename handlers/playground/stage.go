package playground

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"tsunagi/bot"
	"tsunagi/config"
	"tsunagi/handlers/playground/story"
)

//go:embed cast/*.yaml stories/*.txt
var stage embed.FS

// loadCast reads who plays at a desk: an embedded one, known by the name of its profile, has a cast of its own; at any
// other, such as a desk.yaml that somebody is writing, play people of no city in particular.
func loadCast(profile string, desk *bot.Desk) (story.Cast, error) {
	name := profile
	if !slices.Contains(config.Embedded(), profile) {
		name = "any." + desk.Language
	}
	raw, err := stage.ReadFile("cast/" + name + ".yaml")
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
	if name != profile {
		cast.Staff = append(cast.Staff, ofProfile(cast, desk)...)
	}
	return cast, nil
}

// ofProfile are those whom only the profile knows: its managers, and a colleague in each department.
func ofProfile(cast story.Cast, desk *bot.Desk) []story.Member {
	var all []story.Member
	for n, id := range desk.Managers {
		if !slices.ContainsFunc(cast.Staff, func(m story.Member) bool { return m.ID == id }) {
			name := fmt.Sprintf("%s %d", cast.Manager, n+1)
			all = append(all, story.Member{Name: name, ID: id, Role: cast.Manager, Rooms: []string{cast.Desk}})
		}
	}
	for n, d := range desk.Departments {
		name := strings.ReplaceAll(cast.Colleague, "{department}", d.Name)
		all = append(all, story.Member{Name: name, ID: fmt.Sprintf("U0COLLEAGUE%d", n+1), Role: d.Name, Rooms: []string{d.Name}})
	}
	return all
}

// begins is when the first story begins: what the cast's clock shows, by the clock of the desk.
func begins(cast story.Cast, desk *bot.Desk) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, cast.Begins)
	if err != nil {
		return t, fmt.Errorf("when the cast begins: %w", err)
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, desk.Location), nil
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
