package story

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Story is a talk that can be played.
type Story struct {
	ID    string // the file's name without its ending
	Title string // the first comment of the file
	About string // the second
	After *Story // played first, if any
	Steps []Step

	follows string // id of After as written
	at      Step   // where that is written
	words   *language
}

// Step is one sentence.
type Step struct {
	Story string
	Line  int
	Text  string // as written, without the lines of a list below it

	do   string
	args map[string]string
	list []Pair
}

// Pair is a line of a list: a name and what is answered.
type Pair struct{ Name, Answer string }

// Does tells what a step makes happen, in the words of ja.yaml, for whoever plays by other means than a Player.
func (s Step) Does() (do string, args map[string]string, list []Pair) { return s.do, s.args, s.list }

// Library is a set of stories that may continue one another.
type Library struct {
	stories []*Story
}

// Open reads every .txt file of a folder. Its error joins all faults, each with story and line.
func Open(fsys fs.FS) (*Library, error) {
	names, err := fs.Glob(fsys, "*.txt")
	if err != nil {
		return nil, err
	}
	words, err := readLanguage()
	if err != nil {
		return nil, err
	}
	var all []*Story
	var faults []error
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		s, err := read(words, strings.TrimSuffix(path.Base(name), ".txt"), string(raw))
		faults = append(faults, err)
		all = append(all, s)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	l := &Library{all}
	return l, l.join()
}

// Parse reads one story that continues no other.
func Parse(id, text string) (*Story, error) {
	words, err := readLanguage()
	if err != nil {
		return nil, err
	}
	s, err := read(words, id, text)
	if err != nil {
		return nil, err
	}
	return s, (&Library{[]*Story{s}}).join()
}

// Stories lists all stories in the order of their ids.
func (l *Library) Stories() []*Story { return slices.Clone(l.stories) }

// Story finds a story by its id.
func (l *Library) Story(id string) (*Story, bool) {
	at := slices.IndexFunc(l.stories, func(s *Story) bool { return s.ID == id })
	if at < 0 {
		return nil, false
	}
	return l.stories[at], true
}

// join ties each story to the one it continues.
func (l *Library) join() error {
	var faults []error
	for _, s := range l.stories {
		if s.follows == "" {
			continue
		}
		before, ok := l.Story(s.follows)
		if !ok {
			faults = append(faults, s.fault(s.at, "no_story", "name", s.follows))
			continue
		}
		s.After = before
	}
	for _, s := range l.stories {
		if s.turnsBack() {
			s.After = nil
			faults = append(faults, s.fault(s.at, "circle", "name", s.ID))
		}
	}
	return errors.Join(faults...)
}

func (s *Story) turnsBack() bool {
	seen := map[*Story]bool{}
	for one := s; one != nil; one = one.After {
		if seen[one] {
			return true
		}
		seen[one] = true
	}
	return false
}

// Chain lists the stories that are played for this one, the first one first, this one last.
func (s *Story) Chain() []*Story {
	if s.After == nil {
		return []*Story{s}
	}
	return append(s.After.Chain(), s)
}

func (s *Story) fault(at Step, key string, args ...string) *Fault {
	return &Fault{Step: at, Wrong: s.words.say(key, args...), words: s.words}
}
