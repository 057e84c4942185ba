package handlers

import (
	"net"
	"net/http"
)

// Crowd is a server's ConnState that closes who is quiet when there are more connections than so many.
func Crowd(most int) func(net.Conn, http.ConnState) { return newCrowd(most).see }
