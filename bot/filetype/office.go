package filetype

import (
	"archive/zip"
	"bufio"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
)

// What a document of 20 MB at most may hold. Measured are the bytes that come out, whatever the headers say. Sheets of many
// empty cells shrink to a fiftieth; a bomb to a thousandth.
const (
	directoryMost = 2 << 20   // bytes of the list of its parts
	partsMost     = 10_000    // parts
	unpackedMost  = 256 << 20 // bytes of all parts
	unpackedTimes = 100       // as many times the file's own size
	unpackedFree  = 16 << 20  // but this much in any case
)

var errSwollen = errors.New("unpacked too large")

// office judges a zip: it is a document if it has a document's parts. Zips within it are not unpacked.
// https://learn.microsoft.com/en-us/openspecs/office_standards/ms-oi29500
func office(content io.ReaderAt, size int64) (ending string, why Refusal) {
	directory := &allowance{content, directoryMost}
	z, err := zip.NewReader(directory, size)
	switch {
	case directory.left < 0, z != nil && len(z.File) > partsMost:
		return "", Swollen
	case err != nil:
		return "", Unreadable
	}
	directory.left = math.MaxInt64
	d := document{names: map[string]bool{}, left: min(unpackedMost, max(unpackedFree, unpackedTimes*size))}
	for _, f := range z.File {
		d.names[partName(f.Name)] = true
	}
	if !d.names[typesPart] {
		return "", Unreadable // some other zip, which is not worth unpacking
	}
	for _, f := range z.File {
		if why := d.look(f); why != "" {
			return "", why
		}
	}
	return d.ending()
}

// partName is a part's name as documents compare them: without case, and with the separators of either system.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// document is what is known of a document while its parts are looked at.
type document struct {
	names map[string]bool
	mains []main
	left  int64 // bytes that may still come out
}

// look reads one part to its end.
func (d *document) look(f *zip.File) Refusal {
	const encrypted = 0x1
	name := partName(f.Name)
	switch {
	case f.Flags&encrypted != 0:
		return Locked
	case program(name):
		return Macros
	case strings.HasSuffix(name, "/"):
		return ""
	}
	part, err := f.Open()
	if err != nil {
		return Unreadable
	}
	defer func() { _ = part.Close() }() // it was only read
	counted := io.Reader(&counted{part, &d.left})
	why, err := d.read(name, counted)
	if err == nil && why == "" {
		_, err = io.Copy(io.Discard, counted)
	}
	return refusal(why, err)
}

// refusal is why a part is refused, be it that it could not be read.
func refusal(why Refusal, err error) Refusal {
	switch {
	case why != "":
		return why
	case errors.Is(err, errSwollen):
		return Swollen
	case err != nil:
		return Unreadable
	}
	return ""
}

// program reports whether a part's name is one of a program: macros, sheets of macros, a document that may hold them.
func program(name string) bool {
	ends := func(ending string) bool { return strings.HasSuffix(name, ending) }
	return strings.HasPrefix(name, "xl/macrosheets/") ||
		slices.ContainsFunc([]string{"vbaproject.bin", ".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".pptm", ".potm", ".ppsm", ".ppam"}, ends)
}

// read looks at a part that says something of the document, or that holds another document.
func (d *document) read(name string, part io.Reader) (Refusal, error) {
	switch {
	case name == typesPart:
		return d.readTypes(part)
	case strings.HasSuffix(name, ".rels"):
		return readRelations(part)
	}
	within := bufio.NewReader(part)
	mark, _ := within.Peek(len(compoundMark)) // a shorter part is no document
	switch {
	case string(mark) == compoundMark:
		found, err := compoundIn(within)
		return found.macros(), err
	case strings.HasPrefix(string(mark), "PK\x03\x04"):
		return macrosIn(within)
	}
	return "", nil
}

// ending tells which document it is: by its main part, wherever that stands.
func (d *document) ending() (string, Refusal) {
	for _, m := range d.mains {
		if d.names[m.name] {
			return m.ending, ""
		}
	}
	for _, m := range []main{{"word/document.xml", ".docx"}, {"xl/workbook.xml", ".xlsx"}, {"ppt/presentation.xml", ".pptx"}} {
		if d.names[m.name] {
			return m.ending, ""
		}
	}
	return "", Unreadable
}

// allowance reads no more than a number of bytes.
type allowance struct {
	from io.ReaderAt
	left int64
}

// ReadAt fails once the allowance is used up.
func (a *allowance) ReadAt(p []byte, at int64) (int, error) {
	if a.left -= int64(len(p)); a.left < 0 {
		return 0, errSwollen
	}
	return a.from.ReadAt(p, at)
}

// counted reads as long as all parts together have not grown too large.
type counted struct {
	from io.Reader
	left *int64
}

// Read counts what has come out.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	if *c.left -= int64(n); *c.left < 0 {
		return n, errSwollen
	}
	return n, err
}
