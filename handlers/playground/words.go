package playground

import (
	_ "embed" // what the page is told
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed words.yaml
var spoken []byte

// words are what the server's side of the playground says to people.
type words struct {
	Refused map[string]string `yaml:"refused"`
	Note    map[string]string `yaml:"note"`
	Fault   map[string]string `yaml:"fault"`
}

func readWords() (words, error) {
	var w words
	if err := yaml.Unmarshal(spoken, &w); err != nil {
		return w, fmt.Errorf("read the playground's words: %w", err)
	}
	return w, nil
}

// refuse is a refusal in words; why, if given, says more.
func (w words) refuse(key string, why ...string) error {
	return Refuse(strings.ReplaceAll(w.Refused[key], "{why}", strings.Join(why, " ")))
}
