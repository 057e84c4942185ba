package keeper

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestHealth: ready is what answers 200 at /readyz; everything else is not.
func TestHealth(t *testing.T) {
	t.Parallel()
	var environ []string
	for status, want := range map[int]bool{http.StatusOK: true, http.StatusServiceUnavailable: false} {
		desk := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/readyz" {
				w.WriteHeader(status)
			}
		}))
		environ = []string{"LISTEN_ADDR=" + desk.Listener.Addr().String()}
		if err := Health(t.Context(), environ); (err == nil) != want {
			t.Errorf("%d: got %v", status, err)
		}
		desk.Close()
	}
	if err := Health(t.Context(), environ); err == nil {
		t.Error("a desk that is not there is ready")
	}
}
