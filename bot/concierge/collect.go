package concierge

import (
	"context"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/store"
)

// FileMost is the largest file taken, in bytes.
const FileMost = 20 << 20

// nameMost is how many characters of a file's name are kept: what Slack shows, and any disk takes.
const nameMost = 100

// refusedFile is the catalogue key of why a file cannot be taken as far as LINE announces it; empty if it can.
func refusedFile(a Attachment) string {
	switch {
	case a.Size > FileMost, a.Kind == "video", a.Kind == "audio":
		return "concierge.file.refused"
	case a.Kind == "file" && !takenName(a.Name):
		return "concierge.file.refused"
	case a.Kind == "file" && a.Size == 0:
		return "concierge.file.unreadable"
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

// cleanName is a file's name as it can be kept and shown anywhere: without characters that no database takes, that mean a
// folder, or that turn the letters around, and not too long.
func cleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r == '/' || r == '\\':
			return '_'
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError, r&0xfffe == 0xfffe:
			return -1
		}
		return r
	}, name)
	ext := path.Ext(name)
	stem, most := []rune(strings.TrimSuffix(name, ext)), nameMost-utf8.RuneCountInString(ext)
	if len(stem) > most && most > 0 {
		stem = append(stem[:most-1], '…')
	}
	return strings.TrimSpace(string(stem)) + ext
}

// want wakes the collector.
func (c *Concierge) want() {
	select {
	case c.wanted <- struct{}{}:
	default:
	}
}

// Collect fetches the files people send, at once, until ctx ends: LINE keeps them only for a while. tick is a slow
// sweep for what LINE has not given yet, or a crash has left.
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

// collect goes once through all files that are wanted: one that LINE is not ready to give does not hold up those behind.
func (c *Concierge) collect(ctx context.Context, from Fetcher) {
	const page = 20
	for after := bot.FileID(0); ctx.Err() == nil; {
		files, err := c.db.WantedFiles(ctx, c.db.Now(), after, page)
		if err != nil {
			c.log.WarnContext(ctx, "wanted files not read", "fault", err)
			return
		}
		for _, f := range files {
			if err := c.fetch(ctx, from, f); err != nil && ctx.Err() == nil {
				c.later(ctx, f, err)
			}
			after = f.ID
		}
		if len(files) < page {
			return
		}
	}
}

// How long LINE is asked for a file. It deletes what people send after a time that it does not say, and promises nothing
// before; a day later its sender still remembers what to send again.
// https://developers.line.biz/en/reference/messaging-api/#get-content
const (
	fetchFor  = 24 * time.Hour
	fetchWait = time.Hour // at most, between two tries
)

// later asks for a file again after as long as it has been waited for already, so ever less often; after fetchFor it counts
// as gone.
func (c *Concierge) later(ctx context.Context, f store.File, why error) {
	c.log.WarnContext(ctx, "file not fetched", "file", f.ID, "fault", why)
	age := c.db.Now().Sub(f.CreatedAt)
	err := c.putOff(ctx, f, min(age, fetchWait))
	if age >= fetchFor {
		err = c.refuse(ctx, f, store.FileGone, "concierge.file.gone")
	}
	if err != nil {
		c.log.WarnContext(ctx, "file not put off", "file", f.ID, "fault", err)
	}
}

func (c *Concierge) putOff(ctx context.Context, f store.File, wait time.Duration) error {
	return c.db.InTx(ctx, func(tx *store.Tx) error {
		tx.WantFileAt(f.ID, tx.Now.Add(wait))
		return nil
	})
}

// fetchTimeout is how long LINE may take over one file before the next is asked for.
const fetchTimeout = 30 * time.Second

// fetch gets one file and keeps it; what is too large, of another type, empty or gone is refused in words.
func (c *Concierge) fetch(ctx context.Context, from Fetcher, f store.File) error {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
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
	switch {
	case len(raw) > FileMost:
		return c.refuse(ctx, f, store.FileRefused, "concierge.file.refused")
	case !takenContent(raw, contentType):
		return c.refuse(ctx, f, store.FileRefused, "concierge.file.unreadable")
	}
	return c.keepFile(ctx, f, contentType, raw)
}

// keepFile stores a file, and hands it to the threads if its proposal has been submitted. The person may have taken it
// back, or another replica may have been quicker.
func (c *Concierge) keepFile(ctx context.Context, f store.File, contentType string, raw []byte) error {
	return c.db.InTx(ctx, func(tx *store.Tx) error {
		tx.StoreChunks(f.ID, raw)
		now, _, err := held(ctx, tx, f)
		switch {
		case err != nil || now.State == store.FileStored:
			return err
		case now.State != store.FileWanted:
			tx.DropChunks(f.ID)
			return nil
		}
		tx.MarkStored(f.ID, contentType, len(raw))
		if path.Ext(now.Name) == "" {
			tx.NameFile(f.ID, now.Name+pictureEnding(raw))
		}
		if now.Proposal == 0 {
			return nil
		}
		return c.ledger.Arrived(ctx, tx, eventOf(f), now)
	})
}

// held locks a file after its contact, the order in which everybody does, and reads it as it is then.
func held(ctx context.Context, tx *store.Tx, f store.File) (store.File, store.Talk, error) {
	talk, err := tx.LockTalk(ctx, f.Contact)
	if err != nil {
		return f, talk, err
	}
	now, err := tx.LockFile(ctx, f.ID)
	return now, talk, err
}

// eventOf names what happens to a file without an event from outside, for the log.
func eventOf(f store.File) string { return "file-" + id(f.ID) }

// refuse marks a file, tells its sender, and takes it out of the answers or tells the desk that it did not come.
func (c *Concierge) refuse(ctx context.Context, f store.File, s store.FileState, key string) error {
	return c.db.InTx(ctx, func(tx *store.Tx) error {
		now, talk, err := held(ctx, tx, f)
		if err != nil || now.State != store.FileWanted {
			return err
		}
		if now.Proposal != 0 {
			err = c.ledger.Missing(ctx, tx, eventOf(f), now)
		} else if now.Draft != 0 && now.Draft == talk.Draft {
			err = c.noAnswer(ctx, tx, talk, now)
		}
		if err != nil {
			return err
		}
		tx.SetFile(f.ID, s)
		tx.NameFile(f.ID, now.Name) // kept as long as its draft, so that its sender reads which file it was
		return tx.Put(store.Delivery{
			Lane: store.LineLane(talk.LineUser), Event: eventOf(f), Kind: KindSay, Matters: true,
			Args: map[string]string{"key": key, "file": id(f.ID)},
		})
	})
}

// noAnswer takes a file that did not come out of the draft's answers.
func (c *Concierge) noAnswer(ctx context.Context, tx *store.Tx, talk store.Talk, f store.File) error {
	t, err := c.begin(ctx, tx, talk, nil, Event{ID: eventOf(f)})
	if err != nil || t.st.Form == nil {
		return err
	}
	for field, a := range t.st.Form.Answers {
		if !hasFile(a, f.ID) {
			continue
		}
		if err := t.forget(field, f.ID); err != nil {
			return err
		}
		return t.end()
	}
	return nil
}

// hasFile reports whether a file is among an answer's.
func hasFile(a form.Answer, f bot.FileID) bool {
	return slices.ContainsFunc(a.Files, func(g form.File) bool { return g.ID == int64(f) })
}

// takenContent looks at the first bytes: the name and the announced type prove nothing.
func takenContent(raw []byte, contentType string) bool {
	switch {
	case hasPrefix(raw, "%PDF-"), pictureEnding(raw) != "":
		return true
	case hasPrefix(raw, "PK\x03\x04"), hasPrefix(raw, "\xd0\xcf\x11\xe0"): // today's and yesterday's Office
		return !strings.HasPrefix(contentType, "application/zip")
	}
	return false
}

// pictureEnding is the ending of a picture's name, by its content: LINE gives pictures none, and Slack shows only what has
// one.
func pictureEnding(raw []byte) string {
	switch {
	case hasPrefix(raw, "\xff\xd8\xff"):
		return ".jpg"
	case hasPrefix(raw, "\x89PNG\r\n"):
		return ".png"
	case hasPrefix(raw, "GIF8"):
		return ".gif"
	case hasPrefix(raw, "RIFF") && len(raw) > 12 && string(raw[8:12]) == "WEBP":
		return ".webp"
	}
	return ""
}

func hasPrefix(raw []byte, prefix string) bool {
	return strings.HasPrefix(string(raw[:min(len(raw), 16)]), prefix)
}
