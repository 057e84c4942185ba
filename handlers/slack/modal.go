package slack

import (
	"encoding/json"

	slackapi "github.com/slack-go/slack"

	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// view is a modal or a Home tab: https://docs.slack.dev/reference/views
type view struct {
	Type     string  `json:"type"`
	Title    *label  `json:"title,omitempty"`
	Submit   *label  `json:"submit,omitempty"`
	Close    *label  `json:"close,omitempty"`
	Blocks   []block `json:"blocks"`
	Private  string  `json:"private_metadata,omitempty"`
	Callback string  `json:"callback_id,omitempty"`
	External string  `json:"external_id,omitempty"`
}

// modal turns a screen into a modal. id makes it unique in the workspace, so that it can be changed later.
func modal(words *text.Catalogue, s msg.Screen, id string) view {
	p := page{words: words}
	inputs := make([]block, 0, len(s.Inputs))
	for _, in := range s.Inputs {
		inputs = append(inputs, p.input(in))
	}
	where := onScreen()
	where.blocks -= len(inputs)
	where.chars -= total(inputs)
	var units []unit
	for _, b := range s.Blocks {
		units = append(units, p.unit(b))
	}
	v := view{
		Type: "modal", Title: plain(orDash(line(s.Title, maxTitle))), Blocks: append(p.fit(units, where), inputs...),
		Callback: clip(s.Then.Do, maxID), External: clip(id, maxID),
	}
	if s.Then.Do != "" {
		v.Private = s.Then.Encode()
	}
	if s.Submit != "" {
		v.Submit = plain(orDash(line(s.Submit, maxTitle)))
	}
	if s.Close != "" {
		v.Close = plain(orDash(line(s.Close, maxTitle)))
	}
	return v
}

// home turns a message into a Home tab.
func home(words *text.Catalogue, m msg.Message) view {
	where := inAnswer()
	where.blocks = 100
	return view{Type: "home", Blocks: render(words, m, where).blocks}
}

// request is the view as the SDK carries it.
func (v view) request() slackapi.ModalViewRequest {
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, Title: v.Title.object(), Submit: v.Submit.object(), Close: v.Close.object(),
		Blocks: carried(v.Blocks), PrivateMetadata: v.Private, CallbackID: v.Callback, ExternalID: v.External,
	}
}

func (l *label) object() *slackapi.TextBlockObject {
	if l == nil {
		return nil
	}
	return &slackapi.TextBlockObject{Type: l.Type, Text: l.Text, Emoji: &l.Emoji}
}

// carried are blocks as the SDK carries them.
func carried(blocks []block) slackapi.Blocks {
	set := make([]slackapi.Block, len(blocks))
	for i, b := range blocks {
		set[i] = sdkBlock{b}
	}
	return slackapi.Blocks{BlockSet: set}
}

// sdkBlock is a block under the SDK's interface, which wants a method ID where we have a field.
type sdkBlock struct{ block }

// ID gives the block_id.
func (b sdkBlock) ID() string { return b.block.ID }

// MarshalJSON writes the block alone.
func (b sdkBlock) MarshalJSON() ([]byte, error) { return json.Marshal(b.block) }
