package line_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	"tsunagi/bot"
	"tsunagi/config"
	"tsunagi/handlers/line"
)

// Of JSON that is right, the depth counted by its brackets is the depth that a reader finds.
func FuzzTooDeep(f *testing.F) {
	for _, seed := range []string{`{"a":["]","\"[",{"b":"\\"}]}`, strings.Repeat("[", 33) + strings.Repeat("]", 33), strings.Repeat(`{"a":`, 32) + "1" + strings.Repeat("}", 32), `"\`, `[[`, `]]]]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got := line.TooDeep(body)
		if !json.Valid(body) {
			return
		}
		if want := depth(body) > line.MaxDepth; got != want {
			t.Errorf("%q: too deep %v, want %v", body, got, want)
		}
	})
}

func depth(body []byte) (deepest int) {
	d, open := json.NewDecoder(bytes.NewReader(body)), 0
	for {
		token, err := d.Token()
		if err != nil {
			return deepest
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			open++
			deepest = max(deepest, open)
		case json.Delim('}'), json.Delim(']'):
			open--
		}
	}
}

// Whatever LINE answers to a call that it refuses: it is a fault with a kind, only what was left in doubt is tried again
// as such, and the log gets LINE's own words and places alone.
func FuzzErrorAnswer(f *testing.F) {
	for status, seed := range map[int]string{
		400: `{"message":"The request body has 1 error(s)","details":[{"message":"x","property":"messages[0].text"}]}`,
		429: `{"message":"You have reached your monthly limit."}`, 409: `{"message":"The retry key is already accepted","sentMessages":[{"id":"1"}]}`,
		401: `null`, 500: `<html>`, 403: `{"message":7,"details":[null]}`, 404: "\xff",
	} {
		f.Add(uint16(status), seed)
	}
	c, err := line.New(line.Options{Token: config.NewSecret(token), Words: catalogue(f, "ja")})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(c.Close)
	said := regexp.MustCompile(`^[a-z_]+: send: status [0-9]+, request r(: ([^()]*(?:\(messages\[)?))?( \([A-Za-z0-9._/\[\]]{1,99}\))?$`)
	f.Fuzz(func(t *testing.T, status uint16, body string) {
		status = 300 + status%300
		err := c.FaultOf(int(status), body)
		var fault *bot.Error
		if !errors.As(err, &fault) || fault.Kind == "" || fault.Say.Key == "" {
			t.Fatalf("%d %q: %v", status, body, err)
		}
		if doubtful := status == 408 || status == 409 || status >= 500; fault.Sure == doubtful {
			t.Errorf("%d %q: sure %v", status, body, fault.Sure)
		}
		match := said.FindStringSubmatch(strings.TrimSuffix(err.Error(), ": platform refuses our credentials"))
		if match == nil || match[2] != "" && line.Documented(match[2]) != match[2] {
			t.Errorf("%d %q: the log has %q", status, body, err)
		}
	})
}
