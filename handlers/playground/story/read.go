package story

import (
	"errors"
	"strings"
)

// read reads a file line by line; its error joins all faults.
func read(words *language, id, text string) (*Story, error) {
	r := &reader{story: &Story{ID: id, words: words}}
	for i, line := range strings.Split(text, "\n") {
		r.line(i+1, strings.TrimRight(strings.TrimPrefix(line, "\ufeff"), " 　\t\r"))
	}
	r.end()
	return r.story, errors.Join(r.faults...)
}

// reader is a file half read.
type reader struct {
	story    *Story
	comments int
	open     bool // the last sentence takes lines below it
	faults   []error
}

func (r *reader) line(n int, line string) {
	at := Step{Story: r.story.ID, Line: n, Text: strings.Trim(line, " 　\t")}
	switch {
	case at.Text == "":
	case strings.HasPrefix(at.Text, "#"):
		r.comment(strings.TrimSpace(strings.TrimLeft(at.Text, "#")))
	case strings.TrimLeft(line, " 　\t") != line:
		r.pair(at)
	default:
		r.sentence(at)
	}
}

// comment: the first names the story, the second says what it is about, the others are for readers.
func (r *reader) comment(words string) {
	switch r.comments++; r.comments {
	case 1:
		r.story.Title = words
	case 2:
		r.story.About = words
	}
}

// pair takes an indented line into the list of the sentence above it.
func (r *reader) pair(at Step) {
	name, answer, ok := strings.Cut(strings.Replace(at.Text, "：", ":", 1), ":")
	name, answer = strings.Trim(name, " 　"), strings.Trim(answer, " 　")
	switch {
	case !r.open:
		r.fault(at, "stray_line")
	case !ok || name == "" || answer == "":
		r.fault(at, "no_pair")
	default:
		last := &r.story.Steps[len(r.story.Steps)-1]
		last.list = append(last.list, Pair{name, answer})
	}
}

func (r *reader) sentence(at Step) {
	r.closeList()
	if args, ok := match(r.story.words.continues, at.Text); ok {
		r.follows(at, args["story"])
		return
	}
	f, args, ok := r.story.words.read(at.Text)
	if !ok {
		r.fault(at, "unknown_sentence")
		return
	}
	at.do, at.args, r.open = f.Do, args, f.List
	r.story.Steps = append(r.story.Steps, at)
}

func (r *reader) follows(at Step, story string) {
	if len(r.story.Steps) > 0 {
		r.fault(at, "late_continues")
		return
	}
	r.story.follows, r.story.at = story, at
	at.do = doContinue
	r.story.Steps = append(r.story.Steps, at)
}

// doContinue is the step that plays another story first.
const doContinue = "continue"

func (r *reader) closeList() {
	if !r.open {
		return
	}
	r.open = false
	if last := r.story.Steps[len(r.story.Steps)-1]; len(last.list) == 0 {
		r.fault(last, "no_list")
	}
}

func (r *reader) end() {
	r.closeList()
	if len(r.story.Steps) == 0 && len(r.faults) == 0 {
		r.fault(Step{Story: r.story.ID, Line: 1}, "empty")
	}
}

func (r *reader) fault(at Step, key string) { r.faults = append(r.faults, r.story.fault(at, key)) }
