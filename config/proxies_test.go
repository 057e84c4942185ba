package config_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"tsunagi/config"
)

func TestProxies(t *testing.T) {
	t.Parallel()
	for value, want := range map[string][]string{
		"":                                nil,
		"10.0.0.7":                        {"10.0.0.7/32"},
		"10.1.2.3/8, 2001:db8::1 ,::1,":   {"10.0.0.0/8", "2001:db8::1/128", "::1/128"},
		"::ffff:192.0.2.1, 2001:db8::/32": {"192.0.2.1/32", "2001:db8::/32"},
	} {
		s, err := config.ReadSettings([]string{"TRUSTED_PROXIES=" + value}, config.Demo)
		if err != nil {
			t.Errorf("%q: %v", value, err)
		}
		var got []string
		for _, p := range s.Proxies() {
			got = append(got, p.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q gives %v, want %v", value, got, want)
		}
	}
}

func TestProxies_wrong(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"proxy.example.jp", "10.0.0.0/33", "10.0.0.1;10.0.0.2", "0.0.0.0/0", "::/0", "fe80::1%eth0"} {
		s, err := config.ReadSettings([]string{"TRUSTED_PROXIES=" + value}, config.Demo)
		if err == nil || !strings.Contains(err.Error(), "TRUSTED_PROXIES") {
			t.Errorf("%q: got %v, want a fault", value, err)
		}
		if got := s.Proxies(); !slices.Equal(got, []netip.Prefix(nil)) {
			t.Errorf("%q: trusts %v", value, got)
		}
	}
}
