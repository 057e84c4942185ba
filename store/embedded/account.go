package embedded

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the user a server runs as when it may not run as ourselves. A nil account means ourselves.
type account struct {
	name     string
	uid, gid uint32
}

// serverAccount is who runs Postgres, which refuses to run as root: ourselves, or for root the user that Debian's package
// has made for it, or nobody.
func serverAccount() (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return newAccount(u)
		}
	}
	return nil, fmt.Errorf("run Postgres as root: it refuses that, and there is no user postgres or nobody to run it as")
}

func newAccount(u *user.User) (*account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", u.Username, err)
	}
	return &account{name: u.Username, uid: uint32(uid), gid: uint32(gid)}, nil
}

// credential is what a child is started with.
func (a *account) credential() *syscall.Credential {
	if a == nil {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid}
}

// give hands a file or folder to the account.
func (a *account) give(path string) error {
	if a == nil {
		return nil
	}
	return os.Lchown(path, int(a.uid), int(a.gid))
}

// canReach says whether the account may pass through every folder on the way to dir, and into it. Root's home, for
// one, is closed to others.
func (a *account) canReach(dir string) error {
	if a == nil {
		return nil
	}
	for d := filepath.Clean(dir); ; d = filepath.Dir(d) {
		info, err := os.Stat(d)
		if err != nil {
			return fmt.Errorf("look at folder: %w", err)
		}
		if !a.mayEnter(info) {
			return fmt.Errorf("user %s, as whom Postgres runs here, cannot enter %s: choose a folder it can, such as one under /var/tmp, or do not run as root", a.name, d)
		}
		if d == filepath.Dir(d) {
			return nil
		}
	}
}

func (a *account) mayEnter(info os.FileInfo) bool {
	owner := info.Sys().(*syscall.Stat_t)
	enter := os.FileMode(0o001)
	switch {
	case owner.Uid == a.uid:
		enter = 0o100
	case owner.Gid == a.gid:
		enter = 0o010
	}
	return info.Mode().Perm()&enter != 0
}
