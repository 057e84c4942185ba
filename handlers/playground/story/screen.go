package story

import (
	"cmp"
	"context"
	"strings"

	"tsunagi/handlers/slack/slacksim"
)

// fill types or chooses in the modal in front of somebody, and sends nothing.
func (p *Player) fill(ctx context.Context, s Step) error {
	m := p.member(s)
	var view slacksim.View
	var found element
	var offered []string
	ok := p.untilSlack(ctx, func() bool {
		view, _ = p.Slack.View(m.ID)
		all := inputs(view.Blocks)
		offered = labels(all)
		var ok bool
		found, ok = labelled(all, s.args["field"])
		return ok
	})
	if !ok {
		return p.wrong(s, "no_field", "field", s.args["field"]).instead(offered)
	}
	err := p.Slack.Type(m.ID, view.ID, slacksim.Values{found.action: p.values(found, s.args["text"])})
	if err != nil {
		return p.failed(s, err).instead(found.choices)
	}
	return nil
}

// values are the words of a story as an input takes them.
func (p *Player) values(e element, words string) []string {
	several := e.kind == "checkboxes" || strings.HasPrefix(e.kind, "multi_")
	all := []string{words}
	if several {
		all = strings.Split(words, p.words.Phone.Separator)
	}
	if strings.Contains(e.kind, "users_select") {
		for i, name := range all {
			if m, ok := p.cast.member(name); ok {
				all[i] = m.ID
			}
		}
	}
	return all
}

// submit sends the modal; complaints about what is filled in are a fault of the step.
func (p *Player) submit(ctx context.Context, s Step) error {
	out, err := p.send(ctx, s)
	if err != nil {
		return err
	}
	return p.answered(s, out, nil)
}

// try sends the modal and leaves complaints on it to be seen.
func (p *Player) try(ctx context.Context, s Step) error {
	out, err := p.send(ctx, s)
	if err != nil {
		return err
	}
	out.Errors = nil
	return p.answered(s, out, nil)
}

func (p *Player) send(ctx context.Context, s Step) (slacksim.Outcome, error) {
	if err := p.begin(ctx, s); err != nil {
		return slacksim.Outcome{}, err
	}
	m := p.member(s)
	var view slacksim.View
	if !p.untilSlack(ctx, func() bool {
		view, _ = p.Slack.View(m.ID)
		return view.Submit != ""
	}) {
		return slacksim.Outcome{}, p.wrong(s, "no_submit").instead(p.viewTexts(view))
	}
	out, err := p.Slack.Submit(ctx, m.ID, view.ID, nil)
	if err != nil && len(out.Errors) == 0 {
		return out, p.failed(s, err)
	}
	return out, nil
}

func (p *Player) pressOnScreen(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	m := p.member(s)
	var view slacksim.View
	var found element
	var offered []string
	ok := p.untilSlack(ctx, func() (ok bool) {
		view, _ = p.Slack.View(m.ID)
		all := buttons(view.Blocks)
		offered = labels(all)
		found, ok = labelled(all, s.args["label"])
		return ok
	})
	if !ok {
		return p.wrong(s, "no_button", "label", s.args["label"]).instead(offered)
	}
	out, err := p.Slack.PressView(ctx, m.ID, view.ID, found.action, found.given()...)
	return p.answered(s, out, err)
}

func (p *Player) closeScreen(ctx context.Context, s Step) error {
	if err := p.begin(ctx, s); err != nil {
		return err
	}
	view, ok := p.Slack.View(p.member(s).ID)
	if !ok {
		return p.wrong(s, "no_screen")
	}
	return p.answered(s, slacksim.Outcome{}, p.Slack.Close(ctx, p.member(s).ID, view.ID))
}

func compare(a, b string) int { return cmp.Compare(a, b) }

func joined(all []string) string { return strings.Join(all, " ") }
