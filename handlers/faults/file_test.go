package faults_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"tsunagi/handlers/line/linesim"
)

const (
	fileRefused = "は受け取れません（20MBまで、PDF・画像・Office）"
	fileUnread  = "は受け取れません。中身が空か、PDF・画像・Officeのファイルではありません"
	fileGone    = "を受け取れませんでした。お手数ですが、もう一度お送りください"
	contentPath = "/v2/bot/message/*/content"
)

// Files that cannot be taken are refused in words; those that can reach the thread (row 47).
func TestFault_files(t *testing.T) {
	t.Parallel()
	pdf, exe, zip := []byte("%PDF-1.7 ok"), []byte("MZ\x90\x00\x03"), []byte("PK\x03\x04 zip")
	big := append([]byte("\xff\xd8\xff\xe0"), bytes.Repeat([]byte{7}, 20<<20)...)
	for name, c := range map[string]struct {
		send  func(w *world, p person) (linesim.Receipt, error)
		reads string // empty: it is taken
		state string // in the database; empty: not there
	}{
		"a document": {func(w *world, p person) (linesim.Receipt, error) {
			return p.SendFile(w.ctx, "提案書.pdf", "application/pdf", pdf)
		}, "", "stored"},
		"a picture": {func(w *world, p person) (linesim.Receipt, error) {
			return p.SendImage(w.ctx, "image/jpeg", big[:1000])
		}, "", "stored"},
		"too large, as announced": {func(w *world, p person) (linesim.Receipt, error) {
			return p.SendFile(w.ctx, "大.pdf", "application/pdf", append(slices.Clone(pdf), big...))
		}, fileRefused, ""},
		"too large, as it turns out": {func(w *world, p person) (linesim.Receipt, error) {
			return p.SendImage(w.ctx, "image/jpeg", big)
		}, fileRefused, "refused"},
		"a program": {func(w *world, p person) (linesim.Receipt, error) {
			return p.SendFile(w.ctx, "setup.exe", "application/pdf", exe)
		}, fileUnread, "refused"},
		"a program called a document": {func(w *world, p person) (linesim.Receipt, error) {
			return p.SendFile(w.ctx, "提案書.pdf", "application/pdf", exe)
		}, fileUnread, "refused"},
		"an archive called a document": {func(w *world, p person) (linesim.Receipt, error) {
			return p.SendFile(w.ctx, "提案書.docx", "application/zip", zip)
		}, fileUnread, "refused"},
		"nothing in it, as announced": {func(w *world, p person) (linesim.Receipt, error) {
			return p.SendFile(w.ctx, "空.pdf", "application/pdf", nil)
		}, fileUnread, ""},
		"a film": {func(w *world, p person) (linesim.Receipt, error) {
			return p.SendVideo(w.ctx, []byte("film"), 1e9)
		}, fileRefused, ""},
		"vanished (404)": {func(w *world, p person) (linesim.Receipt, error) {
			w.line.Misbehave(linesim.Fault{Do: linesim.FailStatus, Status: 404, Message: "Not found", Path: contentPath})
			return p.SendFile(w.ctx, "提案書.pdf", "application/pdf", pdf)
		}, fileGone, "gone"},
		"vanished (410)": {func(w *world, p person) (linesim.Receipt, error) {
			w.line.Misbehave(linesim.Fault{Do: linesim.FailStatus, Status: 410, Message: "Gone", Path: contentPath})
			return p.SendFile(w.ctx, "提案書.pdf", "application/pdf", pdf)
		}, fileGone, "gone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, p, _ := begin(t)
			w.settled()
			after := w.line.Last()
			r, err := c.send(w, p)
			p.arrives(r, err)
			if c.reads != "" {
				p.reads(after, c.reads)
			}
			w.settled()
			got := strings.Join(w.rows(`SELECT state FROM files`), " ")
			if got != c.state {
				t.Errorf("the database has a file %q, want %q", got, c.state)
			}
			files := 0
			for _, m := range w.slack.Channel(deskRoom) {
				files += len(m.Files)
			}
			if want := map[bool]int{true: 1}[c.state == "stored"]; files != want {
				t.Errorf("%d files stand in the desk's room, want %d", files, want)
			}
		})
	}
}

// A file given as an answer that turns out to be of the wrong sort, or is gone: its sender reads it, and the desk is not
// told of a document that nobody has (row 47).
func TestFault_fileInForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, a := w.person("sato"), proposalOf(1)
	typed := a.typed()
	for _, words := range typed[:len(typed)-1] {
		p.says(words)
	}
	p.arrives(p.SendFile(w.ctx, "よい.pdf", "application/pdf", []byte("%PDF-1.7 ok")))
	p.arrives(p.SendFile(w.ctx, "わるい.pdf", "application/pdf", []byte("MZ")))
	p.reads(0, "「わるい.pdf」"+fileUnread)
	w.line.Misbehave(linesim.Fault{Do: linesim.FailStatus, Status: 404, Message: "Not found", Path: contentPath})
	p.arrives(p.SendFile(w.ctx, "ない.pdf", "application/pdf", []byte("%PDF-1.7 ok")))
	p.reads(0, fileGone)
	p.says("次へ")
	p.says("送信")
	p.reads(0, "受付番号 ")
	w.settled()
	w.want(1, "files kept", `SELECT count(*) FROM files WHERE state = 'stored'`)
	documents := strings.Join(w.rows(`SELECT shown FROM particulars WHERE field = 'documents'`), " ")
	if !strings.Contains(documents, "よい.pdf") || strings.Contains(documents, "わるい") || strings.Contains(documents, "ない.pdf") {
		t.Errorf("the desk reads of documents %q, and has the first only", documents)
	}
	if got := w.files(deskRoom); len(got) != 1 || got[0].Name != "よい.pdf" {
		t.Errorf("the desk's room has %+v, want the good file once", got)
	}
}

// LINE still prepares the content (202), or fails for a while: it is asked again, and the file arrives once (row 47).
func TestFault_fileLater(t *testing.T) {
	t.Parallel()
	w, p, _ := begin(t)
	w.line.Misbehave(linesim.Fault{Do: linesim.Answer202, Path: contentPath})
	w.line.Misbehave(linesim.Fault{Do: linesim.Fail500, Path: contentPath})
	p.arrives(p.SendFile(w.ctx, "提案書.pdf", "application/pdf", []byte("%PDF-1.7 ok")))
	w.until("LINE was asked", func() (bool, error) {
		return slices.ContainsFunc(w.line.Record(), func(e linesim.Entry) bool { return strings.HasSuffix(e.Path, "/content") }), nil
	})
	p.arrives(p.SendFile(w.ctx, "別紙.pdf", "application/pdf", []byte("%PDF-1.7 ok"))) // it fails as well, then both are asked for
	w.settled()
	w.want(2, "files", `SELECT count(*) FROM files WHERE state = 'stored'`)
	files := map[string]int{}
	for _, m := range w.slack.Channel(deskRoom) {
		for _, f := range m.Files {
			files[f.Name]++
		}
	}
	if files["提案書.pdf"] != 1 || files["別紙.pdf"] != 1 {
		t.Errorf("the desk's room has %v, want each file once", files)
	}
}

// Names of files that would lead somewhere else, or read otherwise (row 46).
func TestFault_fileNames(t *testing.T) {
	t.Parallel()
	w, p, _ := begin(t)
	names := []string{"../../etc/passwd.pdf", "提案\r\nX-Evil: 1.pdf", "\u202efdp.exe.pdf", "C:\\windows\\x.pdf", ".pdf", "a/b/c.pdf", strings.Repeat("長", 300) + ".pdf"}
	for _, name := range names {
		p.arrives(p.SendFile(w.ctx, name, "application/pdf", []byte("%PDF-1.7 ok")))
	}
	w.settled()
	n := 0
	for _, m := range w.slack.Channel(deskRoom) {
		for _, f := range m.Files {
			n++
			if strings.ContainsAny(f.Name+f.Title, "/\\\r\n\u202e") {
				t.Errorf("a file is called %q, titled %q", f.Name, f.Title)
			}
		}
	}
	w.want(n, "files kept", `SELECT count(*) FROM files WHERE state = 'stored'`)
	if n < len(names)-1 { // what has no name before its dot may be refused
		t.Errorf("%d of %d files arrived", n, len(names))
	}
}
