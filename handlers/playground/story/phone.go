package story

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"tsunagi/handlers/line/linesim"
)

// phoneDeeds are what companies do on LINE.
func (p *Player) phoneDeeds() map[string]func(context.Context, Step) error {
	return map[string]func(context.Context, Step) error{
		"phone.follow":   p.onPhone(linesim.Person.Follow),
		"phone.unblock":  p.onPhone(linesim.Person.Follow),
		"phone.block":    p.onPhone(linesim.Person.Block),
		"phone.write":    p.write,
		"phone.more":     p.writeMore,
		"phone.tap":      p.tapLabel,
		"phone.tap_part": p.tapPart,
		"phone.row":      p.tapRow,
		"phone.file":     p.sendFile,
		"phone.large_file": func(ctx context.Context, s Step) error {
			return p.sendFileOf(ctx, s, number(s.args["n"])<<20)
		},
		"phone.sticker": p.onPhone(func(who linesim.Person, ctx context.Context) (linesim.Receipt, error) {
			return who.SendSticker(ctx, "446", "1988")
		}),
		"phone.unsend":  p.unsend,
		"phone.answers": p.answerAsTold,
		"phone.rest":    p.answerRest,
		"phone.propose": p.propose,
	}
}

func (p *Player) person(s Step) linesim.Person {
	who, _ := p.cast.person(s.args["who"])
	handle, _ := p.Line.Person(who.Name)
	return handle
}

// onPhone is a deed that needs no words.
func (p *Player) onPhone(do func(linesim.Person, context.Context) (linesim.Receipt, error)) func(context.Context, Step) error {
	return func(ctx context.Context, s Step) error {
		if err := p.begin(ctx, s); err != nil {
			return err
		}
		r, err := do(p.person(s), ctx)
		return p.brought(ctx, s, r, err)
	}
}

// brought waits for what the application could not take in time: LINE brings it once more, and the person sees nothing of it.
func (p *Player) brought(ctx context.Context, s Step, r linesim.Receipt, err error) error {
	if err == nil && r.Status == http.StatusServiceUnavailable && p.comesAgain(ctx, r.EventID) {
		return nil
	}
	return p.taken(s, r, err)
}

// comesAgain tells whether the application takes an event that is brought again.
func (p *Player) comesAgain(ctx context.Context, event string) bool {
	return p.untilLine(ctx, func() bool {
		return slices.ContainsFunc(p.Line.Since(p.since.line), func(e linesim.Entry) bool {
			return e.Kind == linesim.Webhook && e.EventID == event && e.Again && e.Status == http.StatusOK
		})
	})
}

// taken judges how the application took an event. One that a planned fault of the network holds back is no fault of the
// application.
func (p *Player) taken(s Step, r linesim.Receipt, err error) error {
	switch {
	case err != nil:
		return p.failed(s, err)
	case r.Delivered(), r.EventID == "", r.Reason == string(linesim.Drop), r.Reason == string(linesim.Reorder),
		r.Reason == string(linesim.LoseAnswer):
		return nil
	}
	why := r.Reason
	if why == "" {
		why = "HTTP " + digits(r.Status)
	}
	return p.wrong(s, "not_taken", "error", why)
}

func (p *Player) write(ctx context.Context, s Step) error {
	return p.writeWords(ctx, s, s.args["text"])
}

// writeMore is written right after what was written before, as by the return key between two paragraphs.
func (p *Player) writeMore(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	r, err := p.person(s).SendText(ctx, s.args["text"])
	return p.taken(s, r, err)
}

// readFor is how many seconds somebody reads before writing.
const readFor = 5

// read lets the time pass in which somebody reads what is to be answered. A world without a clock of its own has none.
func (p *Player) read(ctx context.Context) error {
	if p.Pass == nil {
		return nil
	}
	return p.Pass(ctx, Span{N: readFor, Unit: Seconds})
}

func (p *Player) writeWords(ctx context.Context, s Step, words string) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	if err := p.read(ctx); err != nil {
		return err
	}
	r, err := p.person(s).SendText(ctx, words)
	return p.brought(ctx, s, r, err)
}

func (p *Player) tapLabel(ctx context.Context, s Step) error {
	label := s.args["label"]
	return p.tap(ctx, s, label, func(b linesim.Button) bool { return clean(b.Label) == label })
}

func (p *Player) tapPart(ctx context.Context, s Step) error {
	label := s.args["label"]
	return p.tap(ctx, s, label, func(b linesim.Button) bool { return strings.Contains(clean(b.Label), label) })
}

// tap presses the newest button that fits, waiting for it if need be.
func (p *Player) tap(ctx context.Context, s Step, label string, fits func(linesim.Button) bool) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	who := p.person(s)
	var found *linesim.Button
	var labels []string
	p.untilLine(ctx, func() bool {
		labels = nil
		for _, b := range who.Buttons() {
			labels = append(labels, b.Label)
			if fits(b) {
				found = &b
				return true
			}
		}
		return false
	})
	if found == nil {
		return p.wrong(s, "no_button", "label", label).instead(labels)
	}
	r, err := who.Tap(ctx, found.Label)
	return p.brought(ctx, s, r, err)
}

func (p *Player) unsend(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	who := p.person(s)
	log := who.Chat()
	for i := len(log) - 1; i >= 0; i-- {
		if log[i].Kind == linesim.Said && log[i].MessageID != "" && !log[i].Unsent {
			r, err := who.Unsend(ctx, log[i].MessageID)
			return p.brought(ctx, s, r, err)
		}
	}
	return p.wrong(s, "no_message")
}
