package concierge

import (
	"context"
	"slices"
	"strings"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// hold keeps the words of this event until their writer says what they were, and asks. What no database takes is refused.
func (t *turn) hold(ctx context.Context, h store.HeldWords) error {
	if fault := form.Unusable(t.e.Text); !fault.Empty() {
		t.said = append(t.said[:0], fault)
	} else {
		h.Source, h.Body = store.Source{Message: t.e.Message, At: t.e.At}, t.e.Text
		t.keepWords(h)
	}
	if t.st.Form != nil {
		return t.step(ctx, form.Input{Do: form.DoLook})
	}
	t.prompt(t.again())
	return nil
}

func (t *turn) keepWords(h store.HeldWords) {
	h.Contact = t.talk.ID
	t.tx.HoldWords(h)
	t.st.Held = true
}

// keepCarried keeps the words of answers that a changed profile has no place for, or no place as private.
func (t *turn) keepCarried(ctx context.Context, f form.Form, before form.Session) error {
	if before.Version == f.Version {
		return nil
	}
	_, dropped := form.CarryOver(f, before)
	for _, name := range dropped {
		a := before.Answers[name]
		if a.Text == "" {
			continue
		}
		from, err := t.tx.SourceOf(ctx, t.talk.Draft, name)
		if err != nil {
			return err
		}
		h := store.HeldWords{Draft: t.talk.Draft, Field: name, Level: before.Levels[name], Source: from, Body: a.Text}
		if len(a.Pieces) == 0 {
			t.keepWords(h)
		}
		for _, piece := range a.Pieces {
			h.Source, h.Body = sourceOf(piece.Message, piece.At), piece.Text
			t.keepWords(h)
		}
	}
	return nil
}

func sourceOf(message string, at int64) store.Source {
	return store.Source{Message: message, At: time.UnixMilli(at)}
}

// heldWords are the words to be asked about next: the oldest, with what was typed at the same question.
type heldWords struct {
	*Concierge
	words []store.HeldWords
	st    state
	draft bot.DraftID
	city  bool // there is a proposal that they may be about
	now   time.Time
}

// heldOf reads what is held of a contact; ok is false if nothing is.
func (c *Concierge) heldOf(ctx context.Context, r *store.Reader, talk store.Talk, s state, now time.Time) (h heldWords, ok bool, err error) {
	if !s.Held {
		return h, false, nil
	}
	list, err := r.HeldWords(ctx, talk.ID)
	if err != nil || len(list) == 0 {
		return h, false, err
	}
	first := list[0]
	list = slices.DeleteFunc(list, func(w store.HeldWords) bool {
		return w.Draft != first.Draft || w.Field != first.Field || w.Level != first.Level
	})
	may, err := c.addressesOf(ctx, r, talk.ID, now)
	h = heldWords{Concierge: c, words: list, st: s, draft: talk.Draft, city: len(may) > 0, now: now.In(c.desk.Location)}
	return h, true, err
}

// remind puts the held words before the answer of this turn, so that nothing that was typed is passed over.
func (t *turn) remind(ctx context.Context) error {
	if t.answer == nil {
		return nil
	}
	h, ok, err := t.heldOf(ctx, &t.tx.Reader, t.talk, t.st, t.tx.Now)
	if err != nil {
		return err
	}
	if t.st.Held = ok; ok {
		t.answer.message = h.before(t.answer.message)
	}
	return nil
}

// before puts the question about the held words before a message.
func (h heldWords) before(m msg.Message) msg.Message {
	m.Blocks = append([]msg.Block{h.card()}, m.Blocks...)
	return m
}

// Sizes of what is shown back: in the sentence about it, and of the words themselves.
const (
	heldBrief = 12
	heldShown = 300
)

func (h heldWords) card() msg.Card {
	words := h.body()
	line := strings.Join(strings.Fields(words), " ")
	card := msg.Card{Title: h.say("concierge.held.ask", "words", shortened(line, heldBrief)), Buttons: h.buttons()}
	if n := form.Length(words); n > heldShown {
		card.Body = h.say("concierge.held.part", "words", shortened(words, heldShown), "count", n)
	} else if n > heldBrief {
		card.Body = words
	}
	return card
}

// body is all that is asked about, in the order typed.
func (h heldWords) body() string {
	all := make([]string, len(h.words))
	for i, w := range h.words {
		all[i] = strings.TrimSpace(w.Body)
	}
	return strings.Join(all, "\n")
}

// shortened is the beginning of words, with a mark where more follows.
func shortened(words string, most int) string {
	r := []rune(words)
	if len(r) <= most {
		return words
	}
	return strings.TrimSpace(string(r[:most])) + "…"
}

// buttons are what the words may be: the answer to their own question or to the one that stands, where no more people read
// them; a message to the city, with who reads that; or nothing.
func (h heldWords) buttons() []msg.Button {
	var all []msg.Button
	for _, field := range h.places() {
		all = append(all, msg.Button{Label: h.label(field), Press: h.press("answer", "f", field.ID, "d", id(h.draft))})
	}
	if h.city {
		all = append(all, msg.Button{Label: h.say("button.concierge.to_desk"), Press: h.press("send"), Confirm: h.say("concierge.held.readers")})
	}
	return append(all, msg.Button{Label: h.say("button.concierge.unused"), Press: h.press("drop")})
}

// press names the newest of the words, so that what is held since is not meant, and when they were asked about.
func (h heldWords) press(v string, more ...string) msg.Press {
	return msg.Do("words", append([]string{"v", v, "h", id(h.words[len(h.words)-1].ID)}, more...)...).Shown(h.now)
}

// label says what becomes of the words.
func (h heldWords) label(field form.Field) string {
	key := "button.concierge.as_answer"
	switch a := h.st.Form.Answers[field.ID]; {
	case a.Empty():
	case field.Kind == form.Text, field.Kind == form.LongText, field.Kind == form.MultiChoice:
		key = "button.concierge.add_to"
	default:
		key = "button.concierge.instead_of"
	}
	return h.say(key, "field", shortened(field.Name(), heldBrief))
}

// places are the questions of the form under way whose answer the words may be.
func (h heldWords) places() []form.Field {
	if h.st.Form == nil {
		return nil
	}
	f := h.formOf(h.st.Form.Form)
	now := form.Current(f, *h.st.Form)
	var all []form.Field
	for _, name := range []string{h.ownField(), now.Field.ID} {
		field, known := f.Field(name)
		same := slices.ContainsFunc(all, func(other form.Field) bool { return other.ID == name })
		if known && !same && form.Applies(f, *h.st.Form, name) && h.fits(field) {
			all = append(all, field)
		}
	}
	return all
}

// ownField is the question at which the words were typed, if it belongs to the form under way.
func (h heldWords) ownField() string {
	if h.words[0].Draft != h.draft {
		return ""
	}
	return h.words[0].Field
}

// fits reports whether the words can become an answer to the field, all of them.
func (h heldWords) fits(field form.Field) bool {
	a := h.st.Form.Answers[field.ID]
	for _, w := range h.words {
		var refusal []text.Line
		if a, refusal = form.Joined(field, a, h.input(field, w, store.Source{})); len(refusal) > 0 {
			return false
		}
	}
	return true
}

// input is one of the words as input of the form; first is what the answer so far came as.
func (h heldWords) input(field form.Field, w store.HeldWords, first store.Source) form.Input {
	in := h.verbs.Join(field, w.Body)
	in.Moment = form.Moment{At: w.At.UnixMilli(), Message: w.Message}
	in.First = form.Moment{At: first.At.UnixMilli(), Message: first.Message}
	in.Level, in.Instead, in.Now = w.Level, true, h.now
	return in
}
