// Package filetype tells what a file is by its content, refuses what could harm its reader, and names it accordingly. What
// the sender calls it and what the platform announces prove nothing. Begin reading with Judge.
package filetype

import (
	"bytes"
	"errors"
	"io"

	"github.com/gabriel-vasile/mimetype"
)

// Refusal is why a file is not taken; empty if it is.
type Refusal string

// Why a file is not taken.
const (
	Unreadable Refusal = "unreadable" // empty, damaged, or neither PDF nor picture nor Office
	Macros     Refusal = "macros"     // it brings a program, which whoever opens it may start
	Template   Refusal = "template"   // opening it loads a template from another machine, which may bring a program
	Locked     Refusal = "locked"     // its content cannot be looked at without a password
	Swollen    Refusal = "swollen"    // unpacked it is far larger than any document
)

// headMost is how much of a file's beginning tells its type.
const headMost = 3072

// Judge tells what a file of this size is, as the ending that its name should have (.pdf), or why it is not taken. It keeps
// no copy of the content.
func Judge(content io.ReaderAt, size int64) (ending string, why Refusal) {
	head := make([]byte, min(max(size, 0), headMost))
	if n, err := content.ReadAt(head, 0); len(head) == 0 || (err != nil && !errors.Is(err, io.EOF)) || n < len(head) {
		return "", Unreadable
	}
	kind := kindOf(head)
	switch {
	case kind.Is("application/pdf"):
		return ".pdf", ""
	case within(kind, "application/zip"):
		return office(content, size)
	case within(kind, "application/x-ole-storage"):
		return oldOffice(content, size)
	}
	return picture(kind)
}

// kindOf is the type that a file begins as. Readers of PDF accept its mark anywhere in the first 1,024 bytes; but what
// begins as a picture or a program is not a PDF because that mark comes later.
func kindOf(head []byte) *mimetype.MIME {
	at := bytes.Index(head[:min(len(head), 1024)], []byte("%PDF-"))
	if at <= 0 {
		return mimetype.Detect(head)
	}
	before := mimetype.Detect(head[:at])
	if before.Is("text/plain") || before.Is("application/octet-stream") {
		return mimetype.Lookup("application/pdf")
	}
	return before
}

// picture is the ending of a picture.
func picture(kind *mimetype.MIME) (ending string, why Refusal) {
	for _, p := range [][2]string{
		{"image/jpeg", ".jpg"}, {"image/png", ".png"}, {"image/gif", ".gif"}, {"image/webp", ".webp"},
		{"image/heic", ".heic"}, {"image/heif", ".heic"}, {"image/heic-sequence", ".heic"}, {"image/heif-sequence", ".heic"},
	} {
		if within(kind, p[0]) {
			return p[1], ""
		}
	}
	return "", Unreadable
}

// within reports whether a type is this one or a special case of it.
func within(kind *mimetype.MIME, name string) bool {
	for ; kind != nil; kind = kind.Parent() {
		if kind.Is(name) {
			return true
		}
	}
	return false
}
