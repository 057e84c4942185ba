package concierge

import (
	"context"

	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// unusable answers words that cannot be taken: why, and what to do. Whatever else stood beside that would lead away from
// sending them again. What was asked about them stays asked.
func (t *turn) unusable(ctx context.Context, q *asked, why text.Line) error {
	t.said = append(t.said, why)
	if q == nil || (q.Do != "which" && q.Do != "about") {
		t.remark()
		return nil
	}
	t.st.Asked = q
	m, err := t.standing(ctx, &t.tx.Reader, t.st, t.talk.Draft)
	if err == nil {
		t.prompt(m)
	}
	return err
}

// remark answers with what was said in this turn and nothing else.
func (t *turn) remark() {
	t.sayExpired()
	t.answer = &answer{kind: KindRemark, args: saidAgain(t.said), message: bare(t.words.SayAll(t.said))}
}

// composeRemark says again what was said.
func (c *Concierge) composeRemark(_ context.Context, _ *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	return c.parcel(d, bare(c.words.SayAll(saidBefore(d.Args["said"])))), nil
}

// bare is a message of words alone.
func bare(words string) msg.Message {
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Text{Body: words}}}
}
