package config_test

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/config"
)

func updating() bool { return flag.Lookup("update").Value.String() == "true" }

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write the golden files and the generated parts of docs/settings.md")
	flag.Parse()
	os.Exit(m.Run())
}

// golden compares what was got with the file, or writes it with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if updating() {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}

func testdata() fs.FS { return os.DirFS("testdata") }

// said is what the installer reads, or that all is well.
func said(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return "no fault\n"
	}
	var faults config.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("got %T, want config.Faults: %v", err, err)
	}
	return err.Error() + "\n"
}

func TestProfileFaults(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/profiles/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no profiles to read: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = config.ParseProfile("desk.yaml", content)
			golden(t, strings.TrimSuffix(file, ".yaml")+".txt", said(t, err))
		})
	}
}

func TestSettingsFaults(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/settings/*.env")
	if err != nil || len(files) == 0 {
		t.Fatalf("no environments to read: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
			_, err = config.ReadSettings(lines[1:], config.Command(strings.TrimPrefix(lines[0], "# ")))
			got := said(t, err)
			for _, part := range []string{"s3", "cret@"} {
				if strings.Contains(got, part) {
					t.Errorf("a secret (%q) is printed:\n%s", part, got)
				}
			}
			golden(t, strings.TrimSuffix(file, ".env")+".txt", got)
		})
	}
}
