package concierge

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// Kinds of delivery the concierge puts itself, all to LINE.
const (
	KindPrompt  = "prompt"  // where the talk stands; may be lost, since the next input brings it again. args: said, status
	KindArrived = "arrived" // words or a file have come to the city. args: proposal, day, what
	KindReceipt = "receipt" // the receipt number of a proposal. args: proposal
	KindGone    = "gone"    // a proposal was withdrawn. args: proposal
	KindUndone  = "undone"  // a withdrawal was undone. args: proposal, what, day
	KindRefused = "refused" // the profile's rules have turned somebody away. args: field, choice
	KindRemark  = "remark"  // what was said to an input that could not be taken, and nothing else. args: said
	KindOver    = "over"    // a person has sent as much as is taken, and until when. args: limit, until
	KindSay     = "say"     // one sentence of the catalogue. args: key, and file if it is about one
)

// answer is what a person reads next: composed now, and by its kind and args again if that is lost.
type answer struct {
	kind    string
	args    map[string]string
	matters bool
	message msg.Message
	about   bot.ProposalID
}

func (a *answer) delivery(t *turn) store.Delivery {
	return store.Delivery{
		Lane: store.LineLane(t.talk.LineUser), Event: t.e.ID, Kind: a.kind, Args: a.args, Matters: a.matters,
		ReplyToken: t.e.ReplyToken, TokenAt: t.e.Received, Message: &a.message, Proposal: a.about,
	}
}

// reply sets the answer of this turn, with what was said before it on top.
func (t *turn) reply(a answer) {
	t.sayExpired()
	if len(t.said) > 0 {
		a.message = t.st.remarked(a.message, t.words.SayAll(t.said))
	}
	if a.kind == KindPrompt {
		a.args = saidAgain(t.said)
	}
	t.answer = &a
}

// remarked puts a remark on top of a message; on the card of a question it stands below what is asked, so that it is on
// screen with it.
func (s state) remarked(m msg.Message, note string) msg.Message {
	m.Alt = note
	card, ok := m.Blocks[0].(msg.Card)
	if !ok || len(m.Blocks) > 1 || !s.questioning() {
		m.Blocks = append([]msg.Block{msg.Text{Body: note}}, m.Blocks...)
		return m
	}
	card.Body = strings.TrimRight(note+"\n\n"+card.Body, "\n")
	m.Blocks = []msg.Block{card}
	return m
}

// questioning reports whether a question stands, of a form or beside it.
func (s state) questioning() bool {
	return s.Asked != nil || s.Form != nil && s.Form.Stage == form.StageAsking
}

// prompt answers with m, which shows where the talk stands.
func (t *turn) prompt(m msg.Message) { t.reply(answer{kind: KindPrompt, message: m}) }

// say adds feedback, read before the answer.
func (t *turn) say(key string, args ...any) { t.said = append(t.said, text.Say(key, args...)) }

// Handlings are the kinds of delivery the concierge composes, all to LINE.
func (c *Concierge) Handlings() map[string]outbox.Handling {
	return map[string]outbox.Handling{
		KindPrompt:       {Compose: c.composePrompt},
		KindArrived:      {Compose: c.composeArrived, Settle: c.settle},
		KindReceipt:      {Compose: c.composeReceipt, Settle: c.settle},
		KindGone:         {Compose: c.composeGone, Settle: c.settle},
		KindUndone:       {Compose: c.composeUndone, Settle: c.settle},
		KindRefused:      {Compose: c.composeRefused, Settle: c.settle},
		KindRemark:       {Compose: c.composeRemark},
		KindOver:         {Compose: c.composeOver},
		KindSay:          {Compose: c.composeSay, Settle: c.settle},
		ledger.KindState: {Compose: c.composeState, Settle: c.settleState},
		ledger.KindReply: {Compose: c.composeReply, Settle: c.settleReply},

		ledger.KindReminder: {Compose: c.composeReminder},
	}
}

// composePrompt shows where the talk stands now, below what was said to it.
func (c *Concierge) composePrompt(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	talk, s, err := c.read(ctx, r, d.Lane.Chat())
	if err != nil {
		return outbox.Parcel{}, err
	}
	m, err := c.prompted(ctx, r, d, talk, s)
	if err != nil {
		return outbox.Parcel{}, err
	}
	if said := saidBefore(d.Args["said"]); len(said) > 0 {
		m = s.remarked(m, c.words.SayAll(said))
	}
	h, ok, err := c.heldOf(ctx, r, talk, s, c.db.Now())
	if ok {
		m = h.before(m)
	}
	return c.parcel(d, m), err
}

// prompted is what a prompt shows by what holds now: the status if that was wanted, else where the talk stands.
func (c *Concierge) prompted(ctx context.Context, r *store.Reader, d store.Delivery, talk store.Talk, s state) (msg.Message, error) {
	if from, err := strconv.Atoi(d.Args["status"]); err == nil {
		t := turn{Concierge: c, tx: &store.Tx{Reader: *r, Now: c.db.Now()}, talk: talk, st: s}
		if m, any, err := t.statusFrom(ctx, from); any || err != nil {
			return m, err
		}
	}
	return c.standing(ctx, r, s, talk.Draft)
}

// composeArrived says again what was said when words or a file came: with the day of then.
func (c *Concierge) composeArrived(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	p, err := r.Proposal(ctx, proposalOf(d))
	if err != nil {
		return outbox.Parcel{}, err
	}
	return c.parcel(d, c.arrived(p, d.Args)), nil
}

func (c *Concierge) composeReceipt(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	p, err := r.Proposal(ctx, proposalOf(d))
	if err != nil {
		return outbox.Parcel{}, err
	}
	return c.parcel(d, c.receipt(p)), nil
}

// composeSay is one sentence; in the middle of a question the question follows with its buttons, so that the talk goes on.
func (c *Concierge) composeSay(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	file, err := c.fileOf(ctx, r, d)
	if err != nil {
		return outbox.Parcel{}, err
	}
	line := text.Say(d.Args["key"], "file", file)
	talk, s, err := c.read(ctx, r, d.Lane.Chat())
	if err != nil {
		return outbox.Parcel{}, err
	}
	if s.Asked == nil && !s.asking() {
		return c.parcel(d, c.plain(line)), nil
	}
	m, err := c.standing(ctx, r, s, talk.Draft)
	if err != nil {
		return outbox.Parcel{}, err
	}
	return c.parcel(d, s.remarked(m, c.words.Say(line))), nil
}

// fileOf is what the file of a delivery is called; once its name is erased it has none.
func (c *Concierge) fileOf(ctx context.Context, r *store.Reader, d store.Delivery) (text.Line, error) {
	n, err := strconv.ParseInt(d.Args["file"], 10, 64)
	if err != nil {
		return called(""), nil
	}
	f, err := r.File(ctx, bot.FileID(n))
	return called(f.Name), err
}

// called is a file by its name, or one without.
func called(name string) text.Line {
	if name == "" {
		return text.Say("concierge.file.unnamed")
	}
	return text.Say("concierge.file.named", "name", name)
}

// composeRefused is a no of the profile's rules. A rule that the profile no longer has leaves nothing to say.
func (c *Concierge) composeRefused(_ context.Context, _ *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	for _, rule := range c.desk.Rules {
		if rule.Field == d.Args["field"] && rule.Choice == d.Args["choice"] {
			return c.parcel(d, c.otherDoors(rule.Say)), nil
		}
	}
	return outbox.Parcel{}, bot.Refuse(bot.NotFound, "error.not_found")
}

// settle lets the desk know what a person should have read and never will.
func (c *Concierge) settle(ctx context.Context, tx *store.Tx, d store.Delivery, _ outbox.Receipt, fault error) error {
	if fault == nil {
		return nil
	}
	return c.ledger.Undelivered(ctx, tx, d, whyNot(fault))
}

// whyNot is the catalogue key of why something did not arrive; a fault without words of its own has those of deliveries.
func whyNot(fault error) string {
	var e *bot.Error
	if errors.As(fault, &e) && e.Say.Key != "" {
		return e.Say.Key
	}
	return "delivery.failed"
}

// settleState also looks whether the person has blocked us: LINE says well of a push that nobody reads.
func (c *Concierge) settleState(ctx context.Context, tx *store.Tx, d store.Delivery, r outbox.Receipt, fault error) error {
	if fault != nil {
		return c.settle(ctx, tx, d, r, fault)
	}
	talk, err := tx.TalkOf(ctx, d.Lane.Chat())
	if err != nil || !talk.Blocked {
		return err
	}
	d.ID = uuid.Nil // it has gone, so there is nothing to send again
	return c.ledger.Undelivered(ctx, tx, d, "delivery.blocked")
}

func (c *Concierge) parcel(d store.Delivery, m msg.Message) outbox.Parcel {
	return outbox.Parcel{To: d.Lane.Chat(), Message: m}
}

// plain is a message of one sentence, with the ways on.
func (c *Concierge) plain(l text.Line) msg.Message {
	words := c.words.Say(l)
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Text{Body: words}}, Choices: c.doors()}
}

func proposalOf(d store.Delivery) bot.ProposalID {
	n, _ := strconv.ParseInt(d.Args["proposal"], 10, 64)
	return bot.ProposalID(n)
}

func id[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }
