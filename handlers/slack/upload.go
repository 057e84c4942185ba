package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"unicode"

	"github.com/google/uuid"
	slackapi "github.com/slack-go/slack"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
)

// upload hands a file over in Slack's three steps: ask for an address, stream the bytes there, share it in the channel.
// https://docs.slack.dev/messaging/working-with-files
func (s *Sender) upload(ctx context.Context, p outbox.Parcel) (outbox.Receipt, error) {
	if p.Thread != "" {
		if err := s.stands(ctx, p); err != nil {
			return outbox.Receipt{}, err
		}
	}
	name := s.safeName(p.File.Name)
	if p.File.Size <= 0 {
		return outbox.Receipt{}, &bot.Error{Kind: bot.Invalid, Say: text.Say("delivery.failed"), Sure: true, Err: errors.New("empty file")}
	}
	to, err := s.client.api.GetUploadURLExternalContext(ctx, slackapi.GetUploadURLExternalParameters{
		FileName: name, FileSize: int(p.File.Size),
	})
	if err != nil {
		return outbox.Receipt{}, unshared(err)
	}
	if err := s.stream(ctx, to.UploadURL, p.File); err != nil {
		return outbox.Receipt{}, unshared(err)
	}
	s.began(p.ID)
	_, err = s.client.api.CompleteUploadExternalContext(ctx, slackapi.CompleteUploadExternalParameters{
		Files: []slackapi.FileSummary{{ID: to.FileID, Title: name}}, Channel: p.To, ThreadTimestamp: p.Thread,
		Blocks: carried(s.fileBlocks(p)),
	})
	if err != nil {
		return outbox.Receipt{}, err
	}
	return outbox.Receipt{Channel: p.To, File: to.FileID}, nil
}

// unshared is an error from before anything could be seen: whatever it was, it surely did not happen.
func unshared(err error) error {
	e, ok := fault("upload", err).(*bot.Error)
	if ok {
		e.Sure = true
	}
	return e
}

// stream sends the bytes as they are read, never holding the file. The address is as good as a key: it goes into no
// error, and no token goes with it.
func (s *Sender) stream(ctx context.Context, address string, f *outbox.File) error {
	if !s.client.ours(address, "files") {
		return errors.New("upload address is not Slack's")
	}
	content, err := f.Open(ctx)
	if err != nil {
		return fmt.Errorf("open the stored file: %w", err)
	}
	defer func() { _ = content.Close() }() // it was only read
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, content)
	if err != nil {
		return errors.New("upload address is malformed")
	}
	req.ContentLength = f.Size
	req.Header.Set("Content-Type", "application/octet-stream")
	resp, err := s.client.http.Do(req)
	if err != nil {
		return withoutAddress(err)
	}
	defer drain(resp)
	return statusFault(resp)
}

// fileBlocks are the words that go with a file. The first block's id names the delivery, so that it can be found: the
// method takes no metadata.
func (s *Sender) fileBlocks(p outbox.Parcel) []block {
	blocks := render(s.words, p.Message, inChannel()).blocks
	if len(blocks) == 0 {
		blocks = []block{paragraph("", s.words.Say(text.Say("slack.file")), false)}
	}
	blocks[0].ID = fileBlock(p.ID)
	return blocks
}

func fileBlock(id uuid.UUID) string { return "delivery-" + id.String() }

// maxName is in characters; file systems take 255 bytes.
const maxName = 80

// safeName is a file's name without anything that could lead elsewhere or deceive: no folders, no control characters, no
// marks that turn the reading direction. The ending stays.
func (s *Sender) safeName(name string) string {
	name = strings.ToValidUTF8(strings.ReplaceAll(name, "\\", "/"), "")
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"|?*`, r) {
			return -1
		}
		return r
	}, path.Base("/"+name))
	name = strings.Trim(name, ". /")
	ending := path.Ext(name)
	stem := strings.TrimSuffix(name, ending)
	if stem == "" {
		stem = s.words.Say(text.Say("slack.file"))
	}
	if units(ending) > 10 {
		stem, ending = name, ""
	}
	return clip(stem, maxName) + ending
}
