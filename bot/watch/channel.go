package watch

import (
	"context"
	"errors"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
)

// Channels looks at Slack's channels; handlers/slack does.
type Channels interface {
	// Look tells why a channel is not fit to carry cases, if it is not. An error if it cannot be told now.
	Look(ctx context.Context, channel string) (bot.ChannelFault, error)
}

// channelsEvery is how often all channels are looked at. A look during which Slack was away is made again at the next sweep.
const channelsEvery = time.Hour

// lookWithin bounds one look at all channels, so that a start does not wait for a Slack that does not answer.
const lookWithin = 10 * time.Second

// channels looks at all channels of the profile once an hour.
func (w *Watch) channels(ctx context.Context) {
	if w.Channels != nil && w.looks.begins(w.DB.Now(), channelsEvery) {
		w.LookAtChannels(ctx)
	}
}

// LookAgain has the channels looked at with the next sweep, since something has changed.
func (w *Watch) LookAgain() { w.looks.forget() }

// LookAtChannels closes the channels that are not fit to carry cases, and opens those that are fit again or that the profile no longer
// has. What a closed one was to carry waits.
//
// Of a channel of which Slack does not tell, what was known before still holds: an outage, or a right that the app lacks, neither
// holds up for hours what was fit a moment ago, nor lets anything into a channel that was found open to others.
func (w *Watch) LookAtChannels(ctx context.Context) {
	w.looks.begins(w.DB.Now(), 0)
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	unfit, unknown, away := w.unfit(ctx)
	if away {
		w.looks.forget()
	}
	opened, err := w.keep(context.WithoutCancel(ctx), unfit, unknown)
	if err != nil {
		w.looks.forget()
		w.Log.ErrorContext(ctx, "channels not looked at", "fault", err)
		return
	}
	for _, c := range opened {
		w.Log.InfoContext(ctx, "channel open again", "channel", c)
	}
	w.Changed(ctx)
}

// finding is a channel that is not fit, and why.
type finding struct {
	channel string
	fault   bot.ChannelFault
}

// unfit looks at each channel. When Slack is away for one, it is not asked for the others.
func (w *Watch) unfit(ctx context.Context) (unfit []finding, unknown []string, away bool) {
	all := w.Desk.Channels()
	for i, c := range all {
		fault, err := w.Channels.Look(ctx, c)
		if err != nil {
			w.Log.ErrorContext(ctx, "channel not looked at", "channel", c, "fault", err)
			unknown = append(unknown, c)
			if bot.KindOf(err) == bot.Later || ctx.Err() != nil {
				return unfit, append(unknown, all[i+1:]...), true
			}
			continue
		}
		if fault != "" {
			w.Log.ErrorContext(ctx, "channel closed: nothing goes there", "channel", c, "why", fault)
			unfit = append(unfit, finding{c, fault})
		}
	}
	return unfit, unknown, false
}

// keep writes what was found, in one commit. The desk's channel comes first, so that it is known where to say the rest.
func (w *Watch) keep(ctx context.Context, unfit []finding, unknown []string) (opened []string, err error) {
	err = w.DB.InTx(ctx, func(tx *store.Tx) (err error) {
		stay := append([]string{}, unknown...)
		for _, f := range unfit {
			stay = append(stay, f.channel)
			_, closing := w.Ledger.CloseChannel(ctx, tx, "channel-"+f.channel, f.channel, f.fault)
			err = errors.Join(err, closing)
		}
		if err != nil {
			return err
		}
		opened, err = tx.OpenChannels(ctx, stay)
		return err
	})
	return opened, err
}
