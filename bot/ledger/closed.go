package ledger

import (
	"context"
	"slices"

	"tsunagi/bot"
	"tsunagi/store"
)

// CloseChannel lets nothing go into a channel of the profile until a look finds it fit again, and has one line say so: at the desk or,
// if the desk's own channel is closed, to each manager alone. It says nothing when that is known already; news tells.
func (l *Ledger) CloseChannel(ctx context.Context, tx *store.Tx, event, channel string, why bot.ChannelFault) (news bool, err error) {
	news, err = tx.CloseChannel(ctx, channel, why)
	if err != nil || !news {
		return false, err
	}
	closed, err := tx.ClosedChannels(ctx)
	if err != nil {
		return false, err
	}
	to := []string{l.desk.Channel}
	if slices.Contains(closed, l.desk.Channel) {
		to = l.desk.Managers
	}
	for _, chat := range to {
		err := tx.Put(store.Delivery{
			Lane: store.SlackLane(chat, 0), Event: event, Kind: KindClosed, Matters: true,
			Args: map[string]string{"channel": channel, "fault": string(why)},
		})
		if err != nil {
			return false, err
		}
	}
	return true, nil
}
