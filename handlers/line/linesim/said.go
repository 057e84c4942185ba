package linesim

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// SendText writes a message.
func (p Person) SendText(ctx context.Context, text string) (Receipt, error) {
	return p.say(ctx, &message{Type: "text", Text: text}, nil)
}

// TapMessageAction presses a button that writes a message for the person.
func (p Person) TapMessageAction(ctx context.Context, text string) (Receipt, error) {
	return p.SendText(ctx, text)
}

// SendSticker sends a sticker.
func (p Person) SendSticker(ctx context.Context, packageID, stickerID string) (Receipt, error) {
	return p.say(ctx, &message{Type: "sticker", PackageID: packageID, StickerID: stickerID, StickerResourceType: "STATIC"}, nil)
}

// SendLocation sends a place.
func (p Person) SendLocation(ctx context.Context, title, address string, latitude, longitude float64) (Receipt, error) {
	return p.say(ctx, &message{Type: "location", Title: title, Address: address, Latitude: &latitude, Longitude: &longitude}, nil)
}

// SendImage sends a picture of the given media type.
func (p Person) SendImage(ctx context.Context, mediaType string, data []byte) (Receipt, error) {
	return p.say(ctx, &message{Type: "image", ContentProvider: fromLINE()}, &content{mediaType: mediaType, data: data})
}

// SendVideo sends a video, which is ready for the bot after Config.Transcoding refusals.
func (p Person) SendVideo(ctx context.Context, data []byte, length time.Duration) (Receipt, error) {
	return p.say(ctx, &message{Type: "video", Duration: length.Milliseconds(), ContentProvider: fromLINE()}, &content{mediaType: "video/mp4", data: data, slow: true})
}

// SendAudio sends a voice message, which is ready for the bot after Config.Transcoding refusals.
func (p Person) SendAudio(ctx context.Context, data []byte, length time.Duration) (Receipt, error) {
	return p.say(ctx, &message{Type: "audio", Duration: length.Milliseconds(), ContentProvider: fromLINE()}, &content{mediaType: "audio/x-m4a", data: data, slow: true})
}

// SendFile sends a file. LINE tells its name and size; its media type is the one given here.
func (p Person) SendFile(ctx context.Context, name, mediaType string, data []byte) (Receipt, error) {
	size := len(data)
	return p.say(ctx, &message{Type: "file", FileName: name, FileSize: &size}, &content{mediaType: mediaType, data: data})
}

func fromLINE() *contentProvider { return &contentProvider{Type: "line"} }

// say sends one message of the person.
func (p Person) say(ctx context.Context, m *message, c *content) (Receipt, error) {
	return p.do(ctx, func(me *person, e *event) error {
		if err := p.mayWrite(me); err != nil {
			return err
		}
		s := p.sim
		m.ID = s.ids.message()
		m.MarkAsReadToken = readToken(m.ID, p.chat())
		if m.Type != "audio" && m.Type != "file" && m.Type != "location" {
			m.QuoteToken = quoteToken(m.ID, p.chat())
		}
		if c != nil {
			c.wait = s.cfg.Transcoding
			s.contents[m.ID] = c
		}
		e.Type, e.Message = "message", m
		return p.put(e, m.ID, m)
	})
}

// mayWrite refuses whoever has blocked the account, and strangers in groups.
func (p Person) mayWrite(me *person) error {
	if p.group == "" && me.blocked {
		return fmt.Errorf("write as %s: %w", p.id, ErrBlocked)
	}
	if g := p.sim.groups[p.group]; p.group != "" && (g == nil || g.left) {
		return fmt.Errorf("write as %s: the bot is not in group %s", p.id, p.group)
	}
	return nil
}

// put shows the person's own message on the phone.
func (p Person) put(e *event, messageID string, m any) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write message %s: %w", messageID, err)
	}
	if p.group == "" {
		p.sim.people[p.id].wrote = e.at
	}
	p.sim.show(Entry{Kind: Said, Time: e.at, Chat: p.chat(), Person: p.id, MessageID: messageID, Message: raw, EventID: e.WebhookEventID})
	return nil
}

// PressPostback presses a button of the postback kind. displayText, when not empty, shows as the person's message;
// params carry what a datetime picker chose, or the outcome of a rich menu switch.
func (p Person) PressPostback(ctx context.Context, data, displayText string, params map[string]string) (Receipt, error) {
	return p.do(ctx, func(me *person, e *event) error {
		if err := p.mayWrite(me); err != nil {
			return err
		}
		e.Type, e.Postback = "postback", &postback{Data: data, Params: params}
		if displayText != "" {
			return p.put(e, "", &message{Type: "text", Text: displayText})
		}
		if phone := p.sim.phone(p.chat()); phone.offers(data) {
			phone.quickUsed = true
		}
		p.note(Pressed, e)
		return nil
	})
}

// Unsend takes a message of this person back.
func (p Person) Unsend(ctx context.Context, messageID string) (Receipt, error) {
	return p.do(ctx, func(_ *person, e *event) error {
		s := p.sim
		if !s.wrote(p, messageID) {
			return fmt.Errorf("unsend message %s: not a message of %s", messageID, p.id)
		}
		s.phone(p.chat()).unsent[messageID] = true
		if c := s.contents[messageID]; c != nil {
			c.gone, c.data = true, nil
		}
		e.Type, e.Unsend = "unsend", &unsend{MessageID: messageID}
		s.add(Entry{Kind: Unsent, Time: e.at, Chat: p.chat(), Person: p.id, MessageID: messageID, EventID: e.WebhookEventID})
		return nil
	})
}

// wrote tells whether a message on the phone is the person's and still stands. The lock is held.
func (s *Sim) wrote(p Person, messageID string) bool {
	phone := s.phone(p.chat())
	for _, e := range phone.log {
		if e.MessageID == messageID && e.Kind == Said && e.Person == p.id {
			return !phone.unsent[messageID]
		}
	}
	return false
}
