package store

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// ChunkSize is how many bytes of a file one row keeps.
const ChunkSize = 256 << 10

// FileState tells whether a file that was sent is here.
type FileState string

// The states of a file: to be fetched from LINE, kept, not taken (too large, wrong type), no longer to be had.
const (
	FileWanted  FileState = "wanted"
	FileStored  FileState = "stored"
	FileRefused FileState = "refused"
	FileGone    FileState = "gone"
)

// File is a document or picture an organization sent.
type File struct {
	ID          bot.FileID
	Contact     bot.ContactID
	Draft       bot.DraftID    // 0: not an answer
	Proposal    bot.ProposalID // 0: not submitted yet
	Message     bot.MessageID  // 0: not part of a thread
	LineMessage string
	Name        string // as the sender called it; never used as a path
	Type        string
	Size        int64
	State       FileState
	CreatedAt   time.Time
}

const fileColumns = `id, contact, COALESCE(draft, 0), COALESCE(proposal, 0), COALESCE(message, 0), line_message, name, type, size, state,
	created_at`

func scanFile(row pgx.CollectableRow) (f File, err error) {
	err = row.Scan(&f.ID, &f.Contact, &f.Draft, &f.Proposal, &f.Message, &f.LineMessage, &f.Name, &f.Type, &f.Size, &f.State,
		&f.CreatedAt)
	return f, err
}

// AddFile writes that a file is wanted and gives its id.
func (tx *Tx) AddFile(ctx context.Context, f File) (bot.FileID, error) {
	id, err := one(ctx, &tx.Reader, pgx.RowTo[bot.FileID], `
		INSERT INTO files (contact, draft, proposal, message, line_message, name, type, size, state, wanted_at, created_at)
		VALUES ($1, NULLIF($2, 0), NULLIF($3, 0), NULLIF($4, 0), $5, $6, $7, $8, $9, $10, $10) RETURNING id`,
		f.Contact, int64(f.Draft), int64(f.Proposal), int64(f.Message), f.LineMessage, f.Name, f.Type, f.Size, f.State, tx.Now)
	if err != nil {
		return 0, fmt.Errorf("add file: %w", err)
	}
	return id, nil
}

// StoreFile keeps the content of a wanted file, chunk by chunk, and marks it stored.
func (tx *Tx) StoreFile(ctx context.Context, id bot.FileID, contentType string, content []byte) error {
	if err := tx.StoreChunks(ctx, id, slices.Chunk(content, ChunkSize)); err != nil {
		return err
	}
	tx.MarkStored(id, contentType, int64(len(content)))
	return tx.flush(ctx)
}

// StoreChunks keeps the content of a file before it is known whether it is still wanted. It takes long, so it comes before
// anything is locked, and goes bit by bit, so that not all of it is copied on its way. Two processes that do so for one file
// wait for each other, and the second changes nothing.
func (tx *Tx) StoreChunks(ctx context.Context, id bot.FileID, content iter.Seq[[]byte]) error {
	const atOnce = 8
	n := 0
	for chunk := range content {
		tx.queueAny(`INSERT INTO chunks (file, n, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, id, n, chunk)
		if n++; n%atOnce != 0 {
			continue
		}
		if err := tx.flush(ctx); err != nil {
			return fmt.Errorf("store file %d: %w", id, err)
		}
	}
	return nil
}

// DropChunks erases the content of a file.
func (tx *Tx) DropChunks(id bot.FileID) { tx.queueAny(`DELETE FROM chunks WHERE file = $1`, id) }

// MarkStored marks a wanted file as stored.
func (tx *Tx) MarkStored(id bot.FileID, contentType string, size int64) {
	tx.write("store file", `UPDATE files SET state = 'stored', type = $2, size = $3 WHERE id = $1 AND state = 'wanted'`, id, contentType, size)
}

// LockFile holds a file until the transaction ends; bot.NotFound if there is none. Who changes more than the file holds
// its contact first.
func (tx *Tx) LockFile(ctx context.Context, id bot.FileID) (File, error) {
	return one(ctx, &tx.Reader, scanFile, `SELECT `+fileColumns+` FROM files WHERE id = $1 FOR NO KEY UPDATE`, id)
}

// NameFile gives a stored file the name that its content asks for.
func (tx *Tx) NameFile(id bot.FileID, name string) {
	tx.write("name file", `UPDATE files SET name = $2 WHERE id = $1`, id, name)
}

// WantFileAt puts off a file that LINE does not give yet.
func (tx *Tx) WantFileAt(id bot.FileID, at time.Time) {
	tx.queueAny(`UPDATE files SET wanted_at = $2 WHERE id = $1 AND state = 'wanted'`, id, at)
}

// SetFile marks a file as refused or gone.
func (tx *Tx) SetFile(id bot.FileID, s FileState) {
	tx.write("set file", `UPDATE files SET state = $2 WHERE id = $1`, id, s)
}

// EraseFile lets go of a file that is no answer after all, or none any more: neither its name nor its content is kept.
func (tx *Tx) EraseFile(id bot.FileID) {
	tx.DropChunks(id)
	tx.queueAny(`UPDATE files SET state = 'gone', name = '' WHERE id = $1`, id)
}

// FilesToProposal hands those files of a draft that were given in the end over to the proposal it became, and erases the
// others: what was cleared or not taken must not come back as a file that nobody protects.
func (tx *Tx) FilesToProposal(d bot.DraftID, p bot.ProposalID, given []bot.FileID) {
	ids := make([]int64, len(given))
	for i, f := range given {
		ids[i] = int64(f)
	}
	tx.eraseFilesOf(d, ids)
	tx.queueAny(`UPDATE files SET proposal = $2 WHERE draft = $1 AND id = ANY($3) AND state <> 'gone'`, d, p, ids)
}

// eraseFilesOf erases the files of a draft but some.
func (tx *Tx) eraseFilesOf(d bot.DraftID, but []int64) {
	tx.queueAny(`DELETE FROM chunks USING files WHERE chunks.file = files.id AND files.draft = $1 AND files.id <> ALL($2)`, d, but)
	tx.queueAny(`UPDATE files SET state = 'gone', name = '' WHERE draft = $1 AND id <> ALL($2)`, d, but)
}

// File reads a file's facts; bot.NotFound if there is none.
func (r *Reader) File(ctx context.Context, id bot.FileID) (File, error) {
	f, err := one(ctx, r, scanFile, `SELECT `+fileColumns+` FROM files WHERE id = $1`, id)
	if err != nil {
		return f, fmt.Errorf("read file %d: %w", id, err)
	}
	return f, nil
}

// FileOf reads the facts of the file that a delivery is about; bot.NotFound if there is none.
func (r *Reader) FileOf(ctx context.Context, d Delivery) (File, error) {
	id, err := d.arg("file")
	if err != nil {
		return File{}, err
	}
	return r.File(ctx, bot.FileID(id))
}

// FilesOf lists a proposal's files in the order sent.
func (r *Reader) FilesOf(ctx context.Context, p bot.ProposalID) ([]File, error) {
	return all(ctx, r, scanFile, `SELECT `+fileColumns+` FROM files WHERE proposal = $1 AND state = 'stored' ORDER BY id`, p)
}

// FilesIn lists the files that a message brought, whatever has become of them.
func (r *Reader) FilesIn(ctx context.Context, m bot.MessageID) ([]File, error) {
	return all(ctx, r, scanFile, `SELECT `+fileColumns+` FROM files WHERE message = $1 ORDER BY id`, m)
}

// FileNames are the names of the files given for a draft or about a proposal.
func (r *Reader) FileNames(ctx context.Context, d bot.DraftID, p bot.ProposalID) ([]string, error) {
	return all(ctx, r, pgx.RowTo[string], `
		SELECT name FROM files WHERE (draft = NULLIF($1, 0) OR proposal = NULLIF($2, 0)) AND name <> ''`, int64(d), int64(p))
}

// NextFile is the file that is to be fetched next: of those who have not had a turn, or else of who had one longest ago, the
// oldest; of the busy none. ok is false if nothing may be asked for now.
func (r *Reader) NextFile(ctx context.Context, now time.Time, served, busy []bot.ContactID) (f File, ok bool, err error) {
	found, err := all(ctx, r, scanFile, `
		SELECT `+fileColumns+` FROM files
		WHERE state = 'wanted' AND wanted_at <= $1 AND contact <> ALL (COALESCE($3::bigint[], '{}'))
		ORDER BY array_position($2::bigint[], contact) NULLS FIRST, id LIMIT 1`, now, served, busy)
	if err != nil || len(found) == 0 {
		return f, false, err
	}
	return found[0], true, nil
}

// ClaimFile leaves a wanted file to who asks first, until then; false if somebody else was quicker.
func (tx *Tx) ClaimFile(ctx context.Context, id bot.FileID, until time.Time) (bool, error) {
	taken, err := all(ctx, &tx.Reader, pgx.RowTo[bot.FileID], `
		UPDATE files SET wanted_at = $2 WHERE id = $1 AND state = 'wanted' AND wanted_at <= $3 RETURNING id`, id, until, tx.Now)
	return len(taken) == 1, err
}

// OpenFile reads a stored file's content, one chunk in memory at a time.
func (r *Reader) OpenFile(ctx context.Context, id bot.FileID) io.ReadCloser {
	return &fileReader{ctx: ctx, r: r, id: id}
}

type fileReader struct {
	ctx  context.Context // of the one call that reads the file
	r    *Reader
	id   bot.FileID
	n    int
	rest []byte
}

// Read fetches the next chunk when the one before is used up.
func (f *fileReader) Read(p []byte) (int, error) {
	if len(f.rest) == 0 {
		found, err := all(f.ctx, f.r, pgx.RowTo[[]byte], `SELECT bytes FROM chunks WHERE file = $1 AND n = $2`, f.id, f.n)
		if err != nil {
			return 0, fmt.Errorf("read file %d chunk %d: %w", f.id, f.n, err)
		}
		if len(found) == 0 {
			return 0, io.EOF
		}
		f.rest, f.n = found[0], f.n+1
	}
	k := copy(p, f.rest)
	f.rest = f.rest[k:]
	return k, nil
}

// Close has nothing to give back: each chunk is a query of its own.
func (f *fileReader) Close() error { return nil }
