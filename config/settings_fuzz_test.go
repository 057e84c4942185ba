package config_test

import (
	"errors"
	"net"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"tsunagi/config"
)

// Whatever stands in REDIS_URL, it is an address with whole hosts, or an error that quotes nothing of it.
func FuzzParseRedis(f *testing.F) {
	for _, seed := range []string{
		"redis://redis", "rediss://me:p%40ss@[::1]:6380/2", "redis+sentinel://a,b:26380/main/1?sentinel_username=x&sentinel_password=y",
		"redis+cluster://a:7000,b:7001", "redis://%zz@x", "redis://a:0", "redis://:@,", "redis:///", "redis://x?y=%", "unix://x", "redis://re]is",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		r, err := config.ParseRedis(address)
		if err != nil {
			if len(address) > 12 && strings.Contains(err.Error(), address) {
				t.Errorf("%q is quoted: %v", address, err)
			}
			return
		}
		for _, at := range r.Addresses {
			host, port, err := net.SplitHostPort(at)
			n, err2 := strconv.Atoi(port)
			if err != nil || err2 != nil || host == "" || n < 1 || n > 65535 {
				t.Errorf("%q leads to %q", address, at)
			}
		}
		if len(r.Addresses) == 0 || r.Database < 0 || r.Mode == config.Sentinel && r.Master == "" || r.Mode == config.Single && len(r.Addresses) > 1 {
			t.Errorf("%q became %+v", address, r)
		}
		if o := r.Options(); o.Password != r.Password.Reveal() || (o.TLSConfig != nil) != strings.HasPrefix(address, "rediss") {
			t.Errorf("%q becomes %+v", address, o)
		}
	})
}

// Whatever stands in the environment, there are settings or a list of faults that name them, and no fault quotes a secret.
func FuzzReadSettings(f *testing.F) {
	all := reflect.TypeFor[config.Settings]()
	commands := []config.Command{config.Serve, config.Migrate, config.Check, config.Release, config.SetupLine, config.SetupSlack, config.Demo}
	for i, seed := range []string{"postgres://u:hidden-password@h/d?x", "\x00", ":99999", "https://a b", "ｈttps://x", "debug", "redis://%", "xoxb-hidden-token\n"} {
		f.Add(uint8(i), uint8(i), seed)
	}
	f.Fuzz(func(t *testing.T, which, command uint8, value string) {
		field := all.Field(int(which) % all.NumField())
		name := field.Tag.Get("env")
		_, err := config.ReadSettings(append(needed(), name+"="+value), commands[int(command)%len(commands)])
		if err == nil {
			return
		}
		var faults config.Faults
		if !errors.As(err, &faults) || len(faults) == 0 {
			t.Fatalf("%s=%q: %T: %v", name, value, err, err)
		}
		for _, one := range faults {
			if _, ok := table()[one.Key]; !ok || one.Wrong == "" {
				t.Errorf("%s=%q: %+v", name, value, one)
			}
		}
		want, example := config.RuleOf(name)
		if field.Type == reflect.TypeFor[config.Secret]() && len(value) > 12 && strings.Contains(err.Error(), value) && !strings.Contains(want+example, value) {
			t.Errorf("%s: the secret %q is quoted: %v", name, value, err)
		}
	})
}
