package config_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/redis/go-redis/v9"

	"tsunagi/config"
)

// what the installer must read of each trouble: the setting, the place, what is wrong, what to do.
func TestPostgresFault(t *testing.T) {
	t.Parallel()
	const address = "postgres://somebody:hidden@db.example.jp:5433/desk?sslmode=prefer"
	postgres := func(code string) error { return fmt.Errorf("migrate: %w", &pgconn.PgError{Code: code, Message: "x"}) }
	for name, row := range map[string]struct {
		err  error
		want string
		do   string
	}{
		"refused":        {dial(syscall.ECONNREFUSED), "nothing listens at db.example.jp:5433 (connection refused)", "Start Postgres, or correct host"},
		"no such host":   {&net.DNSError{Err: "no such host", Name: "db.example.jp", IsNotFound: true}, `no host named "db.example.jp"`, "DNS"},
		"unreachable":    {dial(syscall.EHOSTUNREACH), "does not answer", "firewall"},
		"slow":           {context.DeadlineExceeded, "does not answer", "firewall"},
		"wrong password": {postgres("28P01"), "refuses the user or the password", "%40"},
		"not let in":     {postgres("28000"), "does not let this user in", "pg_hba.conf"},
		"no database":    {postgres("3D000"), `no database named "desk"`, "Create it"},
		"no tables":      {postgres("42501"), `may not make tables, or not write to them, in the database "desk"`, "migrate --user"},
		"full":           {postgres("53300"), "no connection left", "max_connections"},
		"starting":       {postgres("57P03"), "starting", "Wait"},
		"untrusted":      {&tls.CertificateVerificationError{Err: errors.New("unknown authority")}, "is not trusted (unknown authority)", "sslrootcert"},
		"no TLS":         {errors.New("server refused TLS connection"), "speaks no TLS", "sslmode=disable"},
		"cut off":        {io.EOF, "ends the connection", "sslmode=verify-full"},
	} {
		tells(t, name, config.PostgresFault(config.NewSecret(address), row.err), row.err, "DATABASE_URL", "db.example.jp:5433", row.want, row.do)
	}
	if err := config.PostgresFault(config.NewSecret(address), nil); err != nil {
		t.Errorf("no error became %v", err)
	}
	own := errors.New("relation is odd")
	if err := config.PostgresFault(config.NewSecret(address), own); err != own { //nolint:errorlint // it is to be the very same
		t.Errorf("an error of another sort became %v", err)
	}
	unread := config.NewSecret("postgres://somebody:hidden@db.example.jp/desk?sslrootcert=/nowhere")
	tells(t, "no certificate file", config.PostgresFault(unread, own), own, "DATABASE_URL", "sslrootcert")
	both := config.NewSecret("postgres://somebody:hidden@one:5432,two:5433/desk?sslmode=prefer")
	tells(t, "two hosts", config.PostgresFault(both, dial(syscall.ECONNREFUSED)), nil, "one:5432, two:5433 (")
}

func TestRedisFault(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		address string
		err     error
		want    string
		do      string
	}{
		"refused":       {"redis://:hidden@cache/3", dial(syscall.ECONNREFUSED), "nothing listens at cache:6379 (connection refused)", "REDIS_URL"},
		"no such host":  {"redis://:hidden@cache/3", &net.DNSError{Name: "cache"}, `no host named "cache"`, "DNS"},
		"slow":          {"redis://:hidden@cache/3", &net.DNSError{Name: "cache", IsTimeout: true}, `no host named "cache"`, "DNS"},
		"password":      {"redis://:hidden@cache/3", errors.New("WRONGPASS invalid username-password pair"), "cache:6379 refuses the user or the password", "%40"},
		"none given":    {"redis://cache/3", errors.New("NOAUTH Authentication required."), "refuses the user or the password", "REDIS_URL"},
		"no database":   {"redis://:hidden@cache/99", errors.New("ERR DB index is out of range"), "has no database 99", "number"},
		"no TLS":        {"rediss://:hidden@cache/3", tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, "speaks no TLS", "redis in place of rediss"},
		"wants TLS":     {"redis://:hidden@cache/3", io.EOF, "ends the connection", "rediss in place of redis"},
		"no Cluster":    {"redis+cluster://:hidden@one,two", errors.New("ERR This instance has cluster support disabled"), "one:6379, two:6379 is no Cluster", "redis://"},
		"no such group": {"redis+sentinel://:hidden@one,two/desk", fmt.Errorf("all sentinels: %w", redis.Nil), `knows a master named "desk"`, "name"},
		"no Sentinel":   {"redis+sentinel://one,two/desk", errors.New("all sentinels: ERR unknown command 'sentinel'"), "one:26379, two:26379 is no Sentinel", "redis://"},
		"loading":       {"redis://:hidden@cache/3", errors.New("LOADING Redis is loading the dataset in memory"), "still reading", "Wait"},
	} {
		tells(t, name, config.RedisFault(config.NewSecret(row.address), row.err), row.err, "REDIS_URL", row.want, row.do)
	}
}

func dial(why syscall.Errno) error { return &net.OpError{Op: "dial", Net: "tcp", Err: why} }

func tells(t *testing.T, name string, got, cause error, parts ...string) {
	t.Helper()
	var u *config.Unreached
	if !errors.As(got, &u) {
		t.Errorf("%s: got %v, which says nothing to the installer", name, got)
		return
	}
	for _, part := range parts {
		if !strings.Contains(got.Error(), part) {
			t.Errorf("%s: got %q, want %q in it", name, got, part)
		}
	}
	if strings.Contains(got.Error(), "hidden") || strings.Contains(got.Error(), "somebody") {
		t.Errorf("%s: got %q, which has the user or the password", name, got)
	}
	if cause != nil && !errors.Is(got, cause) {
		t.Errorf("%s: the cause is lost", name)
	}
	if f := config.Found("Postgres", got, "another"); f.Fault != u.Wrong || f.Remedy != u.Remedy {
		t.Errorf("%s: found %+v, want its own words", name, f)
	}
}
