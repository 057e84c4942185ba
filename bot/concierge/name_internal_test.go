package concierge

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// Whatever a file is called, the name that is kept leads nowhere, shows all of itself, and is kept as it is.
func FuzzCleanName(f *testing.F) {
	for _, name := range []string{"企画書.pdf", "../../etc/passwd", `C:\a\b.doc`, "a\u202egpj.exe", "企画書．pdf", ".pdf", " . ", "a\x00b.png", strings.Repeat("長", 300) + ".pdf"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		kept := cleanName(name)
		if strings.ContainsAny(kept, `/\`) || strings.ContainsFunc(kept, unicode.IsControl) || !utf8.ValidString(kept) {
			t.Errorf("%q is kept as %q", name, kept)
		}
		if again := cleanName(kept); again != kept {
			t.Errorf("%q is kept as %q, and that as %q", name, kept, again)
		}
	})
}
