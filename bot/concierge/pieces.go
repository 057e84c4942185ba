package concierge

import (
	"errors"
	"io"

	"tsunagi/store"
)

// pieces are a file's content as the store keeps it, so that it is in memory once and never moves in order to grow.
type pieces struct {
	list [][]byte // all but the last of store.ChunkSize
	size int64
}

// readPieces reads to the end.
func readPieces(from io.Reader) (p pieces, err error) {
	for err == nil {
		piece := make([]byte, store.ChunkSize)
		var n int
		if n, err = io.ReadFull(from, piece); n > 0 {
			p.list, p.size = append(p.list, piece[:n]), p.size+int64(n)
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return p, err
}

// ReadAt reads across pieces.
func (p pieces) ReadAt(to []byte, at int64) (n int, err error) {
	if at < 0 {
		return 0, errors.New("read before the beginning")
	}
	for n < len(to) && at < p.size {
		k := copy(to[n:], p.list[at/store.ChunkSize][at%store.ChunkSize:])
		n, at = n+k, at+int64(k)
	}
	if n < len(to) {
		return n, io.EOF
	}
	return n, nil
}
