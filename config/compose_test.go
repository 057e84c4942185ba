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

// TestCompose_careful: what runs there comes back by itself, may do no more than it needs, fills no disk with its log, and is
// the version that was tried; who serves does not own the tables, and Redis asks for a password.
func TestCompose_careful(t *testing.T) {
	t.Parallel()
	var file struct {
		Services map[string]struct {
			Restart     string
			Image       string
			Build       string
			CapDrop     []string `yaml:"cap_drop"`
			SecurityOpt []string `yaml:"security_opt"`
			ReadOnly    bool     `yaml:"read_only"`
			Command     []string
			Environment map[string]string
			Logging     struct{ Options map[string]string }
			Healthcheck struct{ Test []string }
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, "../compose.yaml")), &file); err != nil {
		t.Fatal(err)
	}
	for name, s := range file.Services {
		if s.Restart == "" || !slices.Equal(s.CapDrop, []string{"ALL"}) || len(s.SecurityOpt) == 0 || s.Logging.Options["max-size"] == "" {
			t.Errorf("%s is not careful: %+v", name, s)
		}
		if s.Build == "" && !regexp.MustCompile(`:\d+\.\d+`).MatchString(s.Image) {
			t.Errorf("%s: the version %s floats", name, s.Image)
		}
		if !s.ReadOnly && name != "postgres" {
			t.Errorf("%s may write where it runs", name)
		}
	}
	desk, redis := file.Services["tsunagi"], file.Services["redis"]
	if strings.Contains(desk.Environment["DATABASE_URL"], "POSTGRES_PASSWORD") {
		t.Error("who serves owns the tables")
	}
	if !slices.Contains(redis.Command, "--requirepass") || !strings.Contains(desk.Environment["REDIS_URL"], "REDIS_PASSWORD") {
		t.Error("Redis asks for no password")
	}
	if len(desk.Healthcheck.Test) == 0 {
		t.Error("nobody asks the desk whether it is ready")
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
