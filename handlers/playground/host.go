package playground

import (
	"net"
	"net/http"
	"strings"
)

// byAddress lets in only requests that name this page by an address or as localhost. A web page elsewhere whose own name
// has been led to this machine (DNS rebinding) comes with that name, and must not play the city.
func byAddress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isAddress(r.Host) {
			http.Error(w, "open the page by its address, such as http://127.0.0.1:8080/playground/", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isAddress reports whether a Host header is an IP address or localhost, with or without a port.
func isAddress(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	return name == "localhost" || net.ParseIP(strings.Trim(name, "[]")) != nil
}

// open reports whether an address to listen at is reached from other machines, too.
func open(at net.Addr) bool {
	tcp, ok := at.(*net.TCPAddr)
	return !ok || !tcp.IP.IsLoopback()
}
