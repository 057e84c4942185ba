package config_test

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"tsunagi/config"
)

// TestCompose holds compose.yaml, which nothing here can run, against the settings and against what its head and the two
// READMEs tell an installer to do: the path that they name must be below a folder that is mounted.
func TestCompose(t *testing.T) {
	t.Parallel()
	content := read(t, "../compose.yaml")
	var file struct {
		Services map[string]struct {
			Environment map[string]string
			Volumes     []string
			EnvFile     string `yaml:"env_file"`
		}
		Volumes map[string]any
	}
	if err := yaml.Unmarshal([]byte(content), &file); err != nil {
		t.Fatal(err)
	}
	desk := file.Services["tsunagi"]
	for name := range desk.Environment {
		if want, _ := config.RuleOf(name); want == "" {
			t.Errorf("%s is no setting", name)
		}
	}
	if desk.EnvFile != "settings.env" || !strings.Contains(content, "#   settings.env ") {
		t.Errorf("the settings are read from %q, and the head of the file names another", desk.EnvFile)
	}
	for _, page := range []string{content, read(t, "../README.md"), read(t, "../README.ja.md")} {
		inside := regexp.MustCompile(`/etc/[a-z]+/desk\.yaml`).FindString(page)
		beside := regexp.MustCompile(`[a-z]+/desk\.yaml`).FindString(strings.ReplaceAll(page, inside, ""))
		mount := "./" + path.Dir(beside) + ":" + path.Dir(inside) + ":ro"
		if !slices.Contains(desk.Volumes, mount) {
			t.Errorf("a page says that %s is %s inside; %s is not among %q", beside, inside, mount, desk.Volumes)
		}
	}
	kept := strings.Fields(read(t, "../.dockerignore"))
	for _, secret := range []string{".env*", "settings.env*", "profile", "compose*.yaml"} {
		if !slices.Contains(kept, secret) {
			t.Errorf("%s, where passwords or a city's own rules may be, is copied into the build of the image", secret)
		}
	}
	for name, s := range file.Services {
		for _, v := range s.Volumes {
			source, _, _ := strings.Cut(v, ":")
			if _, named := file.Volumes[source]; !named && !strings.HasPrefix(source, "./") {
				t.Errorf("%s mounts %s, which is no volume", name, source)
			}
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
