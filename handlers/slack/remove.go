package slack

import (
	"context"

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
	return outbox.Receipt{Channel: p.To, File: file}, err
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
