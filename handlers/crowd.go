package handlers

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// maxConns is how many connections there may be. Each costs some 25 KiB and a file, of which a process has a few thousand.
const maxConns = 4096

// crowd bounds how many connections a server has. When there are too many, the one that has been quiet longest is closed
// and the newest stays: a platform has its request there at once. What is being answered bounds itself.
type crowd struct {
	most int

	mu    sync.Mutex
	all   map[net.Conn]*list.Element // nil: it is being answered
	quiet list.List                  // of net.Conn, those without a whole request, the longest so in front
}

func newCrowd(most int) *crowd { return &crowd{most: most, all: map[net.Conn]*list.Element{}} }

// see is a server's ConnState.
func (c *crowd) see(conn net.Conn, s http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if place := c.all[conn]; place != nil {
		c.quiet.Remove(place)
	}
	switch s {
	case http.StateNew, http.StateIdle:
		c.all[conn] = c.quiet.PushBack(conn)
	case http.StateActive:
		c.all[conn] = nil
	default:
		delete(c.all, conn)
	}
	if s == http.StateNew && len(c.all) > c.most && c.quiet.Len() > 1 {
		c.close(c.quiet.Front())
	}
}

func (c *crowd) close(place *list.Element) {
	conn := c.quiet.Remove(place).(net.Conn)
	delete(c.all, conn)
	_ = conn.Close() // whoever serves it finds it closed
}
