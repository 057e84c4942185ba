package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// signedWithin is how far the time of a signature may be from ours, either way; older ones may be replays.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
const signedWithin = 5 * time.Minute

// signed reports whether Slack has signed these bytes just now. The SDK's verifier reads the machine's clock; here the
// time is given, or a moved clock could not be tested.
func signed(h http.Header, body []byte, secret string, now time.Time) bool {
	stamp := h.Get("X-Slack-Request-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > signedWithin {
		return false
	}
	given, ok := strings.CutPrefix(h.Get("X-Slack-Signature"), "v0=")
	claim, err := hex.DecodeString(given)
	if !ok || err != nil || secret == "" {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte("v0:" + stamp + ":")) // a hash never fails
	_, _ = mac.Write(body)
	return hmac.Equal(claim, mac.Sum(nil))
}
