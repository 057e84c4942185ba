package linesim

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ids makes every id and token the simulated platform hands out.
type ids struct {
	mu   sync.Mutex
	src  io.Reader
	now  func() time.Time
	buf  [4096]byte
	left int
	last int64
}

func newIDs(src io.Reader, now func() time.Time) *ids { return &ids{src: src, now: now} }

// random fills b. It reads ahead, so that a load test does not pay one system call per id. A source that fails ends in
// repeated ids, which only a test with a broken source of its own can see.
func (m *ids) random(b []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.left < len(b) {
		_, _ = io.ReadFull(m.src, m.buf[:])
		m.left = len(m.buf)
	}
	start := len(m.buf) - m.left
	copy(b, m.buf[start:])
	m.left -= len(b)
}

// hex makes 2n hexadecimal digits, the form of reply tokens and rich menu ids.
func (m *ids) hex(n int) string {
	b := make([]byte, n)
	m.random(b)
	return hex.EncodeToString(b)
}

// uuid makes a request id.
func (m *ids) uuid() string {
	var b [16]byte
	m.random(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	var out [36]byte
	hex.Encode(out[0:8], b[0:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:36], b[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

// ulid makes a webhook event id, https://github.com/ulid/spec.
func (m *ids) ulid(at time.Time) string {
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	var b [16]byte
	m.random(b[:])
	ms := at.UnixMilli()
	var out [26]byte
	for i := 9; i >= 0; i-- {
		out[i] = digits[ms&31]
		ms >>= 5
	}
	for i := range 16 {
		out[10+i] = digits[b[i]&31]
	}
	return string(out[:])
}

// message makes a message id: 18 digits, rising, and different after a restart.
func (m *ids) message() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = max(m.last+1, m.now().UnixMilli()*100_000)
	return strconv.FormatInt(m.last, 10)
}

// quoteToken binds a message to its chat and needs no memory to be checked later.
func quoteToken(messageID, chat string) string { return bound("q3", messageID, chat) }

// readToken is what the bot gives back to mark a message as read.
func readToken(messageID, chat string) string { return bound("r5", messageID, chat) }

func bound(prefix, messageID, chat string) string {
	h := fnv.New64a()
	_, _ = io.WriteString(h, prefix+messageID+chat)
	return prefix + messageID + "_" + strconv.FormatUint(h.Sum64(), 36)
}

// boundMessage takes the message id out of a quote or read token.
func boundMessage(token, prefix string) (string, bool) {
	rest, ok := strings.CutPrefix(token, prefix)
	if !ok {
		return "", false
	}
	id, _, ok := strings.Cut(rest, "_")
	return id, ok
}

// UserID returns id when it is a LINE user id, and otherwise one made from it, always the same: stories may call people
// by readable names.
func UserID(id string) string { return idOf('U', id) }

// GroupID does for group chats what UserID does for people.
func GroupID(id string) string { return idOf('C', id) }

func idOf(letter byte, id string) string {
	if isID(id, string(letter)) {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return string(letter) + hex.EncodeToString(sum[:16])
}

// isID tells whether id has the form of an id that begins with one of the letters: U user, C group, R room.
func isID(id, letters string) bool {
	if len(id) != 33 || !strings.Contains(letters, id[:1]) {
		return false
	}
	for _, c := range []byte(id[1:]) {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return false
		}
	}
	return true
}

// isUUID tells whether s is a UUID in hexadecimal form, as a retry key must be.
// https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if !isHex(c) {
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
