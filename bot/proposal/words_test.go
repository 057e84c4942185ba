package proposal_test

import (
	"testing"

	"tsunagi/bot/text"
)

// words give what Japanese readers of the page see, by catalogue key.
func words(t *testing.T) func(key string) string {
	t.Helper()
	catalogue, err := text.Load("ja")
	if err != nil {
		t.Fatal(err)
	}
	return func(key string) string {
		if !catalogue.Has(key) {
			return ""
		}
		return catalogue.Say(text.Say(key))
	}
}
