package door

import (
	"container/list"
	"errors"
	"io"
	"net/netip"
	"sync"
)

// readers are the bodies on their way in. Nobody waits here for room: it is made at once, by showing somebody out. For one
// more body that is whoever began longest ago; for more bytes it is who has taken most for longest. A platform's own is
// small or new, even when this machine has no time for it. That the memory of those shown out is free only a moment later
// is not counted.
type readers struct {
	most, bytes, bytesOfAddress int // what there is room for

	mu    sync.Mutex
	here  list.List // of *reader, who began longest ago in front
	began int64     // how many have begun
	taken int
	of    map[netip.Prefix]int // bytes by address
}

// reader is one body on its way in.
type reader struct {
	all   *readers
	from  netip.Prefix // the zero value: cannot be told
	stop  func()       // ends its waiting for more
	bytes int
	nth   int64         // to begin
	place *list.Element // nil: it is not here any more
}

// enter lets a reader in, if need be in the place of another.
func (all *readers) enter(from netip.Prefix, stop func()) *reader {
	all.mu.Lock()
	defer all.mu.Unlock()
	for all.here.Len() >= all.most {
		all.showOut(all.here.Front().Value.(*reader))
	}
	all.began++
	me := &reader{all: all, from: from, stop: stop, nth: all.began}
	me.place = all.here.PushBack(me)
	return me
}

// leave takes the reader out; false if it has been shown out.
func (me *reader) leave() (stayed bool) {
	me.all.mu.Lock()
	defer me.all.mu.Unlock()
	stayed = me.place != nil
	me.all.remove(me)
	return stayed
}

// charge makes room for more bytes, within what the address may have and within what there is; false if the reader itself
// had to make it.
func (me *reader) charge(n int) (stays bool) {
	all := me.all
	all.mu.Lock()
	defer all.mu.Unlock()
	for me.from.IsValid() && me.place != nil && all.of[me.from]+n > all.bytesOfAddress {
		all.showOut(all.costliest(me.from))
	}
	for me.place != nil && all.taken+n > all.bytes {
		all.showOut(all.costliest(netip.Prefix{}))
	}
	if me.place == nil {
		return false
	}
	all.count(me, n)
	return true
}

// costliest is who has taken most bytes for longest, of an address if one is given; of several that cost the same, who began
// first. How long is counted in who has come since.
func (all *readers) costliest(of netip.Prefix) (found *reader) {
	most := int64(-1)
	for at := all.here.Front(); at != nil; at = at.Next() {
		r := at.Value.(*reader)
		if cost := int64(r.bytes) * (all.began - r.nth + 1); cost > most && (r.from == of || !of.IsValid()) {
			found, most = r, cost
		}
	}
	return found
}

func (all *readers) showOut(r *reader) {
	all.remove(r)
	r.stop()
}

func (all *readers) remove(r *reader) {
	if r.place == nil {
		return
	}
	all.here.Remove(r.place)
	r.place = nil
	all.count(r, -r.bytes)
}

func (all *readers) count(r *reader, n int) {
	r.bytes += n
	all.taken += n
	if !r.from.IsValid() || n == 0 {
		return
	}
	if all.of == nil {
		all.of = map[netip.Prefix]int{}
	}
	if all.of[r.from] += n; all.of[r.from] == 0 {
		delete(all.of, r.from)
	}
}

// firstBytes is what a body is read into before it is charged: what has only been announced costs a line of text.
const firstBytes = 512

// readAll reads to the end into memory that is charged before it is taken. What was announced only bounds it.
func (me *reader) readAll(body io.Reader, announced int64) ([]byte, error) {
	room := make([]byte, 0, firstBytes)
	for {
		n, err := body.Read(room[len(room):cap(room)])
		room = room[:len(room)+n]
		if errors.Is(err, io.EOF) {
			return room, nil
		}
		if err != nil {
			return nil, err
		}
		if len(room) == cap(room) {
			if room = me.grow(room, announced); room == nil {
				return nil, errShownOut
			}
		}
	}
}

// grow gives what was read twice the room, or as much as was announced; nil if there is none.
func (me *reader) grow(read []byte, announced int64) []byte {
	room := 2 * cap(read)
	if announced > int64(len(read)) {
		room = int(min(int64(room), announced))
	}
	if !me.charge(room - me.bytes) {
		return nil
	}
	return append(make([]byte, 0, room), read...)
}
