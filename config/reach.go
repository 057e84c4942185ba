package config

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/redis/go-redis/v9"
)

// Unreached is why Postgres or Redis cannot be used, in words for the person who installs Tsunagi: which setting leads
// there, what is probably wrong, and what to do. It names host and port, and never a user or a password.
type Unreached struct {
	Setting string // DATABASE_URL or REDIS_URL
	Wrong   string
	Remedy  string
	err     error
}

// Error is all of it on one line, since it is also logged.
func (u *Unreached) Error() string { return u.Setting + ": " + u.Wrong + ". " + u.Remedy }

// Unwrap gives the cause.
func (u *Unreached) Unwrap() error { return u.err }

// PostgresFault is an error of Postgres as an Unreached; an error of another sort comes back as it is.
func PostgresFault(address Secret, err error) error {
	if err == nil {
		return nil
	}
	const setting = "DATABASE_URL"
	c, unread := pgconn.ParseConfig(address.Reveal())
	if unread != nil { // its words may hold the password
		return &Unreached{setting, "cannot be read as the address of a Postgres database, or a file that it names cannot be read",
			"See sslmode, sslrootcert, sslcert and sslkey in it, and write @ : / ? % in a password as %40 %3A %2F %3F %25.", err}
	}
	u := &Unreached{Setting: setting, err: err}
	if refused := (*pgconn.PgError)(nil); errors.As(err, &refused) {
		u.Wrong, u.Remedy = ofPostgres(refused, hostsOf(c), c.Database)
	} else {
		u.Wrong, u.Remedy = postgresService().ofNetwork(hostsOf(c), err)
	}
	return u.known()
}

// known gives the cause itself where there are no words for it.
func (u *Unreached) known() error {
	if u.Wrong == "" {
		return u.err
	}
	return u
}

// hostsOf are the places that are tried, each once; with TLS and without it are two tries of one place.
func hostsOf(c *pgconn.Config) string {
	_, first := pgconn.NetworkAddress(c.Host, c.Port)
	all := []string{first}
	for _, f := range c.Fallbacks {
		if _, next := pgconn.NetworkAddress(f.Host, f.Port); !slices.Contains(all, next) {
			all = append(all, next)
		}
	}
	return strings.Join(all, ", ")
}

// ofPostgres is for what Postgres itself says. https://www.postgresql.org/docs/current/errcodes-appendix.html
func ofPostgres(refused *pgconn.PgError, at, database string) (wrong, remedy string) {
	switch refused.Code {
	case "28P01":
		return at + " refuses the user or the password",
			"Correct them in DATABASE_URL; write @ : / ? % in them as %40 %3A %2F %3F %25."
	case "28000":
		return at + " does not let this user in from this machine",
			"See that the user exists and that pg_hba.conf admits it from here; if only with TLS, add ?sslmode=require to DATABASE_URL."
	case "3D000":
		return fmt.Sprintf("%s has no database named %q", at, database),
			"Create it, owned by the user of DATABASE_URL, or correct the name at the end of DATABASE_URL."
	case "42501":
		return fmt.Sprintf("the user may not make tables, or not write to them, in the database %q at %s", database, at),
			"Make this user the owner of that database, or run tsunagi migrate --user with the owner in DATABASE_URL."
	case "53300":
		return at + " has no connection left", "Raise max_connections, or run fewer replicas: each holds 16."
	case "57P03":
		return at + " is starting or stopping", "Wait until Postgres is up, then try again."
	}
	return "", ""
}

// RedisFault is an error of Redis as an Unreached; an error of another sort comes back as it is.
func RedisFault(address Secret, err error) error {
	if err == nil {
		return nil
	}
	const setting = "REDIS_URL"
	r, unread := ParseRedis(address.Reveal())
	if unread != nil {
		return &Unreached{setting, unread.Error(), "Correct it; docs/settings.md shows the forms.", err}
	}
	at := strings.Join(r.Addresses, ", ")
	u := &Unreached{Setting: setting, err: err}
	if u.Wrong, u.Remedy = r.ofRedis(err, at); u.Wrong == "" {
		u.Wrong, u.Remedy = redisService().ofNetwork(at, err)
	}
	return u.known()
}

// ofRedis is for what Redis itself says; it has words in place of codes.
func (r Redis) ofRedis(err error, at string) (wrong, remedy string) {
	says := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(err.Error(), p) })
	}
	switch {
	case says("WRONGPASS", "NOAUTH", "invalid password", "sent AUTH, but", "AUTH <password> called", "NOPERM"):
		return at + " refuses the user or the password",
			"Correct them in REDIS_URL; write @ : / ? , % in them as %40 %3A %2F %3F %2C %25."
	case says("DB index is out of range"):
		return fmt.Sprintf("%s has no database %d", at, r.Database), "Correct the number at the end of REDIS_URL."
	case says("cluster support disabled"):
		return at + " is no Cluster", "Begin REDIS_URL with redis:// in place of redis+cluster://."
	case r.Mode == Sentinel && says("unknown command"):
		return at + " is no Sentinel", "Begin REDIS_URL with redis:// in place of redis+sentinel://, or name the Sentinels, most often at port 26379."
	case r.Mode == Sentinel && errors.Is(err, redis.Nil):
		return fmt.Sprintf("no Sentinel at %s knows a master named %q", at, r.Master), "Correct the name after the hosts in REDIS_URL."
	case says("LOADING"):
		return at + " is still reading its data", "Wait until Redis is up, then try again."
	}
	return "", ""
}

// service is what differs between the two in what an installer reads.
type service struct{ name, setting, tls, toPlain, toTLS, authority string }

func postgresService() service {
	return service{"Postgres", "DATABASE_URL", "sslmode=…", "set sslmode=disable in DATABASE_URL",
		"set sslmode=verify-full in DATABASE_URL", "; sslrootcert in DATABASE_URL names a file of it"}
}

func redisService() service {
	return service{"Redis", "REDIS_URL", "redis:// or rediss://", "begin REDIS_URL with redis in place of rediss",
		"begin REDIS_URL with rediss in place of redis", ""}
}

// ofNetwork is for a server that was not reached, or that talks in another way than the setting says.
func (s service) ofNetwork(at string, err error) (wrong, remedy string) {
	var none syscall.Errno
	switch lookup, slow := (*net.DNSError)(nil), net.Error(nil); {
	case errors.As(err, &lookup):
		return fmt.Sprintf("no host named %q is found (%s)", lookup.Name, at),
			"Correct the host in " + s.setting + ", or see that this machine's DNS knows it."
	case isAny(err, syscall.ECONNREFUSED, syscall.ENOENT) && errors.As(err, &none):
		return fmt.Sprintf("nothing listens at %s (%v)", at, none),
			"Start " + s.name + ", or correct host and port in " + s.setting + "; in a container, localhost is the container itself."
	case isAny(err, syscall.EHOSTUNREACH, syscall.ENETUNREACH, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return at + " does not answer",
			"See that host, port and TLS (" + s.tls + ") in " + s.setting + " are right, and that no firewall stands between."
	}
	return s.ofTLS(at, err)
}

// ofTLS is for a server that was reached, and then not understood.
func (s service) ofTLS(at string, err error) (wrong, remedy string) {
	untrusted, plain := (*tls.CertificateVerificationError)(nil), tls.RecordHeaderError{}
	switch {
	case errors.As(err, &untrusted):
		return fmt.Sprintf("the certificate of %s is not trusted (%v)", at, untrusted.Err),
			"Take the host name that stands in the certificate, and see that this machine knows its authority" + s.authority + "."
	case errors.As(err, &plain), strings.Contains(err.Error(), "server refused TLS connection"):
		return at + " speaks no TLS", "Switch TLS on there, or, where the network between is private, " + s.toPlain + "."
	case isAny(err, io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE):
		return at + " ends the connection at once", "See that host and port in " + s.setting + " are right; if it wants TLS, " + s.toTLS + "."
	}
	if cannot := (*pgconn.ConnectError)(nil); errors.As(err, &cannot) {
		return fmt.Sprintf("%s cannot be used (%v)", at, cmp.Or(errors.Unwrap(cannot), err)), "See that DATABASE_URL is right."
	}
	return "", ""
}

func isAny(err error, causes ...error) bool {
	return slices.ContainsFunc(causes, func(c error) bool { return errors.Is(err, c) })
}
