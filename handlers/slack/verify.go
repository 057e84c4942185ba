package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tsunagi/handlers/door"
)

// signedWithin is how far the time of a signature may be from ours, either way; older ones may be replays.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
const signedWithin = 5 * time.Minute

// seal is how Slack signs. The SDK's verifier reads the machine's clock; here the time is given, or a moved clock could not
// be tested.
type seal struct {
	secret string
	now    func() time.Time
}

// maxProbe is how long a body may be that comes unsigned.
const maxProbe = 1 << 10

// Claims wants what could be a signature of just now before a body is read. A probe of the certificate comes unsigned.
func (s seal) Claims(h http.Header) int64 {
	switch claim, fresh := s.claim(h); {
	case unsigned(h):
		return maxProbe
	case claim == nil || !fresh:
		return 0
	}
	return door.MaxBody
}

func unsigned(h http.Header) bool { return h.Get("X-Slack-Signature") == "" }

// claim is the signature that a header holds, nil if none, and whether it was made just now.
func (s seal) claim(h http.Header) (signature []byte, fresh bool) {
	given, ok := strings.CutPrefix(h.Get("X-Slack-Signature"), "v0=")
	claim, err := hex.DecodeString(given)
	if !ok || err != nil || len(claim) != sha256.Size {
		return nil, false
	}
	seconds, err := strconv.ParseInt(h.Get("X-Slack-Request-Timestamp"), 10, 64)
	return claim, err == nil && s.now().Sub(time.Unix(seconds, 0)).Abs() <= signedWithin
}

// Signed reports whether Slack has signed these bytes just now, or only tries the certificate.
func (s seal) Signed(h http.Header, body []byte) bool {
	if unsigned(h) {
		return probe(body)
	}
	claim, fresh := s.claim(h)
	if claim == nil || !fresh || s.secret == "" {
		return false
	}
	mac := hmac.New(sha256.New, []byte(s.secret))
	_, _ = mac.Write([]byte("v0:" + h.Get("X-Slack-Request-Timestamp") + ":")) // a hash never fails
	_, _ = mac.Write(body)
	return hmac.Equal(claim, mac.Sum(nil))
}

// probe reports whether Slack only tries the certificate; it has no effect.
// https://docs.slack.dev/interactivity/implementing-slash-commands
func probe(body []byte) bool {
	form, err := url.ParseQuery(string(body))
	return err == nil && form.Get("ssl_check") == "1"
}
