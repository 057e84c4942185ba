package line

import (
	"context"
	"time"

	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// Loading lets tests time the loading animation without LINE.
type Loading = loading

func NewLoading(after time.Duration, show func(context.Context, string)) *Loading {
	return newLoading(after, show)
}

func (l *loading) Waits(user string)    { l.waits(user) }
func (l *loading) Answered(user string) { l.answered(user) }
func (l *loading) Close()               { l.close() }

// Messages renders a message as it would go out.
func Messages(words *text.Catalogue, m msg.Message) ([][]byte, error) {
	list, err := renderer{words}.messages(m)
	if err != nil {
		return nil, err
	}
	out := make([][]byte, len(list))
	for i := range list {
		out[i] = list[i].write(make([]byte, 0, list[i].size()))
	}
	return out, nil
}

// Quote writes a string as JSON.
func Quote(s string) []byte { return quote(nil, s) }

func Short(s string, graphemes, units int) string { return short(s, graphemes, units) }
func Split(s string, units int) []string          { return split(s, units) }
