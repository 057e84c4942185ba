package story

import (
	"context"
	"strings"

	"tsunagi/handlers/line/linesim"
)

// question is what the phone asks now.
type question struct {
	place string // 3/9; empty on the card of all answers
	ask   string
	seq   int64 // on the record: what can be pressed for it stands here or later
	end   bool  // no question, but the card of all answers
}

// answering is one person going through the desk's questions.
type answering struct {
	*Player
	step    Step
	who     linesim.Person
	own     []Answer // what the story says
	given   map[string]bool
	repeats int
	last    question
}

// most bounds how many questions are answered in one step.
const most = 80

// answerAsTold answers question after question: those that the story names as it says, the others as the cast does,
// until all that it names have been answered.
func (p *Player) answerAsTold(ctx context.Context, s Step) error {
	a := p.answering(s)
	for _, one := range s.list {
		a.own = append(a.own, Answer{one.Name, one.Answer})
	}
	return a.run(ctx, func(q question) bool { return len(a.given) == len(a.own) })
}

// answerRest answers until the card of all answers.
func (p *Player) answerRest(ctx context.Context, s Step) error {
	return p.answering(s).run(ctx, func(q question) bool { return q.end })
}

// propose makes a whole proposal with a title of the story's. Whether its first question stands already is known only once
// the answer to what was written before has come.
func (p *Player) propose(ctx context.Context, s Step) error {
	a := p.answering(s)
	if err := a.settle(ctx, s); err != nil {
		return err
	}
	if !a.asked() {
		if err := p.writeWords(ctx, s, p.words.Phone.Propose); err != nil {
			return err
		}
	}
	a.own = []Answer{{p.cast.Title, s.args["title"]}}
	if err := a.run(ctx, func(q question) bool { return q.end }); err != nil {
		return err
	}
	submit := s
	submit.args = map[string]string{"who": s.args["who"], "label": p.words.Phone.Submit}
	return p.tapLabel(ctx, submit)
}

func (p *Player) answering(s Step) *answering {
	return &answering{Player: p, step: s, who: p.person(s), given: map[string]bool{}}
}

// run answers until it is over; the question that comes then is left standing.
func (a *answering) run(ctx context.Context, over func(question) bool) error {
	for range most {
		q, err := a.now(ctx)
		if err != nil {
			return err
		}
		if over(q) {
			return nil
		}
		if q.end {
			return a.notAsked()
		}
		if err := a.answer(ctx, q); err != nil {
			return err
		}
	}
	return a.wrong(a.step, "stuck", "question", a.last.ask)
}

// asked reports whether a question is on the phone.
func (a *answering) asked() bool {
	_, ok := a.newest()
	return ok
}

// now is the question that stands on the phone, waiting for what comes after the person's last word.
func (a *answering) now(ctx context.Context) (question, error) {
	if err := a.settle(ctx, a.step); err != nil {
		return question{}, err
	}
	var q question
	ok := a.untilLine(ctx, func() bool {
		var ok bool
		q, ok = a.newest()
		return ok
	})
	if !ok {
		return q, a.wrong(a.step, "no_question").instead(a.phoneNow(a.who))
	}
	return q, nil
}

// newest is the last question on the phone that comes after whatever the person did last.
func (a *answering) newest() (question, bool) {
	log, deed := a.who.Chat(), a.lastDeed()
	for i := len(log) - 1; i >= 0 && log[i].Kind == linesim.Seen && log[i].Seq > deed; i-- {
		for _, t := range onPhone().of(log[i].Message) {
			if found := a.words.question.FindStringSubmatch(t); found != nil {
				ask, _, _ := strings.Cut(found[3], "\n")
				return question{place: found[1] + "/" + found[2], ask: ask, seq: log[i].Seq}, true
			}
			if t == a.words.Phone.Summary {
				return question{ask: t, seq: log[i].Seq, end: true}, true
			}
		}
	}
	return question{}, false
}

// lastDeed is where the record tells what the person did last.
func (a *answering) lastDeed() (seq int64) {
	for _, e := range a.Line.Since(a.last.seq) {
		if e.Person == a.who.ID() && (e.Kind == linesim.Said || e.Kind == linesim.Pressed) {
			seq = e.Seq
		}
	}
	return seq
}

// answer gives the answer to one question.
func (a *answering) answer(ctx context.Context, q question) error {
	if a.repeats++; q.ask != a.last.ask {
		a.repeats = 0
	}
	if a.last = q; a.repeats > 2 {
		return a.wrong(a.step, "stuck", "question", q.ask).instead(a.phoneNow(a.who))
	}
	given, ok := answer(a.own, q.ask)
	if ok {
		a.given[given.Asked] = true
	} else if given, ok = answer(a.cast.Answers, q.ask); !ok {
		return a.wrong(a.step, "no_answer", "question", q.ask).instead(a.phoneNow(a.who))
	}
	for _, part := range a.parts(given.Answer) {
		if err := a.give(ctx, part); err != nil {
			return err
		}
	}
	return a.goOn(ctx, q)
}

// parts are the answers to a question that offers choices; any other answer is one.
func (a *answering) parts(words string) []string {
	for _, b := range a.offered() {
		if b.Where == "message" {
			return strings.Split(words, a.words.Phone.Separator)
		}
	}
	return []string{words}
}

// give presses the button with the answer on it, or writes it.
func (a *answering) give(ctx context.Context, words string) error {
	if err := a.begin(ctx, a.step); err != nil {
		return err
	}
	if b, ok := a.button(words); ok {
		r, err := a.who.PressPostback(ctx, b.Data, b.DisplayText, nil)
		return a.brought(ctx, a.step, r, err)
	}
	if err := a.read(ctx); err != nil {
		return err
	}
	r, err := a.who.SendText(ctx, words)
	return a.brought(ctx, a.step, r, err)
}

// button finds a button of the question that stands there: one with just these words, else one that holds them.
func (a *answering) button(words string) (linesim.Button, bool) {
	var part *linesim.Button
	offered := a.offered()
	for i, b := range offered {
		if b.Label == words {
			return b, true
		}
		if part == nil && b.Where == "message" && strings.Contains(b.Label, words) {
			part = &offered[i]
		}
	}
	if part == nil {
		return linesim.Button{}, false
	}
	return *part, true
}

// offered are the buttons that came with the newest question.
func (a *answering) offered() []linesim.Button {
	q, ok := a.newest()
	if !ok {
		return nil
	}
	fresh := map[string]bool{}
	for _, e := range a.who.Chat() {
		fresh[e.MessageID] = e.Kind == linesim.Seen && e.Seq >= q.seq
	}
	var out []linesim.Button
	for _, b := range a.who.Buttons() {
		if b.Type == "postback" && b.Where != "richMenu" && fresh[b.MessageID] {
			b.Label = clean(b.Label)
			out = append(out, b)
		}
	}
	return out
}

// goOn leaves a question that takes several answers.
func (a *answering) goOn(ctx context.Context, before question) error {
	q, err := a.now(ctx)
	if err != nil || q.place != before.place {
		return err
	}
	if b, ok := a.button(a.words.Phone.Next); ok && b.Label == a.words.Phone.Next {
		return a.give(ctx, a.words.Phone.Next)
	}
	return nil
}

func (a *answering) notAsked() error {
	for _, one := range a.own {
		if !a.given[one.Asked] {
			return a.wrong(a.step, "not_asked", "name", one.Asked).instead(a.phoneNow(a.who))
		}
	}
	return nil
}
