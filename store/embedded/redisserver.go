package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// RedisServer is a real redis-server on a port of the loopback address, without persistence. For tests.
type RedisServer struct {
	path string
	run  *folder
	port int

	mu   sync.Mutex
	proc *process // nil while stopped
}

// ErrNoRedis means that no redis-server is installed; its text says how to get one.
var ErrNoRedis = errors.New("no redis-server found in PATH: install it (Debian, Ubuntu: apt-get install redis-server)")

// StartRedisServer starts a redis-server and returns once it takes connections. The context bounds the start only; Stop
// ends the server, as does the end of this process.
func StartRedisServer(ctx context.Context) (*RedisServer, error) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, ErrNoRedis
	}
	base, err := baseFolder(nil)
	if err != nil {
		return nil, err
	}
	sweep(base)
	run, err := newFolder(base, nil)
	if err != nil {
		return nil, err
	}
	r := &RedisServer{path: path, run: run}
	if err := r.startSomewhere(ctx); err != nil {
		return nil, errors.Join(err, run.remove())
	}
	return r, nil
}

// startSomewhere looks for a free port. Another process may take it first, hence the tries.
func (r *RedisServer) startSomewhere(ctx context.Context) (err error) {
	for range 5 {
		if r.port, err = freePort(ctx); err != nil {
			return err
		}
		if err = r.Resume(ctx); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func freePort(ctx context.Context) (int, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}

// Resume starts the server again after Crash, empty, at the same URL.
func (r *RedisServer) Resume(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.proc != nil {
		return nil
	}
	proc, err := start(ctx, program{
		name:  "redis-server",
		path:  r.path,
		args:  []string{"--bind", "127.0.0.1", "--port", strconv.Itoa(r.port), "--save", "", "--appendonly", "no"},
		env:   serverEnv(),
		dir:   r.run.path,
		ready: "eady to accept connections", // "The server is now ready …", later "Ready …"
		death: syscall.SIGKILL,
	})
	if err != nil {
		return err
	}
	r.proc = proc
	return nil
}

// URL is the address for REDIS_URL.
func (r *RedisServer) URL() string { return fmt.Sprintf("redis://127.0.0.1:%d/0", r.port) }

// Crash kills the server, and with it all it holds.
func (r *RedisServer) Crash() error {
	return r.end(signal{syscall.SIGKILL, 5 * time.Second})
}

// Stop ends the server. It may be called again.
func (r *RedisServer) Stop() error {
	if err := r.end(signal{syscall.SIGTERM, 5 * time.Second}); err != nil {
		return err
	}
	return r.run.remove()
}

func (r *RedisServer) end(signals ...signal) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.proc == nil {
		return nil
	}
	if err := r.proc.stop(signals...); err != nil {
		return err
	}
	r.proc = nil
	return nil
}
