package playground_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/handlers/playground"
)

type event struct {
	id       string
	sections map[string]any
}

// open begins to read the stream, as a page does that has last seen an event.
func open(t *testing.T, server *httptest.Server, last string) func() event {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/playground/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Last-Event-ID", last)
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	lines := bufio.NewScanner(response.Body)
	return func() event { return readEvent(t, lines) }
}

func readEvent(t *testing.T, lines *bufio.Scanner) event {
	t.Helper()
	var got event
	for lines.Scan() {
		if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			got.id = id
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			if err := json.Unmarshal([]byte(data), &got.sections); err != nil {
				t.Fatal(err)
			}
			return got
		}
	}
	t.Fatalf("the stream ended: %v", lines.Err())
	return got
}

func put(t *testing.T, feed *playground.Feed, sections map[string]any) {
	t.Helper()
	if err := feed.Put(sections); err != nil {
		t.Fatal(err)
	}
}

func serve(t *testing.T, backend playground.Backend, feed *playground.Feed) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(playground.Handler(backend, feed))
	t.Cleanup(server.Close)
	return server
}

func TestFeedTellsWhatChanged(t *testing.T) {
	t.Parallel()
	feed := playground.NewFeed("run1")
	put(t, feed, map[string]any{"a": 1, "b": "x"})
	next := open(t, serve(t, nobody{}, feed), "")

	first := next()
	if diff := cmp.Diff(map[string]any{"a": 1.0, "b": "x"}, first.sections); diff != "" {
		t.Errorf("a new page's first event (-want +got):\n%s", diff)
	}
	put(t, feed, map[string]any{"a": 1, "b": "x"})
	put(t, feed, map[string]any{"a": 2, "b": "x"})
	if diff := cmp.Diff(event{"run1.2", map[string]any{"a": 2.0}}, next(), cmp.AllowUnexported(event{})); diff != "" {
		t.Errorf("after one section changed (-want +got):\n%s", diff)
	}
}

func TestFeedKnowsAReturningPage(t *testing.T) {
	t.Parallel()
	feed := playground.NewFeed("run1")
	put(t, feed, map[string]any{"a": 1})
	put(t, feed, map[string]any{"b": 2})
	server := serve(t, nobody{}, feed)
	for name, c := range map[string]struct {
		last string
		want map[string]any
	}{
		"gets what it missed":                   {"run1.1", map[string]any{"b": 2.0}},
		"of another run gets all":               {"run0.2", map[string]any{"a": 1.0, "b": 2.0}},
		"that says nonsense gets all":           {"run1.x", map[string]any{"a": 1.0, "b": 2.0}},
		"whose id names no run gets everything": {"2", map[string]any{"a": 1.0, "b": 2.0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, open(t, server, c.last)().sections); diff != "" {
				t.Errorf("after %q (-want +got):\n%s", c.last, diff)
			}
		})
	}
}

func TestFeedRefusesWhatIsNoJSON(t *testing.T) {
	t.Parallel()
	if err := playground.NewFeed("run1").Put(map[string]any{"a": func() {}}); err == nil || !strings.Contains(err.Error(), "section a") {
		t.Errorf("got %v, want an error that names section a", err)
	}
}

func TestStateIsTheWhole(t *testing.T) {
	t.Parallel()
	feed := playground.NewFeed("run1")
	put(t, feed, map[string]any{"a": 1})
	put(t, feed, map[string]any{"b": []string{"<"}})
	got := get(t, playground.Handler(nobody{}, feed), "/playground/state")
	var sections map[string]any
	if err := json.Unmarshal(got.Body.Bytes(), &sections); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"a": 1.0, "b": []any{"<"}}, sections); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
