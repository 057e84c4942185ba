package slack

import (
	"context"

	slackapi "github.com/slack-go/slack"

	"tsunagi/bot/outbox"
)

// remove deletes a file that an earlier parcel has handed over; its message stays, and Slack says in it that the file was
// deleted. What is deleted already counts as done, so trying twice shows nothing twice.
// https://docs.slack.dev/reference/methods/files.delete
func (s *Sender) remove(ctx context.Context, p outbox.Parcel) (outbox.Receipt, error) {
	file, err := s.handed(ctx, p)
	if err != nil || file == "" {
		return outbox.Receipt{Channel: p.To}, err
	}
	err = s.client.api.DeleteFileContext(ctx, file)
	switch code(err) {
	case "file_not_found", "file_deleted":
		err = nil
	}
	if err == nil {
		s.reword(ctx, p)
	}
	return outbox.Receipt{Channel: p.To, File: file}, err
}

// reword has the message that handed over the file say what has become of it. The file is gone, which is what matters: when
// its message cannot be found or changed, it stays as it is.
func (s *Sender) reword(ctx context.Context, p outbox.Parcel) {
	sought := outbox.Parcel{ID: p.Remove.ID, To: p.To, Thread: p.Thread, Message: p.Message}
	for _, at := range s.searched(sought) {
		m, found, err := s.search(ctx, at, sought.ID, p.Remove.Since.Add(-searchMargin))
		if err == nil && found {
			_, _, _, err = s.client.api.UpdateMessageContext(ctx, at.channel, m.TS,
				slackapi.MsgOptionText(render(s.words, p.Message, inChannel()).text, false), slackapi.MsgOptionBlocks(carried(s.fileBlocks(sought)).BlockSet...))
		}
		if err != nil {
			s.log.Warn("the message of a deleted file stays as it is", "delivery", p.ID, "event", p.Event, "error", err)
		}
		if found {
			return
		}
	}
}

// handed is Slack's id of the file to delete. Where it is in doubt whether the file has arrived, it is looked for; empty
// if it surely has not.
func (s *Sender) handed(ctx context.Context, p outbox.Parcel) (string, error) {
	if p.Remove.File != "" {
		return p.Remove.File, nil
	}
	sought := outbox.Parcel{ID: p.Remove.ID, Event: p.Event, To: p.To, Thread: p.Thread}
	found, _, err := s.findSince(ctx, sought, p.Remove.Since)
	if err == nil {
		s.ended(p.Remove.ID)
	}
	return found.File, err
}
