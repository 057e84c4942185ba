package msg_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tsunagi/bot/msg"
)

func TestPress(t *testing.T) {
	t.Parallel()
	t.Run("what was written is read back", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			args := rapid.MapOf(rapid.StringMatching(`[a-z]{1,3}`), rapid.String()).Filter(noDo).Draw(t, "args")
			want := msg.Do(rapid.StringN(1, 10, -1).Draw(t, "do"), pairs(args)...)
			got, ok := msg.ParsePress(want.Encode())
			if diff := cmp.Diff(want, got); !ok || diff != "" {
				t.Fatalf("read %v (-want +got):\n%s", ok, diff)
			}
		})
	})
	t.Run("it is written as a form is", func(t *testing.T) {
		p := msg.Do("answer", "draft", "12", "field", "連携 & more", "a", "")
		want := url.Values{"do": {"answer"}, "draft": {"12"}, "field": {"連携 & more"}, "a": {""}}.Encode()
		if got := p.Encode(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func pairs(args map[string]string) (list []string) {
	for name, value := range args {
		list = append(list, name, value)
	}
	return list
}

func noDo(args map[string]string) bool { _, has := args["do"]; return !has }
