package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// binaries is the folder that holds the programs initdb and postgres.
type binaries string

// ErrNoPostgres means that no Postgres is installed; its text says how to get one.
var ErrNoPostgres = errors.New("no Postgres found: install it (Debian, Ubuntu: apt-get install postgresql) or name the folder of initdb and postgres in TSUNAGI_POSTGRES_BIN")

// findBinaries looks where it was told to, or in Debian's folders, newest first, then in PATH. Data kept in dir are
// opened by the version that made them, if that is installed.
func findBinaries(setting, dir string) (binaries, error) {
	if setting != "" {
		if b := binaries(setting); b.complete() {
			return b, nil
		}
		return "", fmt.Errorf("no initdb and postgres in %s: %w", setting, ErrNoPostgres)
	}
	return searchBinaries("/usr/lib/postgresql", os.Getenv("PATH"), madeBy(dir))
}

func searchBinaries(debian, path, version string) (binaries, error) {
	found := installed(debian)
	for _, dir := range filepath.SplitList(path) {
		// A link in PATH may lead to one of the two programs alone; its target has both.
		if target, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres")); err == nil {
			found = append(found, binaries(filepath.Dir(target)))
		}
	}
	found = slices.DeleteFunc(found, func(b binaries) bool { return !b.complete() })
	if len(found) == 0 {
		return "", ErrNoPostgres
	}
	same := slices.IndexFunc(found, func(b binaries) bool { return b.debianVersion() == version })
	return found[max(0, same)], nil
}

// installed are Debian's folders, newest version first.
func installed(debian string) []binaries {
	dirs, _ := filepath.Glob(filepath.Join(debian, "*", "bin")) // fails on a bad pattern only
	found := make([]binaries, len(dirs))
	for i, dir := range dirs {
		found[i] = binaries(dir)
	}
	number := func(b binaries) float64 {
		n, _ := strconv.ParseFloat(b.debianVersion(), 64) // what is no number comes last
		return n
	}
	slices.SortFunc(found, func(a, b binaries) int { return cmp.Compare(number(b), number(a)) })
	return found
}

// madeBy is the major version that made the data kept in dir, or empty.
func madeBy(dir string) string {
	version, _ := os.ReadFile(filepath.Join(dir, keptData, "PG_VERSION"))
	return strings.TrimSpace(string(version))
}

// debianVersion is the 15 of /usr/lib/postgresql/15/bin.
func (b binaries) debianVersion() string { return filepath.Base(filepath.Dir(string(b))) }

func (b binaries) initdb() string   { return filepath.Join(string(b), "initdb") }
func (b binaries) postgres() string { return filepath.Join(string(b), "postgres") }

func (b binaries) complete() bool {
	for _, program := range []string{b.initdb(), b.postgres()} {
		if _, err := exec.LookPath(program); err != nil {
			return false
		}
	}
	return true
}

// major asks the program for its major version; data made by one do not fit another.
func (b binaries) major(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, b.postgres(), "--version").Output()
	if err != nil {
		return "", fmt.Errorf("ask %s for its version: %w", b.postgres(), err)
	}
	major := regexp.MustCompile(`\) (\d+)`).FindSubmatch(out)
	if major == nil {
		return "", fmt.Errorf("no version in the answer of %s --version: %q", b.postgres(), out)
	}
	return string(major[1]), nil
}
