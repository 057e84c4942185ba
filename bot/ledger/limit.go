package ledger

import (
	"strconv"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
)

// KindLimit tells the desk, in Slack, that somebody has sent as much as is taken. args: contact, limit, most, until
const KindLimit = "limit"

// Reached lets the desk read that somebody has reached a limit, until when nothing more is taken of them: it may want to
// call them. The caller holds the contact.
func (l *Ledger) Reached(tx *store.Tx, event string, contact bot.ContactID, limit string, most int, until time.Time) error {
	return tx.Put(store.Delivery{
		Lane: store.ContactLane(l.desk.Channel, contact), Event: event, Kind: KindLimit, Matters: true,
		Args: map[string]string{
			"contact": id(contact), "limit": limit, "most": strconv.Itoa(most), "until": strconv.FormatInt(until.Unix(), 10),
		},
	})
}
