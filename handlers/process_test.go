package handlers_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tsunagi/handlers"
)

// TestProcess_answers: what is being answered when the process ends is answered to its end.
func TestProcess_answers(t *testing.T) {
	t.Parallel()
	p := handlers.NewProcess(slog.New(slog.DiscardHandler))
	begun, finish := make(chan struct{}), make(chan struct{})
	at, err := p.Listen(t.Context(), "LISTEN_ADDR", "127.0.0.1:0", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-finish
		_, _ = io.WriteString(w, "done")
	}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Listen(t.Context(), "ADMIN_ADDR", at, http.NotFoundHandler()); err == nil || !strings.HasPrefix(err.Error(), "ADMIN_ADDR: ") {
		t.Errorf("an address in use gives %v, want the setting named", err)
	}
	answer := make(chan string, 1)
	go func() { answer <- get(t.Context(), "http://"+at) }()
	<-begun
	closed := make(chan error, 1)
	go func() { closed <- p.Close() }()
	close(finish)
	if got := <-answer; got != "done" {
		t.Errorf("got %q, want the answer that was begun", got)
	}
	if err := <-closed; err != nil {
		t.Errorf("closed with %v", err)
	}
}

// TestProcess_loop_that_breaks_down: it begins again, ends nothing else, and its words do not reach the log.
func TestProcess_loop_that_breaks_down(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		p := handlers.NewProcess(slog.New(slog.NewJSONHandler(&log, nil)))
		begun, ticks := 0, 0
		p.Loops(t.Context())("watch", p.EachMinute(func(ctx context.Context, tick <-chan time.Time) {
			if begun++; begun < 3 {
				panic("秘密")
			}
			for ; ctx.Err() == nil; ticks++ {
				select {
				case <-tick:
				case <-ctx.Done():
				}
			}
		}))
		time.Sleep(time.Hour) // of the bubble's clock
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		if begun != 3 || ticks < 50 {
			t.Errorf("begun %d times, then %d ticks, want 3 and one each minute", begun, ticks)
		}
		if got := log.String(); strings.Contains(got, "秘密") || strings.Count(got, "loop panicked") != 2 {
			t.Errorf("logged %s", got)
		}
	})
}

// TestProcess_logs_in_one_form: what the server itself has to say stands in the log like everything else.
func TestProcess_logs_in_one_form(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	p := handlers.NewProcess(slog.New(slog.NewJSONHandler(&log, nil)))
	at, err := p.Listen(t.Context(), "LISTEN_ADDR", "127.0.0.1:0", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		w.WriteHeader(http.StatusOK) // a slip that the server tells of
	}))
	if err != nil {
		t.Fatal(err)
	}
	get(t.Context(), "http://"+at)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), `"level":"ERROR","msg":"http: superfluous`) {
		t.Errorf("the log has %q", log.String())
	}
}

// TestProcess_ends: what began last ends first, and waits for its loops; the second end does nothing.
func TestProcess_ends(t *testing.T) {
	t.Parallel()
	p := handlers.NewProcess(slog.New(slog.DiscardHandler))
	var ended []string
	p.AtEnd(func(context.Context) error { ended = append(ended, "database"); return errors.New("held open") })
	begin := p.Loops(t.Context())
	begin("outbox", p.EachMinute(func(ctx context.Context, _ <-chan time.Time) {
		<-ctx.Done()
		ended = append(ended, "outbox")
	}))
	p.AtEnd(func(context.Context) error { ended = append(ended, "door"); return nil })
	if err := p.Close(); err == nil || err.Error() != "held open" {
		t.Errorf("closed with %v, want what the database said", err)
	}
	if err := p.Close(); err != nil {
		t.Errorf("closed again with %v", err)
	}
	if want := []string{"door", "outbox", "database"}; !slices.Equal(ended, want) {
		t.Errorf("ended %q, want %q", ended, want)
	}
}

func get(ctx context.Context, url string) string {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err.Error()
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	if err != nil {
		return err.Error()
	}
	return string(said)
}
