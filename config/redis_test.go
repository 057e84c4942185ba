package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/config"
)

func TestParseRedis(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]config.Redis{
		"redis://redis.example.jp": {Mode: config.Single, Addresses: []string{"redis.example.jp:6379"}},
		"rediss://:p%40ss%2F@[::1]:7000/2": {Mode: config.Single, Addresses: []string{"[::1]:7000"}, Database: 2,
			Password: config.NewSecret("p@ss/"), TLS: true},
		"redis://[::1]/": {Mode: config.Single, Addresses: []string{"[::1]:6379"}},
		"redis+sentinel://bot:pw@a,b:26380/mymaster/1?sentinel_username=s&sentinel_password=t%26u": {
			Mode: config.Sentinel, Addresses: []string{"a:26379", "b:26380"}, Master: "mymaster", Database: 1,
			Username: "bot", Password: config.NewSecret("pw"),
			SentinelUsername: "s", SentinelPassword: config.NewSecret("t&u")},
		"rediss+sentinel://a/mymaster": {Mode: config.Sentinel, Addresses: []string{"a:26379"}, Master: "mymaster", TLS: true},
		"redis+cluster://bot:pa@ss@a,b:7000/": {Mode: config.Cluster, Addresses: []string{"a:6379", "b:7000"},
			Username: "bot", Password: config.NewSecret("pa@ss")},
	} {
		got, err := config.ParseRedis(address)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", address, err, diff)
		}
	}
}

func TestParseRedisRefuses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"redis.example.jp:6379":          "is no address with ://",
		"http://redis":                   "does not begin with redis:// or rediss://",
		"redis+proxy://a":                "is neither redis+sentinel:// nor redis+cluster://",
		"redis://":                       "names no host",
		"redis://a,b":                    "names several hosts, which only redis+sentinel:// and redis+cluster:// may",
		"redis://a/zero":                 "names a database that is no number",
		"redis://a/0/1":                  "names a database that is no number",
		"redis://a/-1":                   "names a database that is no number",
		"redis://a?tls=yes":              "has a part after ? that is not known",
		"redis://a?tls=%zz":              "cannot be read after its ?",
		"redis://:10%@a":                 "has a % in its name or password that must be written as %25",
		"redis://a:70000":                "has a host that is not host or host:port (write /, ?, @ and : in a password as %2F, %3F, %40, %3A)",
		"redis://a:b:c":                  "has a host that is not host or host:port (write /, ?, @ and : in a password as %2F, %3F, %40, %3A)",
		"redis+sentinel://a":             "names no master after the hosts",
		"redis+sentinel:///mymaster":     "names no host",
		"redis+sentinel://a/m?password=": "has a part after ? that is not known",
		"redis+cluster://a/0":            "names a database, and a Cluster has only one",
		"redis+cluster://":               "names no host",
	} {
		if got, err := config.ParseRedis(address); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, %v; want %q", address, got, err, want)
		}
	}
}
