package filetype

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
)

// compoundMark begins a compound file: Office until 2003, and a locked document of today.
// https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-cfb
const compoundMark = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// entrySize is the size of a directory's entry. Each stands at a multiple of it, wherever the directory's sectors are.
const entrySize = 128

// compound is what a compound file's directory names. Only names that mean something here are kept, so a large directory
// costs no memory: libraries that rebuild the tree can be made to need more than there is.
type compound map[string]uint32 // name in small letters, to the sector in which the stream begins

// known are the names that are looked for: what kind of document it is, that it is locked, and macros.
var known = map[string]Refusal{
	"worddocument": "", "workbook": "", "book": "", "powerpoint document": "",
	"encryptedpackage": Locked,
	"macros":           Macros, "_vba_project_cur": Macros, "vba": Macros, "_vba_project": Macros,
}

// compoundIn finds the known names by looking at every place where an entry may stand.
func compoundIn(content io.Reader) (compound, error) {
	found, entry := compound{}, make([]byte, entrySize)
	for {
		_, err := io.ReadFull(content, entry)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return found, nil
		case err != nil:
			return found, err
		}
		name := entryName(entry)
		if _, ok := known[name]; !ok {
			continue
		}
		if _, before := found[name]; !before {
			found[name] = binary.LittleEndian.Uint32(entry[116:])
		}
	}
}

// entryName is the name of a storage or stream, in small letters; empty if here is none.
func entryName(entry []byte) string {
	const storage, stream = 1, 2
	length := int(binary.LittleEndian.Uint16(entry[64:]))
	if (entry[66] != storage && entry[66] != stream) || length < 4 || length > 64 || length%2 != 0 {
		return ""
	}
	letters := make([]uint16, length/2-1)
	for i := range letters {
		letters[i] = binary.LittleEndian.Uint16(entry[2*i:])
	}
	return strings.ToLower(string(utf16.Decode(letters)))
}

// macros tells of macros; their storages are there only if they are.
func (c compound) macros() Refusal {
	for name := range c {
		if known[name] == Macros {
			return Macros
		}
	}
	return ""
}

// oldOffice judges a compound file.
func oldOffice(content io.ReaderAt, size int64) (ending string, why Refusal) {
	found, err := compoundIn(io.NewSectionReader(content, 0, size))
	if err != nil {
		return "", Unreadable
	}
	if _, ok := found["encryptedpackage"]; ok {
		return "", Locked
	}
	if why := found.macros(); why != "" {
		return "", why
	}
	switch ending = oldEnding(content, found); ending {
	case "":
		return "", Unreadable
	case ".xls":
		why = sheets(content, size, found)
	case ".ppt":
		why = slides(io.NewSectionReader(content, 0, size))
	}
	if why != "" {
		return "", why
	}
	return ending, ""
}

// oldEnding is which document a compound file is. One that holds others has the streams of all; the class of its root then
// tells which it is.
func oldEnding(content io.ReaderAt, found compound) string {
	class := rootClass(content)
	kinds := []struct{ stream, ending, class string }{
		{"worddocument", ".doc", "\x06\x09\x02\x00"}, {"powerpoint document", ".ppt", "\x10\x8d\x81\x64"},
		{"workbook", ".xls", "\x20\x08\x02\x00"}, {"book", ".xls", "\x10\x08\x02\x00"},
	}
	ending := ""
	for _, k := range kinds {
		_, ok := found[k.stream]
		switch {
		case ok && class == k.class:
			return k.ending
		case ok && ending == "":
			ending = k.ending
		}
	}
	return ending
}

// rootClass is the beginning of the class of a compound file's root, which is the first entry of the directory.
func rootClass(content io.ReaderAt) string {
	header, class := make([]byte, 52), make([]byte, 4)
	if _, err := content.ReadAt(header, 0); err != nil {
		return ""
	}
	if _, err := content.ReadAt(class, sectorAt(header, binary.LittleEndian.Uint32(header[48:]))+80); err != nil {
		return ""
	}
	return string(class)
}

// sectorAt is where a sector stands.
func sectorAt(header []byte, sector uint32) int64 {
	return (int64(sector) + 1) << min(binary.LittleEndian.Uint16(header[30:]), 12)
}

// sheets looks for sheets of macros, and for a password, in the records that a workbook begins with. Excel writes them in
// one piece. https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-xls
func sheets(content io.ReaderAt, size int64, found compound) Refusal {
	const boundSheet, filePass, end, macroSheet = 0x85, 0x2f, 0x0a, 1
	header, record := make([]byte, 52), make([]byte, 10)
	if _, err := content.ReadAt(header, 0); err != nil {
		return Unreadable
	}
	sector, ok := found["workbook"]
	if !ok {
		sector = found["book"]
	}
	for at := sectorAt(header, sector); at < size; {
		if _, err := content.ReadAt(record, at); err != nil {
			return ""
		}
		switch binary.LittleEndian.Uint16(record) {
		case filePass:
			return Locked
		case boundSheet:
			if record[9] == macroSheet {
				return Macros
			}
		case end:
			return ""
		}
		at += 4 + int64(binary.LittleEndian.Uint16(record[2:]))
	}
	return ""
}

// slides looks for the record by which a presentation says that it has macros: they are packed into its one stream.
// https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-ppt
func slides(content io.Reader) (why Refusal) {
	mark := []byte("\x1f\x00\xff\x03\x14\x00\x00\x00\x02\x00\x00\x04\x0c\x00\x00\x00")
	const reference, flag = 4, 4
	err := eachWindow(content, len(mark)+reference+flag, func(window []byte) {
		for at := bytes.Index(window, mark); at >= 0; at = bytes.Index(window, mark) {
			window = window[at+len(mark):]
			if len(window) > reference && window[reference] != 0 {
				why = Macros
			}
		}
	})
	if err != nil {
		return Unreadable
	}
	return why
}
