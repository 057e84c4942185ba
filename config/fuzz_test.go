package config_test

import (
	"errors"
	"io/fs"
	"testing"

	"tsunagi/config"
)

// Whatever stands in the file, there is a profile or a list of faults with places, never a crash.
func FuzzParseProfile(f *testing.F) {
	files, err := fs.Glob(testdata(), "profiles/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		content, err := fs.ReadFile(testdata(), file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		_, err := config.ParseProfile("desk.yaml", content)
		var faults config.Faults
		if err != nil && (!errors.As(err, &faults) || len(faults) == 0) {
			t.Fatalf("%T: %v", err, err)
		}
		for _, one := range faults {
			if one.File != "desk.yaml" || one.Line < 1 || one.Column < 1 || one.Wrong == "" {
				t.Errorf("a fault without its place: %+v", one)
			}
		}
	})
}
