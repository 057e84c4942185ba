package slack

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"tsunagi/bot/text"
)

// Whatever a file is called, the name it has in Slack leads nowhere, deceives nobody and is never empty.
func FuzzSafeName(f *testing.F) {
	for _, name := range []string{"企画書.pdf", "../../etc/passwd", `C:\a\b.doc`, "a\u202egpj.exe", ".pdf", " . ", "a\r\nb.png", "<!channel>.pdf", strings.Repeat("長", 300) + ".pdf"} {
		f.Add(name)
	}
	words, err := text.Load("ja")
	if err != nil {
		f.Fatal(err)
	}
	s := &Sender{words: words}
	f.Fuzz(func(t *testing.T, name string) {
		safe := s.safeName(name)
		if safe == "" || strings.ContainsAny(safe, `/\<>:"|?*`) || strings.ContainsFunc(safe, unicode.IsControl) || !utf8.ValidString(safe) {
			t.Errorf("%q becomes %q", name, safe)
		}
	})
}
