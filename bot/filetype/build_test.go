package filetype_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"unicode/utf16"
)

// part is one part of a document.
type part struct{ name, content string }

// archive makes a zip of parts, which are not packed.
func archive(t testing.TB, parts ...part) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, p.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const (
	wordType  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
	sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
	slideType = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
)

// types is the part that says of what type the main part is.
func types(name, kind string) part {
	return part{"[Content_Types].xml", `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/` + name + `" ContentType="` + kind + `"/></Types>`}
}

// word is a small document with more parts.
func word(t testing.TB, more ...part) []byte {
	t.Helper()
	return archive(t, append([]part{types("word/document.xml", wordType), {"word/document.xml", "<document/>"}}, more...)...)
}

// relation is a part that refers to something.
func relation(name, kind, target string) part {
	return part{name, `<Relationships><Relationship Id="r1" Type="` + kind + `" Target="` + target + `" TargetMode="External"/></Relationships>`}
}

// entry is one entry of a compound file's directory.
type entry struct {
	name   string
	kind   byte // 1: storage, 2: stream, 5: root
	class  string
	sector uint32
}

// compound makes a compound file: the header, the directory, and content from the sector after it.
func compound(content []byte, entries ...entry) []byte {
	header := make([]byte, 512)
	copy(header, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	binary.LittleEndian.PutUint16(header[30:], 9)
	directory := make([]byte, (len(entries)*128+511)/512*512)
	for i, e := range entries {
		at := directory[i*128:]
		name := utf16.Encode([]rune(e.name))
		for j, letter := range name {
			binary.LittleEndian.PutUint16(at[2*j:], letter)
		}
		binary.LittleEndian.PutUint16(at[64:], uint16(2*len(name)+2))
		at[66] = e.kind
		copy(at[80:], e.class)
		binary.LittleEndian.PutUint32(at[116:], e.sector)
	}
	out := append(header, directory...)
	return append(out, content...)
}

// records are records of a workbook, by kind and content.
func records(all ...string) []byte {
	var out []byte
	for _, r := range all {
		out = append(out, r[0], 0, byte(len(r)-1), 0)
		out = append(out, r[1:]...)
	}
	return append(out, make([]byte, 4096)...)
}

// zeros reads as so many zeros.
func zeros(n int64) io.Reader { return io.LimitReader(zero{}, n) }

type zero struct{}

func (zero) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// bomb is a document with parts that unpack to so many zeros each.
func bomb(t testing.TB, parts int, each int64) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for _, p := range []part{types("word/document.xml", wordType), {"word/document.xml", "<document/>"}} {
		w, _ := z.Create(p.name)
		_, _ = io.WriteString(w, p.content)
	}
	for i := range parts {
		w, err := z.Create("word/media/" + strings.Repeat("x", i%50) + string(rune('a'+i%26)) + ".xml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, zeros(each)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// lying says in each list of a zip that a part unpacks to almost nothing.
func lying(content []byte, real uint32) []byte {
	size := binary.LittleEndian.AppendUint32(nil, real)
	return bytes.ReplaceAll(content, size, []byte{1, 0, 0, 0})
}
