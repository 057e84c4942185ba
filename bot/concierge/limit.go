package concierge

import (
	"cmp"
	"context"
	"maps"
	"strconv"
	"time"

	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// limit is something of which one person can send the desk only so much in a time. Nobody who works with the desk comes near.
// Answers of a form do not count, but for files.
type limit string

const (
	hourMessages limit = "hour_messages"
	dayMessages  limit = "day_messages"
	dayFiles     limit = "day_files"
	dayBytes     limit = "day_bytes"
	dayNew       limit = "day_new"
	openCases    limit = "open_cases"
)

// most is how much of each is taken, in the unit in which people read it, and how many bytes or pieces that unit is.
var most = map[limit]struct{ count, unit int }{
	hourMessages: {200, 1}, dayMessages: {1000, 1}, dayFiles: {50, 1}, dayBytes: {200, 1 << 20}, dayNew: {10, 1}, openCases: {20, 1},
}

// pictureSize is what a picture counts as: LINE does not tell before.
const pictureSize = 3 << 20

// use is how much of a limit is used up, and until when that counts.
type use struct {
	Until int64 `json:"u"` // Unix time
	N     int   `json:"n,omitempty"`
	Told  bool  `json:"t,omitempty"` // the person and the desk know that it is used up
}

// spending is what a person has used of each limit. It is kept where the talk stands, so that it costs no look and no write
// of its own; it is never changed in place, as the memory of the talks shares it.
type spending map[limit]use

// now is how much of a limit is used up in the time in which now is.
func (s spending) now(l limit, now time.Time) use {
	if u := s[l]; now.Unix() < u.Until {
		return u
	}
	return use{Until: l.end(now).Unix()}
}

// with is the spending with one use changed.
func (s spending) with(l limit, u use) spending {
	after := maps.Clone(s)
	if after == nil {
		after = spending{}
	}
	after[l] = u
	return after
}

// end is the end of the hour or day in which now is.
func (l limit) end(now time.Time) time.Time {
	if l == hourMessages {
		return now.Truncate(time.Hour).Add(time.Hour)
	}
	return midnight(now).AddDate(0, 0, 1)
}

func midnight(now time.Time) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
}

// cost is what an input needs of a limit.
type cost struct {
	of limit
	n  int
}

// spend counts what an input needs. Where that is more than anybody may, nothing is counted, ok is false, and it is answered.
func (t *turn) spend(need ...cost) (ok bool, err error) {
	after, now := t.st.Spent, t.tx.Now.In(t.desk.Location)
	for _, c := range need {
		u := after.now(c.of, now)
		if u.N += c.n; u.N > most[c.of].count*most[c.of].unit {
			return false, t.tooMuch(c.of)
		}
		after = after.with(c.of, u)
	}
	t.st.Spent = after
	return true, nil
}

// spendMessage counts a message to the city.
func (t *turn) spendMessage() (bool, error) {
	return t.spend(cost{dayMessages, 1}, cost{hourMessages, 1})
}

// spendFile counts a file.
func (t *turn) spendFile() (bool, error) {
	return t.spend(cost{dayFiles, 1}, cost{dayBytes, cmp.Or(int(t.e.File.Size), pictureSize)})
}

// tooMuch answers what is more than may be sent. It is said once in its time, with when to go on; what comes after that is
// covered by it. A question of a form that stands is shown again.
func (t *turn) tooMuch(l limit) error {
	first, until, err := t.reached(l)
	if err != nil {
		return err
	}
	if t.asking() {
		if first {
			t.said = append(t.said, t.overLine(l, until))
		}
		t.prompt(t.again())
		return nil
	}
	if first {
		args := map[string]string{"limit": string(l), "until": strconv.FormatInt(until.Unix(), 10)}
		t.reply(answer{kind: KindOver, args: args, message: bare(t.words.Say(t.overLine(l, until)))})
	}
	return nil
}

// reached notes that a limit is used up and tells the desk; first is false if both was done before in this time.
func (t *turn) reached(l limit) (first bool, until time.Time, err error) {
	u := t.st.Spent.now(l, t.tx.Now.In(t.desk.Location))
	until = time.Unix(u.Until, 0).In(t.desk.Location)
	if u.Told {
		return false, until, nil
	}
	u.Told = true
	t.st.Spent = t.st.Spent.with(l, u)
	return true, until, t.ledger.Reached(t.tx, t.e.ID, t.talk.ID, string(l), most[l].count, until)
}

// overLine is what a person reads of a limit.
func (c *Concierge) overLine(l limit, until time.Time) text.Line {
	return text.Say("concierge.limit."+string(l), "most", most[l].count, "at", until, "desk", c.desk.Name, "phone", c.desk.Phone)
}

// composeOver says again that a limit is reached.
func (c *Concierge) composeOver(_ context.Context, _ *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	until, _ := strconv.ParseInt(d.Args["until"], 10, 64)
	return c.parcel(d, bare(c.words.Say(c.overLine(limit(d.Args["limit"]), time.Unix(until, 0).In(c.desk.Location))))), nil
}

// full answers who has as many open cases as may be, or has sent as many today, before anything is typed for another one.
func (t *turn) full(ctx context.Context) (bool, error) {
	open, today, err := t.tx.CountCases(ctx, t.talk.ID, midnight(t.tx.Now.In(t.desk.Location)), most[openCases].count)
	if err != nil {
		return false, err
	}
	for _, is := range []cost{{openCases, open}, {dayNew, today}} {
		if is.n < most[is.of].count {
			continue
		}
		_, until, err := t.reached(is.of)
		t.said = append(t.said, t.overLine(is.of, until))
		t.prompt(t.again())
		return true, err
	}
	return false, nil
}
