package playground

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"tsunagi/handlers/line/linesim"
)

// Line does what a person does on the phone.
func (c *Console) Line(ctx context.Context, do LineDo) error {
	who, ok := c.touch().Line.Person(do.Person)
	if !ok {
		return Refuse("no_person")
	}
	receipt, err := c.onPhone(ctx, who, do)
	switch {
	case errors.Is(err, linesim.ErrBlocked):
		return Refuse("blocked")
	case err != nil:
		return Refuse(err.Error())
	case receipt.EventID == "", receipt.Delivered(), receipt.Reason == string(linesim.LoseAnswer):
		return nil
	case receipt.Reason == string(linesim.Drop), receipt.Reason == string(linesim.Reorder):
		return Refuse("dropped")
	}
	return Refuse("not_taken", receipt.Reason)
}

func (c *Console) onPhone(ctx context.Context, who linesim.Person, do LineDo) (linesim.Receipt, error) {
	switch do.Do {
	case "follow", "unblock":
		return who.Follow(ctx)
	case "block":
		return who.Block(ctx)
	case "text":
		return who.SendText(ctx, do.Text)
	case "postback":
		return postback(ctx, who, do)
	case "sticker":
		var s struct{ PackageID, StickerID string }
		if err := json.Unmarshal(do.Params, &s); err != nil {
			return linesim.Receipt{}, err
		}
		return who.SendSticker(ctx, s.PackageID, s.StickerID)
	case "location":
		return place(ctx, who, do)
	case "file":
		if do.File != nil {
			return file(ctx, who, *do.File)
		}
	case "unsend":
		return who.Unsend(ctx, do.MessageID)
	}
	return linesim.Receipt{}, Refuse("unknown")
}

func postback(ctx context.Context, who linesim.Person, do LineDo) (linesim.Receipt, error) {
	var params map[string]string
	if len(do.Params) > 0 && string(do.Params) != "null" {
		if err := json.Unmarshal(do.Params, &params); err != nil {
			return linesim.Receipt{}, err
		}
	}
	return who.PressPostback(ctx, do.Data, do.DisplayText, params)
}

func place(ctx context.Context, who linesim.Person, do LineDo) (linesim.Receipt, error) {
	var at struct {
		Title, Address      string
		Latitude, Longitude float64
	}
	if err := json.Unmarshal(do.Params, &at); err != nil {
		return linesim.Receipt{}, err
	}
	return who.SendLocation(ctx, at.Title, at.Address, at.Latitude, at.Longitude)
}

// file sends a file as the phone does: pictures, films and voices are messages of their own.
func file(ctx context.Context, who linesim.Person, f File) (linesim.Receipt, error) {
	kind, _, _ := strings.Cut(f.Type, "/")
	switch kind {
	case "image":
		return who.SendImage(ctx, f.Type, f.Content)
	case "video":
		return who.SendVideo(ctx, f.Content, 10*time.Second)
	case "audio":
		return who.SendAudio(ctx, f.Content, 10*time.Second)
	}
	return who.SendFile(ctx, f.Name, f.Type, f.Content)
}
