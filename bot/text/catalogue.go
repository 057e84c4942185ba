package text

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Catalogue is all sentences and word lists of one language, read once at start and only read afterwards.
type Catalogue struct {
	lang      string
	sentences map[string]sentence
	lists     map[string][]string
	style     style
}

//go:embed ja/*.yaml en/*.yaml
var catalogues embed.FS

// Load reads the catalogue of a language, "ja" or "en". A key that stands in two files is an error.
func Load(lang string) (*Catalogue, error) {
	return load(catalogues, lang)
}

// Lang is the language of the catalogue, for example to mark a page.
func (c *Catalogue) Lang() string { return c.lang }

// Has reports whether the key names a sentence or a word list.
func (c *Catalogue) Has(key string) bool {
	_, isSentence := c.sentences[key]
	_, isList := c.lists[key]
	return isSentence || isList
}

// Keys lists all keys in order.
func (c *Catalogue) Keys() []string {
	keys := slices.Collect(maps.Keys(c.sentences))
	keys = slices.AppendSeq(keys, maps.Keys(c.lists))
	slices.Sort(keys)
	return keys
}

// Words gives a word list, for example all words that mean "back"; an unknown key gives none.
func (c *Catalogue) Words(key string) []string {
	return slices.Clone(c.lists[key])
}

// Args lists the names of the arguments a sentence needs, in order of name.
func (c *Catalogue) Args(key string) []string {
	names := map[string]bool{}
	c.sentences[key].walk(func(p piece) { names[p.name] = true })
	return slices.Sorted(maps.Keys(names))
}

func load(files fs.FS, lang string) (*Catalogue, error) {
	paths, err := fs.Glob(files, path.Join(lang, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list catalogues of %s: %w", lang, err)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("no catalogue for language %q", lang)
	}
	c := &Catalogue{lang: lang, sentences: map[string]sentence{}, lists: map[string][]string{}}
	for _, p := range paths {
		if err := c.read(files, p); err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", p, err)
		}
	}
	c.style = c.readStyle()
	return c, nil
}

func (c *Catalogue) read(files fs.FS, name string) error {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var tree map[string]any
	if err := yaml.Unmarshal(content, &tree); err != nil {
		return err
	}
	return c.add("", tree)
}

// add flattens nested keys: {form: {back: …}} and {form.back: …} are the same.
func (c *Catalogue) add(prefix string, tree map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		if err := c.addOne(prefix+name, tree[name]); err != nil {
			return err
		}
	}
	return nil
}

func (c *Catalogue) addOne(key string, value any) error {
	if tree, ok := value.(map[string]any); ok {
		return c.add(key+".", tree)
	}
	if c.Has(key) {
		return fmt.Errorf("%s is there twice", key)
	}
	switch v := value.(type) {
	case string:
		s, err := parse(strings.TrimRight(v, "\n"))
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		c.sentences[key] = s
	case []any:
		words, err := wordList(v)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		c.lists[key] = words
	default:
		return fmt.Errorf("%s: want a text or a list of texts, got %T", key, value)
	}
	return nil
}

func wordList(values []any) ([]string, error) {
	words := make([]string, 0, len(values))
	for _, v := range values {
		word, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("want a list of texts, got %T in it", v)
		}
		words = append(words, word)
	}
	return words, nil
}
