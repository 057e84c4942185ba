package config_test

import (
	"errors"
	"strings"
	"testing"

	"tsunagi/config"
)

func TestReport(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := config.Report(&out, []config.Finding{config.Found("Redis", nil, "")}); err != nil {
		t.Errorf("all well, but got %v", err)
	}
	if err := config.Report(&out, []config.Finding{{What: "secret", Open: true, Fault: "not seen yet", Remedy: "Use it."}}); err != nil {
		t.Errorf("something is open, but nothing wrong, and got %v", err)
	}
	err := config.Report(&out, []config.Finding{config.Found("Postgres", errors.New("away"), "Start it."), config.Well("Redis")})
	if err == nil || err.Error() != "1 of 2 checks found a fault" {
		t.Errorf("got error %v", err)
	}
	for _, want := range []string{"ok     Redis", "FAULT  Postgres: away", "-> Start it.", "-      secret: not seen yet"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("want %q in:\n%s", want, out.String())
		}
	}
}
