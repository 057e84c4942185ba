package playground_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// What the server's side can say is said somewhere.
func TestWordsAreUsed(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("words.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]map[string]string
	if err := yaml.Unmarshal(raw, &words); err != nil {
		t.Fatal(err)
	}
	sources := ""
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if raw, err := os.ReadFile(name); err == nil && !strings.HasSuffix(name, "_test.go") {
			sources += string(raw)
		}
	}
	for part, keys := range words {
		for key := range keys {
			if !strings.Contains(sources, `"`+key+`"`) {
				t.Errorf("%s.%s is said nowhere", part, key)
			}
		}
	}
}
