package door_test

import (
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tsunagi/handlers/door"
)

// TestReaders walks: whoever comes gets in, nobody takes more than there is, and whoever has to go has taken most for longest,
// of all or of the address that has too much, or, for one more to come in, began longest ago.
func TestReaders(t *testing.T) {
	t.Parallel()
	const most, bytes, bytesOfAddress = 6, 100, 60
	addresses := []netip.Prefix{{}, netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::/64")}
	rapid.Check(t, func(t *rapid.T) {
		all := door.Small(most, bytes, bytesOfAddress)
		type guest struct {
			charge func(int) bool
			leave  func() bool
			from   netip.Prefix
			bytes  int
			nth    int
		}
		var here []*guest
		began, entering := 0, false
		cheaper := func(o, g *guest) bool { // than g, as seen when it has to go
			cost := func(x *guest) int { return x.bytes * (began - x.nth + 1) }
			return cost(o) < cost(g) || cost(o) == cost(g) && o.nth >= g.nth
		}
		out := func(g *guest) { here = slices.DeleteFunc(here, func(o *guest) bool { return o == g }) }
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch what := rapid.IntRange(0, 3).Draw(t, "what"); {
			case what == 0 || len(here) == 0:
				entering = true
				g := &guest{from: rapid.SampledFrom(addresses).Draw(t, "from")}
				r := all.Enter(g.from, func() {
					dearer := func(of bool) bool {
						return slices.ContainsFunc(here, func(o *guest) bool { return (of || o.from == g.from) && !cheaper(o, g) })
					}
					if entering && here[0] != g || !entering && dearer(true) && (dearer(false) || !g.from.IsValid()) {
						t.Fatalf("number %d had to go", slices.Index(here, g))
					}
					out(g)
				})
				entering = false
				began++
				g.charge, g.leave, g.nth = r.Charge, r.Leave, began
				here = append(here, g)
			case what == 1:
				g := rapid.SampledFrom(here).Draw(t, "who")
				if !g.leave() || g.leave() {
					t.Fatal("leaves never, or twice")
				}
				out(g)
			default:
				g, n := rapid.SampledFrom(here).Draw(t, "who"), rapid.IntRange(0, 60).Draw(t, "bytes")
				if g.bytes+n > bytesOfAddress { // no body is larger than what an address may have
					continue
				}
				switch stays := g.charge(n); {
				case stays != slices.Contains(here, g):
					t.Fatalf("says %v of having to go", stays)
				case stays:
					g.bytes += n
				}
			}
			for _, from := range addresses {
				sum, sumOf := 0, 0
				for _, g := range here {
					sum += g.bytes
					if g.from == from && from.IsValid() {
						sumOf += g.bytes
					}
				}
				n, taken, takenOf, kept := all.Taken(from)
				if n != len(here) || n > most || taken != sum || sum > bytes || takenOf != sumOf || sumOf > bytesOfAddress || kept > 2 {
					t.Fatalf("%d here with %d bytes, %d of %s; counted %d with %d, %d", len(here), sum, sumOf, from, n, taken, takenOf)
				}
			}
		}
	})
}

// TestReaders_newest: who comes when nothing is left gets in, whatever those before have taken.
func TestReaders_newest(t *testing.T) {
	t.Parallel()
	all, gone := door.Small(3, 30, 30), 0
	for range 9 {
		if !all.Enter(netip.Prefix{}, func() { gone++ }).Charge(30) {
			t.Error("the newest had to go")
		}
	}
	if gone != 8 {
		t.Errorf("%d had to go, want 8", gone)
	}
}

// TestReaders_small: what is small stays while others come and take all that there is, though it began before all of them.
func TestReaders_small(t *testing.T) {
	t.Parallel()
	all := door.Small(1000, 100, 100)
	small := all.Enter(netip.Prefix{}, func() { t.Error("the small one had to go") })
	small.Charge(1)
	for range 30 {
		for big, more := all.Enter(netip.Prefix{}, func() {}), true; more; {
			more = big.Charge(40) && big.Charge(40)
		}
	}
	if !small.Leave() {
		t.Error("the small one was not there any more")
	}
}
