package config

import (
	"fmt"
	"net/netip"
	"strings"
)

// Proxies are the networks of the reverse proxies in front; none: nobody's word about addresses is taken.
func (s Settings) Proxies() []netip.Prefix {
	all, _ := parseProxies(s.TrustedProxies) // judged when it was read
	return all
}

func parseProxies(value string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for part := range strings.SplitSeq(value, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		p, err := parseProxy(part)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// parseProxy reads a network, or an address as the network of it alone.
func parseProxy(part string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(part); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(part)
	if err != nil {
		return p, fmt.Errorf("has %q, which is neither an address nor a network", part)
	}
	if p.Bits() == 0 {
		return p, fmt.Errorf("has %q, which is all the world: anybody could then say to be anybody", part)
	}
	return p.Masked(), nil
}

func proxiesWrong(value string) string {
	if _, err := parseProxies(value); err != nil {
		return err.Error()
	}
	return ""
}
