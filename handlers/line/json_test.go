package line_test

import (
	"encoding/json"
	"testing"

	"tsunagi/handlers/line"
)

// FuzzQuote holds our writing of strings against the standard library's reading of them.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "連携", "a\"b\\c", "\x00\x1f\n\r\t", "<&>\u2028", "\xff\xc3x", "👨‍👩‍👧", "\ufffd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		standard, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var want, got string
		if err := json.Unmarshal(standard, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(line.Quote(s), &got); err != nil || got != want {
			t.Errorf("%q is written as %s, which reads %q, %v, want %q", s, line.Quote(s), got, err, want)
		}
	})
}
