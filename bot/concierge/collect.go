package concierge

import (
	"context"
	"io"
	"path"
	"strings"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
)

// FileMost is the largest file taken, in bytes.
const FileMost = 20 << 20

// refusedFile is the catalogue key of why a file cannot be taken as far as LINE announces it; empty if it can.
func refusedFile(a Attachment) string {
	switch {
	case a.Size > FileMost, a.Kind == "video", a.Kind == "audio":
		return "concierge.file.refused"
	case a.Kind == "file" && !takenName(a.Name):
		return "concierge.file.refused"
	}
	return ""
}

// takenName reports whether a file's name is one of a document or picture.
func takenName(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx":
		return true
	}
	return false
}

// want wakes the collector.
func (c *Concierge) want() {
	select {
	case c.wanted <- struct{}{}:
	default:
	}
}

// Collect fetches the files people send, at once, until ctx ends: LINE keeps them only for a while. tick is a slow
// sweep for what a crash has left.
func (c *Concierge) Collect(ctx context.Context, from Fetcher, tick <-chan time.Time) {
	for {
		c.collect(ctx, from)
		select {
		case <-ctx.Done():
			return
		case <-c.wanted:
		case <-tick:
		}
	}
}

func (c *Concierge) collect(ctx context.Context, from Fetcher) {
	files, err := c.db.WantedFiles(ctx, 20)
	if err != nil {
		c.log.WarnContext(ctx, "wanted files not read", "fault", err)
	}
	for _, f := range files {
		if err := c.fetch(ctx, from, f); err != nil && ctx.Err() == nil {
			c.log.WarnContext(ctx, "file not fetched", "file", f.ID, "fault", err)
		}
	}
}

// fetch gets one file and keeps it; what is too large, of another type, empty or gone is refused in words.
func (c *Concierge) fetch(ctx context.Context, from Fetcher, f store.File) error {
	content, contentType, err := from.Fetch(ctx, f.LineMessage)
	switch bot.KindOf(err) {
	case "":
	case bot.NotFound:
		return c.refuse(ctx, f, store.FileGone, "concierge.file.gone")
	default:
		return err
	}
	defer content.Close()
	raw, err := io.ReadAll(io.LimitReader(content, FileMost+1))
	if err != nil {
		return err
	}
	if len(raw) == 0 || len(raw) > FileMost || !takenContent(raw, contentType) {
		return c.refuse(ctx, f, store.FileRefused, "concierge.file.refused")
	}
	return c.keepFile(ctx, f, contentType, raw)
}

// keepFile stores a file, and hands it to the threads if its proposal has been submitted.
func (c *Concierge) keepFile(ctx context.Context, f store.File, contentType string, raw []byte) error {
	return c.db.InTx(ctx, func(tx *store.Tx) error {
		now, err := tx.LockFile(ctx, f.ID)
		if err != nil || now.State != store.FileWanted {
			return err
		}
		if err := tx.StoreFile(ctx, f.ID, contentType, raw); err != nil {
			return err
		}
		if now.Proposal == 0 {
			return nil
		}
		return c.ledger.Arrived(ctx, tx, "file-"+id(f.ID), now)
	})
}

// refuse marks a file and tells its sender.
func (c *Concierge) refuse(ctx context.Context, f store.File, s store.FileState, key string) error {
	return c.db.InTx(ctx, func(tx *store.Tx) error {
		contact, err := tx.LockContact(ctx, f.Contact)
		if err != nil {
			return err
		}
		tx.SetFile(f.ID, s)
		return tx.Put(store.Delivery{
			Lane: store.LineLane(contact.LineUser), Event: "file-" + id(f.ID), Kind: KindSay, Matters: true,
			Args: map[string]string{"key": key},
		})
	})
}

// takenContent looks at the first bytes: the name and the announced type prove nothing.
func takenContent(raw []byte, contentType string) bool {
	switch {
	case hasPrefix(raw, "%PDF-"), hasPrefix(raw, "\x89PNG\r\n"), hasPrefix(raw, "\xff\xd8\xff"), hasPrefix(raw, "GIF8"):
		return true
	case hasPrefix(raw, "RIFF") && len(raw) > 12 && string(raw[8:12]) == "WEBP":
		return true
	case hasPrefix(raw, "PK\x03\x04"), hasPrefix(raw, "\xd0\xcf\x11\xe0"): // today's and yesterday's Office
		return !strings.HasPrefix(contentType, "application/zip")
	}
	return false
}

func hasPrefix(raw []byte, prefix string) bool {
	return strings.HasPrefix(string(raw[:min(len(raw), 16)]), prefix)
}
