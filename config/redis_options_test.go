package config_test

import (
	"testing"

	"tsunagi/config"
)

func TestRedisOptions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		url     string
		cluster bool
		master  string
		tls     bool
	}{
		{url: "redis://:secret@one:6379/2"},
		{url: "rediss://one", tls: true},
		{url: "redis+sentinel://one,two/mymaster/0", master: "mymaster"},
		{url: "rediss+cluster://one,two", cluster: true, tls: true},
	} {
		r, err := config.ParseRedis(c.url)
		if err != nil {
			t.Fatalf("%s: %v", c.url, err)
		}
		o := r.Options()
		if o.IsClusterMode != c.cluster || o.MasterName != c.master || (o.TLSConfig != nil) != c.tls {
			t.Errorf("%s: got cluster %v, master %q, tls %v", c.url, o.IsClusterMode, o.MasterName, o.TLSConfig != nil)
		}
	}
}
