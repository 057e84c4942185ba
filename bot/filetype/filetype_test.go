package filetype_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"tsunagi/bot/filetype"
)

const pdf = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"

func TestJudge_marks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ content, ending string }{
		"a PDF":                             {pdf, ".pdf"},
		"a PDF after a line":                {"\r\n" + pdf, ".pdf"},
		"a PDF after a byte order mark":     {"\xef\xbb\xbf" + pdf, ".pdf"},
		"a PDF after what a server said":    {"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n" + pdf, ".pdf"},
		"a PDF after what a printer reads":  {"\x1b%-12345X@PJL JOB\r\n" + pdf, ".pdf"},
		"a PDF after 1,019 bytes":           {strings.Repeat("\x00", 1019) + pdf, ".pdf"},
		"a PDF after too many bytes":        {strings.Repeat("\x00", 1020) + pdf, ""},
		"a program that says PDF":           {"MZ\x90\x00" + pdf, ""},
		"a page that says PDF":              {"<html><script>" + pdf, ""},
		"a script that says PDF":            {"#!/bin/sh\n" + pdf, ""},
		"an old document that says PDF":     {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 500) + pdf, ""},
		"a JPEG":                            {"\xff\xd8\xff\xe0\x00\x10JFIF", ".jpg"},
		"a JPEG that says PDF":              {"\xff\xd8\xff\xe0\x00\x10JFIF" + pdf, ".jpg"},
		"a PNG":                             {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ".png"},
		"a PNG that moves":                  {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x08acTL", ".png"},
		"a GIF":                             {"GIF89a\x01\x00", ".gif"},
		"a WebP":                            {"RIFF\x00\x00\x00\x00WEBPVP8 ", ".webp"},
		"a HEIC":                            {"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", ".heic"},
		"a HEIF":                            {"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", ".heic"},
		"a video":                           {"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isom", ""},
		"a program":                         {"MZ\x90\x00\x03", ""},
		"a drawing that may hold a program": {`<svg xmlns="http://www.w3.org/2000/svg">`, ""},
		"words":                             {"こんにちは", ""},
		"nothing":                           {"", ""},
		"one byte":                          {"%", ""},
		"the mark of a zip alone":           {"PK\x03\x04", ""},
		"the mark of an old document alone": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := filetype.Refusal("")
			if c.ending == "" {
				want = filetype.Unreadable
			}
			judges(t, []byte(c.content), c.ending, want)
		})
	}
}

func judges(t *testing.T, content []byte, ending string, why filetype.Refusal) {
	t.Helper()
	got, refusal := filetype.Judge(bytes.NewReader(content), int64(len(content)))
	if got != ending || refusal != why {
		t.Errorf("judged as %q, %q; want %q, %q", got, refusal, ending, why)
	}
}

func TestJudge_office(t *testing.T) {
	t.Parallel()
	const (
		template = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
		link     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
	)
	macroType := strings.Replace(wordType, "openxmlformats-officedocument.wordprocessingml.document", "ms-word.document.macroEnabled", 1)
	withMacros := compound(nil, entry{name: "Root Entry", kind: 5}, entry{name: "WordDocument", kind: 2}, entry{name: "Macros", kind: 1})
	for name, c := range map[string]struct {
		content []byte
		ending  string
		why     filetype.Refusal
	}{
		"a document":                          {word(t), ".docx", ""},
		"a sheet":                             {archive(t, types("xl/workbook.xml", sheetType), part{"xl/workbook.xml", "<workbook/>"}), ".xlsx", ""},
		"a presentation":                      {archive(t, types("ppt/presentation.xml", slideType), part{"ppt/presentation.xml", "<p/>"}), ".pptx", ""},
		"a document by its part":              {archive(t, part{"[Content_Types].xml", "<Types/>"}, part{"word/document.xml", "<d/>"}), ".docx", ""},
		"a document with another main part":   {archive(t, types("word/document2.xml", wordType), part{"word/document2.xml", "<d/>"}), ".docx", ""},
		"a document with Windows' separators": {archive(t, types("word/document.xml", wordType), part{`word\document.xml`, "<d/>"}), ".docx", ""},

		"a document without its part": {archive(t, types("word/document.xml", wordType)), "", filetype.Unreadable},
		"a zip of a document's name":  {archive(t, part{"企画書.pdf", pdf}), "", filetype.Unreadable},
		"a part without types":        {archive(t, part{"word/document.xml", "<d/>"}), "", filetype.Unreadable},
		"types that cannot be read":   {archive(t, part{"[Content_Types].xml", "<Types"}, part{"word/document.xml", "<d/>"}), "", filetype.Unreadable},
		"types in another alphabet":   {archive(t, part{"[Content_Types].xml", "\xff\xfe<\x00T\x00"}, part{"word/document.xml", "<d/>"}), "", filetype.Unreadable},
		"a text of another office":    {archive(t, part{"mimetype", "application/vnd.oasis.opendocument.text"}, part{"content.xml", "<d/>"}), "", filetype.Unreadable},
		"a document cut off":          {word(t)[:300], "", filetype.Unreadable},

		"macros":                        {word(t, part{"word/vbaProject.bin", "x"}), "", filetype.Macros},
		"macros in capitals":            {word(t, part{"word/VBAPROJECT.BIN", "x"}), "", filetype.Macros},
		"macros in another folder":      {word(t, part{"customXml/vbaProject.bin", "x"}), "", filetype.Macros},
		"macros by the document's type": {archive(t, types("word/document.xml", macroType), part{"word/document.xml", "<d/>"}), "", filetype.Macros},
		"macros by a type in disguise": {archive(t, types("word/document.xml", strings.Replace(macroType, "macroEnabled", "macro&#69;nabled", 1)),
			part{"word/document.xml", "<d/>"}), "", filetype.Macros},
		"macros under another name, by type": {archive(t, types("word/a.xml", "application/vnd.ms-office.vbaProject"), part{"word/document.xml", "<d/>"}), "", filetype.Macros},
		"macros under another name, by relation": {word(t, relation("word/_rels/document.xml.rels",
			"http://schemas.microsoft.com/office/2006/relationships/vbaProject", "a.bin")), "", filetype.Macros},
		"a sheet of macros":               {word(t, part{"xl/macrosheets/sheet1.xml", "<m/>"}), "", filetype.Macros},
		"an old document with macros":     {word(t, part{"word/embeddings/oleObject1.bin", string(withMacros)}), "", filetype.Macros},
		"another document with macros":    {word(t, part{"word/embeddings/a.xlsx", string(word(t, part{"xl/vbaProject.bin", "x"}))}), "", filetype.Macros},
		"a document of macros by name":    {word(t, part{"word/embeddings/Sheet.xlsm", "x"}), "", filetype.Macros},
		"an old document without macros":  {word(t, part{"word/embeddings/oleObject1.bin", string(compound(nil, entry{name: "Workbook", kind: 2}))}), ".docx", ""},
		"another document without macros": {word(t, part{"word/embeddings/a.xlsx", string(word(t))}), ".docx", ""},

		"a template on the net":            {word(t, relation("word/_rels/settings.xml.rels", template, "https://evil.example/a.dotm")), "", filetype.Template},
		"a template in a shared folder":    {word(t, relation("word/_rels/settings.xml.rels", template, `\\evil.example\a.dotm`)), "", filetype.Template},
		"a template on a named machine":    {word(t, relation("word/_rels/settings.xml.rels", template, "file://evil.example/a.dotm")), "", filetype.Template},
		"a template by three strokes":      {word(t, relation("word/_rels/settings.xml.rels", template, `file:///\\evil.example\a.dotm`)), "", filetype.Template},
		"a template of the sender's own":   {word(t, relation("word/_rels/settings.xml.rels", template, `file:///C:\Users\a\Normal.dotm`)), ".docx", ""},
		"a template on the sender's disk":  {word(t, relation("word/_rels/settings.xml.rels", template, `C:\Users\a\Normal.dotm`)), ".docx", ""},
		"a template by its name":           {word(t, relation("word/_rels/settings.xml.rels", template, "Normal.dotm")), ".docx", ""},
		"a link that somebody may press":   {word(t, relation("word/_rels/document.xml.rels", link, "https://www.city.example/")), ".docx", ""},
		"relations that cannot be read":    {word(t, part{"word/_rels/document.xml.rels", "<Rel"}), "", filetype.Unreadable},
		"a document with a password":       {locked(word(t)), "", filetype.Locked},
		"a document locked by its program": {compound(nil, entry{name: "Root Entry", kind: 5}, entry{name: "EncryptedPackage", kind: 2}), "", filetype.Locked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			judges(t, c.content, c.ending, c.why)
		})
	}
}

// locked marks the parts of a zip as encrypted.
func locked(content []byte) []byte {
	for _, list := range []struct {
		mark string
		flag int
	}{{"PK\x03\x04", 6}, {"PK\x01\x02", 8}} {
		for at := 0; ; {
			next := bytes.Index(content[at:], []byte(list.mark))
			if next < 0 {
				break
			}
			at += next + list.flag
			content[at] |= 1
		}
	}
	return content
}

func TestJudge_old_office(t *testing.T) {
	t.Parallel()
	root := func(class string) entry { return entry{name: "Root Entry", kind: 5, class: class} }
	const vba = "\x1f\x00\xff\x03\x14\x00\x00\x00\x02\x00\x00\x04\x0c\x00\x00\x00\x07\x00\x00\x00"
	for name, c := range map[string]struct {
		content []byte
		ending  string
		why     filetype.Refusal
	}{
		"a document":                          {compound(nil, root(""), entry{name: "WordDocument", kind: 2}), ".doc", ""},
		"a sheet":                             {compound(records("\x85\x00\x00\x00\x00\x00\x00"), root(""), entry{name: "Workbook", kind: 2, sector: 1}), ".xls", ""},
		"a sheet of an older program":         {compound(records("\x0a"), root(""), entry{name: "Book", kind: 2, sector: 1}), ".xls", ""},
		"a presentation":                      {compound([]byte(vba+"\x00\x00\x00\x00"), root(""), entry{name: "PowerPoint Document", kind: 2}), ".ppt", ""},
		"a sheet that holds a document":       {compound(nil, root("\x20\x08\x02\x00"), entry{name: "WordDocument", kind: 2}, entry{name: "Workbook", kind: 2}), ".xls", ""},
		"a document that holds a sheet":       {compound(nil, root("\x06\x09\x02\x00"), entry{name: "Workbook", kind: 2}, entry{name: "WordDocument", kind: 2}), ".doc", ""},
		"a name that stands in the text":      {compound([]byte("M\x00a\x00c\x00r\x00o\x00s\x00"), root(""), entry{name: "WordDocument", kind: 2}), ".doc", ""},
		"an installer":                        {compound(nil, root(""), entry{name: "\u4840\u3f3f", kind: 2}), "", filetype.Unreadable},
		"a mail":                              {compound(nil, root(""), entry{name: "__nameid_version1.0", kind: 1}), "", filetype.Unreadable},
		"macros of a document":                {compound(nil, root(""), entry{name: "WordDocument", kind: 2}, entry{name: "Macros", kind: 1}), "", filetype.Macros},
		"macros of a sheet":                   {compound(nil, root(""), entry{name: "Workbook", kind: 2}, entry{name: "_VBA_PROJECT_CUR", kind: 1}), "", filetype.Macros},
		"macros further in":                   {compound(nil, root(""), entry{name: "Workbook", kind: 2}, entry{}, entry{}, entry{}, entry{}, entry{name: "_VBA_PROJECT", kind: 2}), "", filetype.Macros},
		"a folder of macros":                  {compound(nil, root(""), entry{name: "WordDocument", kind: 2}, entry{name: "VBA", kind: 1}), "", filetype.Macros},
		"macros of a presentation":            {compound([]byte(vba+"\x01\x00\x00\x00"), root(""), entry{name: "PowerPoint Document", kind: 2}), "", filetype.Macros},
		"macros across what is read at once":  {compound([]byte(strings.Repeat("x", 32<<10-1024-10)+vba+"\x01\x00\x00\x00"), root(""), entry{name: "PowerPoint Document", kind: 2}), "", filetype.Macros},
		"a sheet of macros":                   {compound(records("\x85\x00\x00\x00\x00\x00\x01"), root(""), entry{name: "Workbook", kind: 2, sector: 1}), "", filetype.Macros},
		"a sheet with a password":             {compound(records("\x2f\x00\x00"), root(""), entry{name: "Workbook", kind: 2, sector: 1}), "", filetype.Locked},
		"a document locked by its program":    {compound(nil, root(""), entry{name: "EncryptedPackage", kind: 2}), "", filetype.Locked},
		"a sheet that begins beyond the file": {compound(nil, root(""), entry{name: "Workbook", kind: 2, sector: 0xfffffff0}), ".xls", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			judges(t, c.content, c.ending, c.why)
		})
	}
}

func TestJudge_bombs(t *testing.T) {
	t.Parallel()
	one := bomb(t, 1, 17<<20)
	many := make([]part, 10_001)
	for i := range many {
		many[i] = part{name: fmt.Sprintf("word/%d.xml", i)}
	}
	huge := make([]part, 20_000)
	for i := range huge {
		huge[i] = part{name: fmt.Sprintf("word/%060d.xml", i)}
	}
	for name, c := range map[string]struct {
		content []byte
		ending  string
		why     filetype.Refusal
	}{
		"one part":                   {one, "", filetype.Swollen},
		"many parts":                 {bomb(t, 9, 2<<20), "", filetype.Swollen},
		"too many parts":             {word(t, many...), "", filetype.Swollen},
		"a list that is too long":    {word(t, huge...), "", filetype.Swollen},
		"a part that says less":      {lying(one, 17<<20), "", filetype.Unreadable},
		"a list of types":            {archive(t, part{"[Content_Types].xml", "<Types>" + strings.Repeat(" ", 5<<20)}, part{"word/document.xml", ""}), "", filetype.Swollen},
		"a bomb within is no matter": {word(t, part{"word/embeddings/a.zip", string(one)}), ".docx", ""},
		"a sheet of empty cells":     {bomb(t, 1, 8<<20), ".docx", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			judges(t, c.content, c.ending, c.why)
		})
	}
}
