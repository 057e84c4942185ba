package filetype

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// typesPart is the part that names the types of all others.
const typesPart = "[content_types].xml"

// xmlMost is how long a part may be that is read as XML: the list of ten thousand parts has half of it.
const xmlMost = 4 << 20

// main is the part that a document begins with, and what that makes the document.
type main struct{ name, ending string }

// The types of main parts: the document, and its kin for templates and shows.
var mainTypes = map[string]string{
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml":   ".docx",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml":   ".docx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml":         ".xlsx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml":      ".xlsx",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": ".pptx",
	"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml":     ".pptx",
	"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml":    ".pptx",
}

// readTypes finds the main part, and macros under whatever name.
func (d *document) readTypes(part io.Reader) (why Refusal, err error) {
	err = eachElement(part, func(e xml.StartElement) {
		kind := strings.ToLower(attribute(e, "ContentType"))
		if strings.Contains(kind, "macroenabled") || strings.Contains(kind, "vbaproject") || strings.Contains(kind, "macrosheet") {
			why = Macros
		}
		if ending, ok := mainTypes[kind]; ok {
			d.mains = append(d.mains, main{partName(attribute(e, "PartName")), ending})
		}
	})
	return why, err
}

// readRelations looks at what a part refers to: a program under whatever name, or a template on another machine, which is
// loaded as soon as the document is opened. A template on the sender's own disk is none that would be found.
func readRelations(part io.Reader) (why Refusal, err error) {
	err = eachElement(part, func(e xml.StartElement) {
		kind := strings.ToLower(attribute(e, "Type"))
		switch {
		case strings.HasSuffix(kind, "/vbaproject"), strings.HasSuffix(kind, "macrosheet"):
			why = Macros
		case why == "" && strings.HasSuffix(kind, "/attachedtemplate") && elsewhere(attribute(e, "Target")):
			why = Template
		}
	})
	return why, err
}

// elsewhere reports whether an address leads to another machine: over the net, or to a shared folder.
func elsewhere(target string) bool {
	target = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(target), `\`, "/"))
	scheme, rest, ok := strings.Cut(target, ":")
	switch {
	case strings.HasPrefix(target, "//"):
		return true
	case !ok || len(scheme) == 1: // within the document, or a disk
		return false
	case scheme == "file":
		rest = strings.TrimLeft(rest, "/")
		return len(rest) < 2 || rest[1] != ':'
	}
	return true
}

// eachElement gives each element of a part, as far as it may go.
func eachElement(part io.Reader, do func(xml.StartElement)) error {
	limited := &io.LimitedReader{R: part, N: xmlMost}
	decoder := xml.NewDecoder(limited)
	for {
		token, err := decoder.Token()
		switch {
		case limited.N <= 0:
			return errSwollen
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if e, ok := token.(xml.StartElement); ok {
			do(e)
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// macrosIn looks for macros in a zip within a document without unpacking it: the names of its parts are not packed.
func macrosIn(zip io.Reader) (why Refusal, err error) {
	mark := []byte("vbaproject.bin")
	err = eachWindow(zip, len(mark), func(window []byte) {
		if bytes.Contains(bytes.ToLower(window), mark) {
			why = Macros
		}
	})
	return why, err
}

// eachWindow gives what is read piece by piece, each beginning with the last bytes of the one before, so that whatever is no
// longer than that stands whole in one of them.
func eachWindow(from io.Reader, overlap int, do func([]byte)) error {
	buffer := make([]byte, 32<<10)
	for kept := 0; ; {
		n, err := io.ReadFull(from, buffer[kept:])
		window := buffer[:kept+n]
		do(window)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return err
		}
		kept = copy(buffer, window[len(window)-overlap:])
	}
}
