package line_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tsunagi/config"
	"tsunagi/handlers/line"
)

const somebody = "U0123456789abcdef0123456789abcdef"

// at is a client whose LINE is at another address.
func (w *wire) at(url string, change ...func(*line.Options)) *line.Client {
	w.t.Helper()
	o := line.Options{APIURL: url, DataURL: url, Token: config.NewSecret(token), Words: catalogue(w.t, "ja"), Log: w.log.logger(), LoadingAfter: time.Hour}
	for _, f := range change {
		f(&o)
	}
	c, err := line.New(o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(c.Close)
	return c
}

// No redirect is followed: what is sent, and the token with it, is for LINE alone.
func TestClient_staysWhereItIs(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	var asked atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(elsewhere.Close)
	away := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	t.Cleanup(away.Close)
	c := w.at(away.URL)
	stateless := w.at(away.URL, func(o *line.Options) {
		o.Token, o.ChannelID, o.ChannelSecret = config.Secret{}, "100", config.NewSecret(secret)
	})
	push := parcel(somebody, "", "漏れてはならない")
	push.Matters = true
	_, pushed := c.Send(w.ctx, push)
	_, replied := c.Send(w.ctx, parcel(somebody, "token", "漏れてはならない"))
	_, identified := c.Identify(w.ctx)
	_, _, fetched := c.Fetch(w.ctx, "1")
	_, issued := stateless.Send(w.ctx, push)
	for what, err := range map[string]error{"push": pushed, "reply": replied, "identity": identified, "file": fetched, "token": issued} {
		if err == nil {
			t.Errorf("%s: went through", what)
		}
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("a server that is not LINE was called %d times", n)
	}
}

// LINE's error answers may quote what a person wrote; the log has only the words that LINE itself is known to say.
func TestFault_quotesNobody(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	const words = "ひみつの連絡"
	answers := map[string]string{
		"known":   `{"message":"The property, 'text', in the request body is invalid: ` + words + `"}`,
		"unknown": `{"message":"` + words + ` may not be sent"}`,
		"details": `{"message":"The request body has 1 error(s)","details":[{"message":"` + words + `","property":"messages[0].text"}]}`,
		"long":    `{"message":"The request body has 1 error(s)","details":[{"property":"` + strings.Repeat(words, 20) + `"}]}`,
		"short":   `{"message":"The request body has 1 error(s)","details":[{"property":"` + words + `"}]}`,
		"no JSON": words,
	}
	for _, status := range []int{400, 401, 403, 404, 409, 429, 500} {
		for name, body := range answers {
			says := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
				fmt.Fprint(w, body)
			}))
			for _, token := range []string{"", "token"} {
				p := parcel(somebody, token, "はい")
				p.Matters = true
				if _, err := w.at(says.URL).Send(w.ctx, p); err == nil || strings.Contains(err.Error(), words) {
					t.Errorf("%d %s: %v", status, name, err)
				}
			}
			says.Close()
		}
	}
	if strings.Contains(w.log.String(), words) {
		t.Errorf("the log:\n%s", w.log)
	}
}

// A call that gets no answer names no address: what stands in one is for LINE alone.
func TestFault_namesNoAddress(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = dead.Close()
	c := w.at("http://" + dead.Addr().String())
	if _, err := c.Send(w.ctx, parcel(somebody, "token", "はい")); err == nil || strings.Contains(err.Error(), "http://") {
		t.Errorf("send: %v", err)
	}
	if _, _, err := c.Fetch(w.ctx, "468789577898262530"); err == nil || strings.Contains(err.Error(), "http://") {
		t.Errorf("fetch: %v", err)
	}
}
