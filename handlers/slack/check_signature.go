package slack

import (
	"time"

	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/store"
)

// staleAfter is how long a right signature speaks for the secret when wrong ones have come since: strangers send such, too,
// but a desk in service hears of Slack every day.
const staleAfter = 24 * time.Hour

// Signatures is when Slack's requests were last found signed rightly, and wrongly, by this process.
func (a *App) Signatures() store.Signatures {
	right, wrong := a.gate.Signatures()
	return store.Signatures{Verified: right, Refused: wrong}
}

// CheckSignature judges the signing secret by what the desk in service has found of Slack's requests; Slack itself cannot be
// asked. Over Socket Mode nothing is signed.
func CheckSignature(s store.Signatures, words *text.Catalogue, socketMode bool) []config.Finding {
	k := checkup{words: words}
	what := text.Say("slack.check.signature")
	switch {
	case socketMode:
	case !s.Refused.IsZero() && s.Refused.Sub(s.Verified) > staleAfter:
		k.fault(what, text.Say("slack.check.signature_fault", "refused", s.Refused.Format(time.RFC3339)), text.Say("slack.check.signature_remedy"))
	case s.Verified.IsZero():
		k.fault(what, text.Say("slack.check.signature_open"), text.Say("slack.check.signature_open_remedy"))
		k.found[0].Open = true
	default:
		k.ok(what)
	}
	return k.found
}
