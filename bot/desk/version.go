package desk

import (
	"context"

	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// version says which program this is, for people who report a fault.
func (d *Desk) version(context.Context, request) (msg.Message, error) {
	return d.told(text.Say("desk.version", "version", d.Version)), nil
}
