package playground

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"syscall"
)

// usualPorts are tried one after the other when nobody has said where the page is to be served.
func usualPorts() []int { return []int{8080, 8081, 8082, 8083, 8084, 8085, 8086, 8087, 8088, 8089} }

// listenAt listens where it is told to, and otherwise at the first of the ports on this machine that is free.
func listenAt(ctx context.Context, addr string, ports []int, log *slog.Logger) (net.Listener, error) {
	if addr != "" {
		l, err := listen(ctx, addr)
		if err == nil && open(l.Addr()) {
			log.WarnContext(ctx, "anybody who reaches this machine may play both sides; take 127.0.0.1 to keep the page to yourself",
				"addr", l.Addr().String())
		}
		return l, err
	}
	for n, port := range ports {
		l, err := listen(ctx, net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if errors.Is(err, syscall.EADDRINUSE) && n+1 < len(ports) {
			continue
		}
		if err == nil && n > 0 {
			log.WarnContext(ctx, "the usual port is in use by another program, so the page is served at the next free one",
				"usual", ports[0], "addr", l.Addr().String())
		}
		return l, err
	}
	return nil, errors.New("serve the page: no port to try")
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("serve the page: %w; name another address, such as --addr 127.0.0.1:0 for any free port", err)
	}
	return l, nil
}
