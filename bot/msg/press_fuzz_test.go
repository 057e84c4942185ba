package msg_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot/msg"
)

// What a platform sends back is no press, or one that is read back as it was written.
func FuzzParsePress(f *testing.F) {
	for _, data := range []string{"do=form&f=topic&v=answer", "a=%00&do=x", "do=", "do=a&do=b", "%zz", "do=x;y", "&&&do=x&=", ""} {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data string) {
		p, ok := msg.ParsePress(data)
		if !ok {
			return
		}
		again, ok := msg.ParsePress(p.Encode())
		if diff := cmp.Diff(p, again); !ok || diff != "" {
			t.Errorf("%q is read back %v (-want +got):\n%s", data, ok, diff)
		}
	})
}
