package door

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// addressOf tells who asks: the last hop that none of our proxies is. Each proxy adds whom it heard to the end of
// X-Forwarded-For, so what stands before a hop that is not ours is hearsay. Without proxies nobody can be told from
// others: all of LINE would be one address, and behind a proxy that we do not know, all the world.
func addressOf(r *http.Request, proxies []netip.Prefix) netip.Prefix {
	if len(proxies) == 0 {
		return netip.Prefix{}
	}
	last, _ := parse(r.RemoteAddr) // the zero address is nobody's proxy
	for _, hop := range slices.Backward(hops(r.Header)) {
		if !ours(last, proxies) {
			break
		}
		told, ok := parse(hop)
		if !ok {
			break
		}
		last = told
	}
	return household(last)
}

func hops(h http.Header) []string {
	return strings.FieldsFunc(strings.Join(h.Values("X-Forwarded-For"), ","), func(c rune) bool { return c == ',' })
}

// parse reads an address with or without a port.
func parse(hop string) (netip.Addr, bool) {
	hop = strings.TrimSpace(hop)
	if a, err := netip.ParseAddr(hop); err == nil {
		return a.Unmap().WithZone(""), true
	}
	a, err := netip.ParseAddrPort(hop)
	return a.Addr().Unmap().WithZone(""), err == nil
}

func ours(a netip.Addr, proxies []netip.Prefix) bool {
	return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// household is what one customer has: an IPv4 address, or 64 bits of IPv6 of which the rest is theirs to choose.
func household(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // of the zero address: the zero prefix
	return p
}
