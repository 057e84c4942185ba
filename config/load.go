package config

import (
	"embed"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"
)

//go:embed profiles/*.yaml
var profiles embed.FS

// Embedded lists the names of the profiles that come with the binary.
func Embedded() []string {
	files, _ := profiles.ReadDir("profiles") // embedded, so it is there
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".yaml"))
	}
	return names
}

// LoadProfile loads an embedded profile by its name, or one from a file by its path; read is os.ReadFile. Its error is
// Faults when the profile can be read but is not right.
func LoadProfile(nameOrPath string, read func(path string) ([]byte, error)) (Profile, error) {
	file := nameOrPath
	if slices.Contains(Embedded(), nameOrPath) {
		file, read = path.Join("profiles", nameOrPath+".yaml"), profiles.ReadFile
	}
	content, err := read(file)
	if err != nil {
		return Profile{}, Faults{{Key: "DESK_PROFILE", Wrong: fmt.Sprintf("no profile can be read at %q (%v)", nameOrPath, err),
			Want: ruleOf("DESK_PROFILE").want, Nearest: nearest(nameOrPath, Embedded())}}
	}
	return ParseProfile(file, content)
}

// ParseProfile reads a profile from the content of a YAML file, whose name stands before each fault.
func ParseProfile(file string, content []byte) (Profile, error) {
	tree, faults := parse(file, content)
	if faults != nil {
		return Profile{}, faults
	}
	var p Profile
	r := &reader{file: file, places: map[string]place{}}
	r.value(tree, reflect.ValueOf(&p).Elem(), "", "")
	c := checker{reader: r, p: &p}
	c.check()
	return p, r.faults.inOrder().err()
}
