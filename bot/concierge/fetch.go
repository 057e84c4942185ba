package concierge

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/filetype"
	"tsunagi/bot/form"
	"tsunagi/store"
)

// FileMost is the largest file taken, in bytes.
const FileMost = 20 << 20

// fetchTimeout is how long LINE may take over one file.
const fetchTimeout = 30 * time.Second

// refusedFile is the catalogue key of why a file cannot be taken as far as LINE announces it; empty if it can. Its name says
// nothing: what it is, its content will tell.
func refusedFile(a Attachment) string {
	switch {
	case a.Size > FileMost, a.Kind == "video", a.Kind == "audio":
		return "concierge.file.refused"
	case a.Kind == "file" && a.Size == 0:
		return "concierge.file.unreadable"
	}
	return ""
}

// fetch gets one file and keeps it; what is too large, of another type, empty or gone is refused in words.
func (c *Concierge) fetch(ctx context.Context, from Fetcher, f store.File) error {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	body, contentType, err := from.Fetch(ctx, f.LineMessage)
	switch bot.KindOf(err) {
	case "":
	case bot.NotFound:
		return c.refuse(ctx, f, store.FileGone, "concierge.file.gone")
	default:
		return err
	}
	defer body.Close()
	content, err := readPieces(io.LimitReader(body, FileMost+1))
	switch {
	case err != nil:
		return err
	case content.size > FileMost:
		return c.refuse(ctx, f, store.FileRefused, "concierge.file.refused")
	}
	ending, why := c.judge(ctx, f, content)
	if why != "" {
		c.log.InfoContext(ctx, "file refused", "file", f.ID, "why", why)
		return c.refuse(ctx, f, store.FileRefused, "concierge.file."+string(why))
	}
	return c.keepFile(ctx, f, arrival{contentType, ending, content})
}

// judge tells what a file is, or why it is not taken. Should a file that was made for it bring the judge down, that file is
// refused and everything else goes on.
func (c *Concierge) judge(ctx context.Context, f store.File, content pieces) (ending string, why filetype.Refusal) {
	defer func() {
		if fault := recover(); fault != nil {
			c.log.ErrorContext(ctx, "file brought its judge down", "file", f.ID, "fault", fmt.Sprintf("%T", fault))
			ending, why = "", filetype.Unreadable
		}
	}()
	return filetype.Judge(content, content.size)
}

// arrival is a file that is taken.
type arrival struct {
	contentType string // as LINE says
	ending      string // as its content says
	content     pieces
}

// keepFile stores a file, and hands it to the threads if its proposal has been submitted. The person may have taken it
// back, or another replica may have been quicker.
func (c *Concierge) keepFile(ctx context.Context, f store.File, a arrival) error {
	return c.db.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.StoreChunks(ctx, f.ID, slices.Values(a.content.list)); err != nil {
			return err
		}
		now, _, err := held(ctx, tx, f)
		switch {
		case err != nil || now.State == store.FileStored:
			return err
		case now.State != store.FileWanted:
			tx.DropChunks(f.ID)
			return nil
		}
		tx.MarkStored(f.ID, a.contentType, a.content.size)
		if name := filetype.Mend(now.Name, a.ending); name != now.Name {
			tx.NameFile(f.ID, name)
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
