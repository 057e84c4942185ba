package embedded_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"tsunagi/store/embedded"
)

// childDir tells this test program, started by itself, to be a process that owns a Postgres; its value is the folder to
// keep data in, or "none", or "volatile".
const childDir = "EMBEDDED_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := beChild(strings.TrimPrefix(dir, "none")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// beChild starts a Postgres, says where it is, and lives until its input ends.
func beChild(dir string) error {
	o := embedded.Postgres{Dir: dir}
	if dir == "volatile" {
		o = embedded.Postgres{Volatile: true}
	}
	pg, err := embedded.StartPostgres(context.Background(), o)
	if err != nil {
		return err
	}
	fmt.Println(pg.Pid(), pg.URL(""), pg.Folder())
	if _, err := io.ReadAll(os.Stdin); err != nil {
		return err
	}
	return pg.Stop()
}

// child is another process with a Postgres of its own.
type child struct {
	cmd    *exec.Cmd
	input  io.WriteCloser
	pid    int // of Postgres
	url    string
	folder string
}

// startChild runs this program again: with data kept in dir unless empty or "volatile", private folders below tmp, where the servers
// of other tests do not sweep, and as the given user if not nil.
func startChild(t *testing.T, dir, tmp string, as *user.User) *child {
	t.Helper()
	if dir == "" {
		dir = "none"
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, "TMPDIR="+tmp)
	cmd.Stderr = t.Output()
	if as != nil {
		become(t, cmd, as)
	}
	input, err := cmd.StdinPipe()
	check(t, err)
	output, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	t.Cleanup(func() { input.Close(); cmd.Wait() })
	line, err := bufio.NewReader(output).ReadString('\n')
	check(t, err)
	c := &child{cmd: cmd, input: input}
	_, err = fmt.Sscan(line, &c.pid, &c.url, &c.folder)
	check(t, err)
	return c
}

// become makes the command run as a user who has no home, from a copy of this program that the user can read.
func become(t *testing.T, cmd *exec.Cmd, as *user.User) {
	t.Helper()
	dir := sharedDir(t)
	cmd.Path = filepath.Join(dir, "child")
	// Not written by ourselves: a child that another test forks meanwhile would hold it open, and what is open for writing
	// cannot be run. https://go.dev/issue/22315
	check(t, exec.Command("cp", os.Args[0], cmd.Path).Run())
	check(t, os.Chmod(cmd.Path, 0o755))
	uid, err := strconv.ParseUint(as.Uid, 10, 32)
	check(t, err)
	gid, err := strconv.ParseUint(as.Gid, 10, 32)
	check(t, err)
	cmd.Dir = dir
	cmd.Env = append(cmd.Env, "HOME=/nonexistent", "XDG_CACHE_HOME=")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

// sharedDir is a folder that every user can enter, unlike that of t.TempDir.
func sharedDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "embedded-test-")
	check(t, err)
	t.Cleanup(func() { check(t, os.RemoveAll(dir)) })
	check(t, os.Chmod(dir, 0o755))
	return dir
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
