package story_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"tsunagi/handlers/playground/story"
)

// Whatever stands in a story, it has steps that come from its lines, in order, or faults that name a line.
func FuzzStory(f *testing.F) {
	stories := os.DirFS("../stories")
	names, err := fs.Glob(stories, "*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(stories, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, seed := range []string{"\ufeff#\r\n続き x\n", "佐藤　が今の質問に次のように答えていく:\n  a: b\n\t：\n", "１２日たつ", "「」」", "\x00\n\xff:", "続き\n続き a\n続き b"} {
		f.Add(seed)
	}
	parse, err := story.Reader()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parse("a", text)
		if err != nil {
			if said := err.Error(); !strings.Contains(said, "行目") && !strings.Contains(said, "文が一つもありません") {
				t.Errorf("%q: a fault without a place: %v", text, err)
			}
			return
		}
		last := 0
		for _, one := range s.Steps {
			do, _, _ := one.Does()
			if do == "" || one.Line <= last || one.Line > strings.Count(text, "\n")+strings.Count(text, "\r")+1 {
				t.Errorf("%q: a step of line %d after line %d does %q", text, one.Line, last, do)
			}
			last = one.Line
		}
		if len(s.Steps) == 0 {
			t.Errorf("%q is a story without a step", text)
		}
	})
}
