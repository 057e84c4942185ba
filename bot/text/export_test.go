package text

import "io/fs"

// LoadFrom reads catalogues from elsewhere, for tests of faults in them.
func LoadFrom(files fs.FS, lang string) (*Catalogue, error) { return load(files, lang) }

// Hole is a place for an argument, for tests that fill it.
type Hole struct {
	Name, Style string
	Count       bool
}

// Holes lists the places for arguments in a sentence.
func (c *Catalogue) Holes(key string) []Hole {
	var holes []Hole
	c.sentences[key].walk(func(p piece) { holes = append(holes, Hole{p.name, p.style, len(p.forms) > 0}) })
	return holes
}
