// Package embedded runs the databases that `tsunagi demo` and the tests need, without anything to set up by hand: a
// private Postgres, a Redis inside this process, and for tests a real redis-server. Each listens where only this user
// reaches it, stops with the process that started it, and is swept away by the next start when that process was killed.
//
// It never serves production, never opens Postgres to the network, and knows nothing of tables: the schema is the
// business of package store. It needs Linux (parent-death signals, pidfds).
//
// Begin reading at StartPostgres; process.go has how a child is tied to its parent, folder.go how leftovers are found.
package embedded

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Postgres says which Postgres to start. The zero value is a throwaway one with the newest installed binaries.
type Postgres struct {
	// Bin is the folder with initdb and postgres; empty: the newest of /usr/lib/postgresql/*/bin, then PATH.
	Bin string
	// Dir keeps the data: it is made when missing and used again when not. Empty: the data goes with Stop.
	Dir string
	// Volatile gives up what protects data from a crash of the machine (fsync and its like), and keeps them in memory
	// where there is room. For tests only.
	Volatile bool
}

// PostgresServer is a running private Postgres.
type PostgresServer struct {
	bin      binaries
	as       *account
	run      *folder // socket, and the data unless they are kept
	kept     *owner  // the mark on the kept folder, nil when the data is thrown away
	data     string
	volatile bool
	inMemory bool
	janitor  *janitor // nil unless in memory

	mu   sync.Mutex
	proc *process // nil while stopped
}

// superuser is the one role; it owns everything, so migrations need no grants.
const superuser = "tsunagi"

// StartPostgres starts a private Postgres and returns once it takes connections. The context bounds the start only; Stop
// ends the server, as does the end of this process, however it comes. Errors say what to do where a person can do it.
func StartPostgres(ctx context.Context, o Postgres) (*PostgresServer, error) {
	s, err := newPostgres(o)
	if err != nil {
		return nil, err
	}
	if err := s.start(ctx); err != nil {
		s.release()
		return nil, err
	}
	return s, nil
}

func newPostgres(o Postgres) (_ *PostgresServer, err error) {
	s := &PostgresServer{volatile: o.Volatile}
	if s.as, err = serverAccount(); err != nil {
		return nil, err
	}
	if s.bin, err = findBinaries(o.Bin, o.Dir); err != nil {
		return nil, err
	}
	if err := s.settle(o.Volatile && o.Dir == ""); err != nil {
		return nil, err
	}
	if o.Dir != "" {
		if err := s.keep(o.Dir); err != nil {
			s.release()
			return nil, err
		}
	}
	return s, nil
}

// settle gives the server its private folder, with the data in it.
func (s *PostgresServer) settle(volatile bool) (err error) {
	base := ""
	if volatile {
		base, s.inMemory, err = volatileBase(s.as)
	} else {
		base, err = baseFolder(s.as)
	}
	if err != nil {
		return err
	}
	sweep(base)
	if s.run, err = newFolder(base, s.as); err != nil {
		return err
	}
	s.data = filepath.Join(s.run.path, "data")
	if !s.inMemory {
		return nil
	}
	if s.janitor, err = newJanitor(s.run.path); err != nil {
		s.run.remove()
	}
	return err
}

// InMemory says whether the data lie in memory, where copying files costs next to nothing.
func (s *PostgresServer) InMemory() bool { return s.inMemory }

// keep puts the data into a folder of the person's choice, for this process alone.
func (s *PostgresServer) keep(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("find folder %s: %w", dir, err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the folder to keep data in: %w", err)
	}
	if err := s.as.canReach(dir); err != nil {
		return err
	}
	if s.kept, err = own(dir); err != nil {
		return err
	}
	s.data = filepath.Join(dir, keptData)
	return reap(s.data, syscall.SIGINT)
}

// keptData is the name of the data folder within the folder that a person gave.
const keptData = "postgres"

func (s *PostgresServer) start(ctx context.Context) error {
	if err := s.initialize(ctx); err != nil {
		return err
	}
	return s.Resume(ctx)
}

// Resume starts the server again after Crash, over the same data and at the same URL.
func (s *PostgresServer) Resume(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc != nil {
		return nil
	}
	proc, err := start(ctx, program{
		name:  "Postgres",
		path:  s.bin.postgres(),
		args:  s.settings(),
		env:   serverEnv(),
		dir:   s.run.path,
		as:    s.as,
		ready: "database system is ready to accept connections",
		death: s.deathSignal(),
		holds: s.janitor.holds(),
	})
	if err != nil {
		return err
	}
	s.proc = proc
	return nil
}

// deathSignal is what Postgres gets when this process dies: kept data are closed in order, others dropped.
// https://www.postgresql.org/docs/current/server-shutdown.html
func (s *PostgresServer) deathSignal() syscall.Signal {
	if s.kept != nil {
		return syscall.SIGINT
	}
	return syscall.SIGQUIT
}

// settings are given on the command line, so that kept data follow the program and not an old file. Statements and
// row values stay out of the server's messages, for our errors repeat these.
func (s *PostgresServer) settings() []string {
	args := []string{"-D", s.data, "-k", s.run.path}
	set := []string{
		"listen_addresses=", "port=" + port, "unix_socket_permissions=0700",
		"max_connections=200", "timezone=UTC", "log_timezone=UTC", "lc_messages=C",
		"logging_collector=off", "log_destination=stderr", "log_min_messages=log", "log_checkpoints=off",
		"log_min_error_statement=panic", "log_error_verbosity=terse",
	}
	if s.volatile {
		// synchronous_commit stays: without it a commit would be lost with the server alone, as in Crash.
		set = append(set, "fsync=off", "full_page_writes=off")
		// Its log of changes is for that crash alone, so it may be short, and made without filling it beforehand.
		set = append(set, "wal_level=minimal", "max_wal_senders=0", "min_wal_size=32MB", "max_wal_size=64MB", "wal_init_zero=off")
	}
	for _, v := range set {
		args = append(args, "-c", v)
	}
	return args
}

// port only names the socket file; nothing listens on the network.
const port = "5432"

// URL is the address of a database of this server, for pgx and for psql; empty means "postgres", which always exists.
func (s *PostgresServer) URL(database string) string {
	if database == "" {
		database = "postgres"
	}
	u := url.URL{
		Scheme:   "postgres",
		User:     url.User(superuser),
		Path:     "/" + database,
		RawQuery: url.Values{"host": {s.run.path}, "port": {port}, "sslmode": {"disable"}}.Encode(),
	}
	return u.String()
}

// Crash stops the server as a fault would, in the middle of whatever it does; the data stay for Resume. For tests.
func (s *PostgresServer) Crash() error {
	return s.end(signal{syscall.SIGQUIT, 5 * time.Second})
}

// Stop ends the server and removes what is not kept. It may be called again.
func (s *PostgresServer) Stop() error {
	patience := signal{s.deathSignal(), 20 * time.Second}
	if err := s.end(patience, signal{syscall.SIGQUIT, 5 * time.Second}); err != nil {
		return err
	}
	return s.release()
}

func (s *PostgresServer) end(signals ...signal) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc == nil {
		return nil
	}
	if err := s.proc.stop(signals...); err != nil {
		return err
	}
	s.proc = nil
	return nil
}

func (s *PostgresServer) release() error {
	if s.kept != nil {
		s.kept.release()
	}
	defer s.janitor.release()
	return s.run.remove()
}
