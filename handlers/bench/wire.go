package main

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// wire is one kept-alive connection to a bot. It costs a fraction of http.Client, which would be the busiest part of the
// whole measurement.
type wire struct {
	addr string
	conn net.Conn
	in   *bufio.Reader
	out  bytes.Buffer
}

// patience is how long an answer may take before it counts as refused; LINE gives up after 2 s.
const patience = 10 * time.Second

// post sends a body with headers, each "Name: value", and reads the answer. A connection that the other side has closed
// in the meantime is opened anew.
func (w *wire) post(path string, body []byte, headers ...string) (status int, answer []byte, err error) {
	fresh := w.conn == nil
	status, answer, err = w.try(path, body, headers)
	if err != nil && !fresh && status == 0 {
		status, answer, err = w.try(path, body, headers)
	}
	return status, answer, err
}

func (w *wire) try(path string, body []byte, headers []string) (int, []byte, error) {
	if err := w.open(); err != nil {
		return 0, nil, err
	}
	w.out.Reset()
	w.out.WriteString("POST " + path + " HTTP/1.1\r\nHost: bot\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n")
	for _, h := range headers {
		w.out.WriteString(h + "\r\n")
	}
	w.out.WriteString("\r\n")
	w.out.Write(body)
	_ = w.conn.SetDeadline(time.Now().Add(patience))
	if _, err := w.conn.Write(w.out.Bytes()); err != nil {
		w.close()
		return 0, nil, err
	}
	return w.read()
}

func (w *wire) open() (err error) {
	if w.conn == nil {
		if w.conn, err = net.DialTimeout("tcp", w.addr, patience); err != nil {
			w.conn = nil
			return fmt.Errorf("reach the bot: %w", err)
		}
		w.in = bufio.NewReader(w.conn)
	}
	return nil
}

func (w *wire) read() (int, []byte, error) {
	res, err := http.ReadResponse(w.in, nil)
	if err != nil {
		w.close()
		return 0, nil, err
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.Close {
		w.close()
	}
	return res.StatusCode, answer, err
}

func (w *wire) close() {
	if w.conn != nil {
		_ = w.conn.Close()
		w.conn = nil
	}
}

// channelSecret signs webhooks.
const channelSecret = "8c570fa6dd201bb328f1c1eac23a96d8"

func lineSignature(body []byte) string {
	mac := hmac.New(sha256.New, []byte(channelSecret))
	_, _ = mac.Write(body) // a hash never fails
	return "X-Line-Signature: " + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
