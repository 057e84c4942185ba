package playground_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tsunagi/handlers/playground"
)

func get(t *testing.T, handler http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1"+path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

func TestPage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ path, kind, has string }{
		{"/playground/", "text/html; charset=utf-8", `<script src="app.js" defer>`},
		{"/playground/app.js", "text/javascript; charset=utf-8", "data-testid"},
		{"/playground/app.css", "text/css; charset=utf-8", ".slack_blocks_to_jsx"},
		{"/playground/NOTICES.txt", "text/plain; charset=utf-8", "slack-blocks-to-jsx 1.1.1 (MIT)"},
	} {
		t.Run("serves "+c.path, func(t *testing.T) {
			t.Parallel()
			got := get(t, playground.Page(), c.path)
			if got.Code != http.StatusOK || got.Header().Get("Content-Type") != c.kind {
				t.Fatalf("got %d %q, want 200 %q", got.Code, got.Header().Get("Content-Type"), c.kind)
			}
			if !strings.Contains(got.Body.String(), c.has) {
				t.Errorf("%s does not contain %q", c.path, c.has)
			}
			checkPolicy(t, got.Header().Get("Content-Security-Policy"))
		})
	}
}

func TestPageTravelsPacked(t *testing.T) {
	t.Parallel()
	plain := get(t, playground.Page(), "/playground/app.js")
	packed := get(t, playground.Page(), "/playground/app.js", "Accept-Encoding", "gzip, br")
	if packed.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("got encoding %q, want gzip", packed.Header().Get("Content-Encoding"))
	}
	z, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(z)
	if err != nil || !bytes.Equal(unpacked, plain.Body.Bytes()) {
		t.Errorf("packed and plain differ: %d and %d bytes, %v", len(unpacked), plain.Body.Len(), err)
	}
}

func checkPolicy(t *testing.T, policy string) {
	t.Helper()
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("the page's policy is %q, want nothing by default and nothing unsafe", policy)
	}
}

func TestPageIsKeptByItsHash(t *testing.T) {
	t.Parallel()
	first := get(t, playground.Page(), "/playground/app.js")
	again := get(t, playground.Page(), "/playground/app.js", "If-None-Match", first.Header().Get("ETag"))
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("asked again by its hash: got %d with %d bytes, want 304 with none", again.Code, again.Body.Len())
	}
}

func TestPageServesNothingElse(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/playground/page.go", "/playground/web/package.json", "/playground/x/app.js", "/playground/dist"} {
		if got := get(t, playground.Page(), path); got.Code != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, got.Code)
		}
	}
}
