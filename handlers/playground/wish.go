package playground

import "encoding/json"

// LineDo is what a person does on the phone. Do is follow, block, unblock, text, postback, sticker, location, file or
// unsend. A sticker comes with packageId and stickerId in Params and its keyword in Text; a location with title,
// address, latitude and longitude in Params; a datetimepicker's or rich menu switch's answer in Params as LINE sends it.
type LineDo struct {
	Person      string          `json:"person"`
	Do          string          `json:"do"`
	Text        string          `json:"text"`
	Data        string          `json:"data"`
	DisplayText string          `json:"display_text"`
	Params      json.RawMessage `json:"params"`
	MessageID   string          `json:"message_id"`
	File        *File           `json:"file"`
}

// SlackDo is what a staff member does in Slack. Do is command, press, submit, close, say, home or upload. A press names
// the message by Channel and TS or the view by ViewID, and carries the state of all inputs around it in Values, in the
// shape of view.state.values; there also stands the chosen option of a select or overflow menu. Close with Clear closes
// the whole stack, as the cross does.
type SlackDo struct {
	User     string          `json:"user"`
	Do       string          `json:"do"`
	Channel  string          `json:"channel"`
	TS       string          `json:"ts"`
	ThreadTS string          `json:"thread_ts"`
	Text     string          `json:"text"`
	ActionID string          `json:"action_id"`
	BlockID  string          `json:"block_id"`
	Value    string          `json:"value"`
	Values   json.RawMessage `json:"values"`
	ViewID   string          `json:"view_id"`
	Clear    bool            `json:"clear"`
	File     *File           `json:"file"`
}

// File is a file chosen in the page; encoding/json reads its base64 into Content.
type File struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Content []byte `json:"base64"`
}

// ClockDo moves the desk's time: by seconds, or To a time in RFC 3339, or To next_working_day.
type ClockDo struct {
	AddSeconds int64  `json:"add_seconds"`
	To         string `json:"to"`
}

// FaultDo switches one fault of the network on or off.
type FaultDo struct {
	ID string `json:"id"`
	On bool   `json:"on"`
}

// StoryDo plays a story. Do is next, all or reset; a reset without an ID takes everything back to the beginning.
type StoryDo struct {
	ID string `json:"id"`
	Do string `json:"do"`
}
