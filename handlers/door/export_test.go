package door

import "net/netip"

// Readers lets tests stand at a door that is small.
type Readers = readers

// Small is one with room for so much.
func Small(most, bytes, bytesOfAddress int) *Readers {
	return &readers{most: most, bytes: bytes, bytesOfAddress: bytesOfAddress}
}

// Enter, Charge and Leave are what a body on its way in does.
func (all *readers) Enter(from netip.Prefix, stop func()) *reader { return all.enter(from, stop) }
func (me *reader) Charge(n int) bool                              { return me.charge(n) }
func (me *reader) Leave() bool                                    { return me.leave() }

// Taken is what is counted, all together and of one address.
func (all *readers) Taken(of netip.Prefix) (here, bytes, ofAddress, addresses int) {
	return all.here.Len(), all.taken, all.of[of], len(all.of)
}

// AddressOf tells who asks.
var AddressOf = addressOf
