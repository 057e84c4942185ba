package line

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"

	"tsunagi/handlers/door"
)

// seal is how LINE signs: with the secret of the channel, of which there are two while it is being changed.
// https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/
type seal []string

const signatureHeader = "X-Line-Signature"

// Claims wants what could be a signature before a body is read.
func (s seal) Claims(h http.Header) int64 {
	claim, err := base64.StdEncoding.DecodeString(h.Get(signatureHeader))
	if err != nil || len(claim) != sha256.Size {
		return 0
	}
	return door.MaxBody
}

// Signed compares in constant time, over the bytes as they came.
func (s seal) Signed(h http.Header, body []byte) bool {
	ok := false
	for _, secret := range s {
		ok = webhook.ValidateSignature(secret, h.Get(signatureHeader), body) || ok
	}
	return ok
}
