package embedded

import (
	"os/user"
	"time"
)

// Abandon lets go of the server's folders as the end of the process would, while the server runs on.
func (s *PostgresServer) Abandon() {
	s.run.mark.release()
	if s.kept != nil {
		s.kept.release()
	}
}

// Pid is the server's process.
func (s *PostgresServer) Pid() int { return s.proc.cmd.Process.Pid }

// Gone is closed when the server has ended.
func (s *PostgresServer) Gone() <-chan struct{} { return s.proc.gone }

// Folder is the private folder of the server.
func (s *PostgresServer) Folder() string { return s.run.path }

// SearchBinaries is searchBinaries with plain strings.
func SearchBinaries(debian, path, version string) (string, error) {
	b, err := searchBinaries(debian, path, version)
	return string(b), err
}

// CanReach says whether a user of that number could enter the folder.
func CanReach(name, uid, gid, dir string) error {
	a, err := newAccount(&user.User{Username: name, Uid: uid, Gid: gid})
	if err != nil {
		return err
	}
	return a.canReach(dir)
}

// BaseFolder is baseFolder for ourselves.
func BaseFolder() (string, error) { return baseFolder(nil) }

// Ended waits for the process behind a pidfd.
func Ended(handle int, patience time.Duration) bool { return ended(handle, patience) }

// OwnAndRelease marks a folder as ours and gives it up.
func OwnAndRelease(dir string) error {
	mark, err := own(dir)
	if err != nil {
		return err
	}
	mark.release()
	return nil
}
