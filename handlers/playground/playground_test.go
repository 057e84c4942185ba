package playground_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/handlers/playground"
)

// nobody refuses what is asked of a phone, and of the network why, and the clock breaks.
type nobody struct{}

func (nobody) Line(context.Context, playground.LineDo) error {
	return playground.Refuse("blocked")
}
func (nobody) Slack(context.Context, playground.SlackDo) error { return nil }
func (nobody) Clock(context.Context, playground.ClockDo) error { return errors.New("stopped") }
func (nobody) Fault(context.Context, playground.FaultDo) error {
	return playground.Refuse("slack", "internal_error")
}
func (nobody) Story(context.Context, playground.StoryDo) error { return nil }

func post(t *testing.T, path, body string, header ...string) (int, string) {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1"+path, strings.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	playground.Handler(nobody{}, playground.NewFeed("run1")).ServeHTTP(recorder, request)
	return recorder.Code, strings.TrimSpace(recorder.Body.String())
}

func TestHandlerAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path, body string
		header     []string
		code       int
		answer     string
	}{
		"what was done":          {"/playground/slack", `{}`, nil, 200, `{}`},
		"what was refused":       {"/playground/line", `{"person":"U1"}`, nil, 200, `{"error":"blocked"}`},
		"and why":                {"/playground/fault", `{"id":"x"}`, nil, 200, `{"error":"slack","why":"internal_error"}`},
		"a fault":                {"/playground/clock", `{"add_seconds":1}`, nil, 500, `{"error":"stopped"}`},
		"what cannot be read":    {"/playground/fault", `{`, nil, 400, `{"error":"the request could not be read: unexpected EOF"}`},
		"a page of another host": {"/playground/story", `{}`, []string{"Origin", "https://other.example"}, 403, "cross-origin request detected, and/or browser is out of date: Sec-Fetch-Site is missing, and Origin does not match Host"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, answer := post(t, c.path, c.body, c.header...)
			if code != c.code {
				t.Errorf("got %d, want %d", code, c.code)
			}
			if diff := cmp.Diff(c.answer, answer); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}
