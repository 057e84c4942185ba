package filetype_test

import (
	"strings"
	"testing"

	"tsunagi/bot/filetype"
)

func TestNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("長", 3000)
	for _, c := range []struct{ typed, ending, want string }{
		{"企画書.pdf", ".pdf", "企画書.pdf"},
		{"企画書.PDF", ".pdf", "企画書.PDF"},
		{"企画書．pdf", ".pdf", "企画書.pdf"},
		{"企画書．ＰＤＦ", ".pdf", "企画書.PDF"},
		{"企画書。pdf", ".pdf", "企画書.pdf"},
		{"企画書. pdf", ".pdf", "企画書.pdf"},
		{"企画書.pdf ", ".pdf", "企画書.pdf"},
		{"企画書.pdf.", ".pdf", "企画書.pdf"},
		{"企画書", ".pdf", "企画書.pdf"},
		{"企画書.", ".pdf", "企画書.pdf"},
		{"企画書pdf", ".pdf", "企画書pdf.pdf"},
		{"企画書 ver.1.2", ".pdf", "企画書 ver.1.2.pdf"},
		{"企画書.docx", ".pdf", "企画書.pdf"},
		{"企画書.docm", ".docx", "企画書.docx"},
		{"企画書.exe", ".pdf", "企画書.exe.pdf"},
		{"写真.jpeg", ".jpg", "写真.jpeg"},
		{"写真.JPG", ".jpg", "写真.JPG"},
		{"写真.png", ".jpg", "写真.jpg"},
		{"写真.heif", ".heic", "写真.heif"},
		{"株式会社○○御中．第2案．xlsx", ".xlsx", "株式会社○○御中．第2案.xlsx"},
		{"../../etc/passwd.pdf", ".pdf", ".._.._etc_passwd.pdf"},
		{`C:\企画書.pdf`, ".pdf", "C:_企画書.pdf"},
		{"a\r\nb\x00.pdf", ".pdf", "ab.pdf"},
		{"fdp.\u202egpj.pdf", ".pdf", "fdp.gpj.pdf"},
		{"企画書.p\u200bdf", ".pdf", "企画書.pdf"},
		{"企画書\u2028.pdf", ".pdf", "企画書.pdf"},
		{long + ".pdf", ".pdf", strings.Repeat("長", 95) + "….pdf"},
		{"a." + long, ".pdf", "a." + strings.Repeat("長", 93) + "….pdf"},
	} {
		if got := filetype.Mend(filetype.Clean(c.typed), c.ending); got != c.want {
			t.Errorf("%.40q that is a %s is called %q, want %q", c.typed, c.ending, got, c.want)
		}
	}
	for _, typed := range []string{"", " ", ".", "..", ".pdf", " .PDF ", "．pdf", "\u202e", "\x00", "._.", "．", "。pdf"} {
		if got := filetype.Clean(typed); got != "" {
			t.Errorf("%q is called %q, want it to have no name", typed, got)
		}
	}
}
