package config

import (
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/redis/go-redis/v9"
)

// RedisMode is how a Redis is reached.
type RedisMode string

// One server, servers watched by Sentinel, or a Cluster.
const (
	Single   RedisMode = "single"
	Sentinel RedisMode = "sentinel"
	Cluster  RedisMode = "cluster"
)

// Redis is what REDIS_URL says. The forms are
//
//	redis://[user:password@]host[:6379][/0]
//	redis+sentinel://[user:password@]host[:26379],host…/master[/0][?sentinel_username=…&sentinel_password=…]
//	redis+cluster://[user:password@]host[:6379],host…
//
// each with rediss in place of redis for TLS. Reserved characters in names and passwords are written as %XX.
type Redis struct {
	Mode      RedisMode
	Addresses []string // host:port
	Master    string   // Sentinel's name for the servers
	Database  int
	Username  string
	Password  Secret
	TLS       bool

	SentinelUsername string
	SentinelPassword Secret
}

// Options are what a client needs to reach it.
func (r Redis) Options() redis.UniversalOptions {
	o := redis.UniversalOptions{
		Addrs: r.Addresses, MasterName: r.Master, DB: r.Database, Username: r.Username, Password: r.Password.Reveal(),
		SentinelUsername: r.SentinelUsername, SentinelPassword: r.SentinelPassword.Reveal(), IsClusterMode: r.Mode == Cluster,
	}
	if r.TLS {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return o
}

// ParseRedis reads a REDIS_URL. Its error says what is wrong without quoting it.
func ParseRedis(address string) (Redis, error) {
	a, wrong := splitAddress(address)
	if wrong != "" {
		return Redis{}, errors.New(wrong)
	}
	r := Redis{Username: a.user, Password: NewSecret(a.password)}
	scheme, mode, _ := strings.Cut(a.scheme, "+")
	if scheme != "redis" && scheme != "rediss" {
		return Redis{}, errors.New("does not begin with redis:// or rediss://")
	}
	r.TLS = scheme == "rediss"
	parts := strings.FieldsFunc(a.path, func(c rune) bool { return c == '/' })
	switch mode {
	case "":
		return r.single(a, parts)
	case "sentinel":
		return r.sentinel(a, parts)
	case "cluster":
		return r.cluster(a, parts)
	}
	return Redis{}, errors.New("is neither redis+sentinel:// nor redis+cluster://")
}

func (r Redis) single(a address, path []string) (Redis, error) {
	r.Mode, r.Addresses = Single, a.withPort("6379")
	if len(r.Addresses) > 1 {
		return Redis{}, errors.New("names several hosts, which only redis+sentinel:// and redis+cluster:// may")
	}
	return r.finish(a, path)
}

func (r Redis) sentinel(a address, path []string) (Redis, error) {
	r.Mode, r.Addresses = Sentinel, a.withPort("26379")
	r.SentinelUsername, r.SentinelPassword = a.query.Get("sentinel_username"), NewSecret(a.query.Get("sentinel_password"))
	a.query.Del("sentinel_username")
	a.query.Del("sentinel_password")
	if len(path) == 0 {
		return Redis{}, errors.New("names no master after the hosts")
	}
	r.Master = path[0]
	return r.finish(a, path[1:])
}

func (r Redis) cluster(a address, path []string) (Redis, error) {
	r.Mode, r.Addresses = Cluster, a.withPort("6379")
	if len(path) > 0 {
		return Redis{}, errors.New("names a database, and a Cluster has only one")
	}
	return r.finish(a, nil)
}

// finish reads the database's number and refuses what is left over.
func (r Redis) finish(a address, path []string) (_ Redis, err error) {
	if len(r.Addresses) == 0 {
		return Redis{}, errors.New("names no host")
	}
	if len(a.query) > 0 {
		return Redis{}, errors.New("has a part after ? that is not known")
	}
	if len(path) == 0 {
		return r, nil
	}
	if r.Database, err = strconv.Atoi(path[0]); err != nil || r.Database < 0 || len(path) > 1 {
		return Redis{}, errors.New("names a database that is no number")
	}
	return r, nil
}

// address is scheme://user:password@host:port,host:port/path?query. The url package of Go takes one host only.
type address struct {
	scheme, user, password string
	hosts                  []string // as written, with or without port
	path                   string
	query                  url.Values
}

// splitAddress takes an address to pieces, or says what is wrong without quoting it.
func splitAddress(s string) (address, string) {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return address{}, "is no address with ://"
	}
	a := address{scheme: scheme}
	rest, query, _ := strings.Cut(rest, "?")
	authority, path, _ := strings.Cut(rest, "/")
	a.path = path
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		user, password, _ := strings.Cut(authority[:at], ":")
		var err1, err2 error
		a.user, err1 = url.PathUnescape(user)
		a.password, err2 = url.PathUnescape(password)
		if errors.Join(err1, err2) != nil {
			return address{}, "has a % in its name or password that must be written as %25"
		}
		authority = authority[at+1:]
	}
	var err error
	if a.query, err = url.ParseQuery(query); err != nil {
		return address{}, "cannot be read after its ?"
	}
	return a.withHosts(authority)
}

// withHosts fills in the hosts and refuses ports that are none. A stray / or ? in a password ends up here too.
func (a address) withHosts(list string) (address, string) {
	if list == "" {
		return a, ""
	}
	for host := range strings.SplitSeq(list, ",") {
		name, port := hostAndPort(host)
		n, err := strconv.Atoi(port)
		if !isHost(name) || port != "" && (err != nil || n < 1 || n > 65535) {
			return address{}, "has a host that is not host or host:port (write /, ?, @ and : in a password as %2F, %3F, %40, %3A)"
		}
		a.hosts = append(a.hosts, host)
	}
	return a, ""
}

// isHost tells whether this can be a name or a number of a host.
func isHost(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-._", r)
	}
	return name != "" && !strings.ContainsFunc(name, odd)
}

func hostAndPort(s string) (host, port string) {
	if host, port, err := net.SplitHostPort(s); err == nil {
		return host, port
	}
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		return s[1 : len(s)-1], ""
	}
	host, port, found := strings.Cut(s, ":")
	if found {
		return "", port // not host:port after all
	}
	return host, ""
}

func (a address) withPort(usual string) []string {
	all := make([]string, 0, len(a.hosts))
	for _, h := range a.hosts {
		host, port := hostAndPort(h)
		if port == "" {
			port = usual
		}
		all = append(all, net.JoinHostPort(host, port))
	}
	return all
}
