package keeper

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"tsunagi/config"
)

// healthWithin is how long a desk may take to say that it is ready.
const healthWithin = 5 * time.Second

// Health asks the desk of this machine, at LISTEN_ADDR, whether it is ready: an image without a shell has no other way.
func Health(ctx context.Context, environ []string) error {
	s, err := config.ReadSettings(environ, config.Health)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(s.ListenAddr)
	if err != nil {
		return fmt.Errorf("LISTEN_ADDR: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, healthWithin)
	defer cancel()
	return ready(ctx, "http://"+net.JoinHostPort(host, port)+"/readyz")
}

func ready(ctx context.Context, at string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return fmt.Errorf("ask %s: %w", at, err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("no desk answers: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the desk is not ready: %s", answer.Status)
	}
	return nil
}
