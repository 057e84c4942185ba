package filetype_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"tsunagi/bot/filetype"
)

var taken = []string{".pdf", ".jpg", ".png", ".gif", ".webp", ".heic", ".docx", ".xlsx", ".pptx", ".doc", ".xls", ".ppt"}

func FuzzJudge(f *testing.F) {
	f.Add([]byte(pdf))
	f.Add(word(f, part{"word/embeddings/a.bin", string(compound(nil, entry{name: "Macros", kind: 1}))}))
	f.Add(compound(records("\x85\x00\x00\x00\x00\x00\x01"), entry{name: "Workbook", kind: 2, sector: 1}))
	f.Fuzz(func(t *testing.T, content []byte) {
		ending, why := filetype.Judge(bytes.NewReader(content), int64(len(content)))
		if (ending == "") == (why == "") {
			t.Errorf("judged as %q, %q: want one of both", ending, why)
		}
		if ending != "" && !strings.Contains(strings.Join(taken, " ")+" ", ending+" ") {
			t.Errorf("judged as %q", ending)
		}
	})
}

func FuzzName(f *testing.F) {
	for _, name := range []string{"企画書．pdf", "../a\\b.docx", "\u202efdp.exe", ".pdf", "a.\xff", "。。.ｐｄｆ", strings.Repeat("長", 200)} {
		f.Add(name, uint8(0))
	}
	f.Fuzz(func(t *testing.T, name string, which uint8) {
		clean, ending := filetype.Clean(name), taken[int(which)%len(taken)]
		if again := filetype.Clean(clean); again != clean {
			t.Errorf("%q is called %q, and then %q", name, clean, again)
		}
		if clean == "" {
			return
		}
		got := filetype.Mend(clean, ending)
		if again := filetype.Mend(filetype.Clean(got), ending); again != got {
			t.Errorf("%q is called %q, and then %q", name, got, again)
		}
		odd := func(r rune) bool { return r == '/' || r == '\\' || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }
		switch {
		case !utf8.ValidString(got), strings.ContainsFunc(got, odd), utf8.RuneCountInString(got) > 100:
			t.Errorf("%q is called %q", name, got)
		case strings.LastIndexByte(got, '.') < 1:
			t.Errorf("%q is called %q, without an ending", name, got)
		}
	})
}
