package line

import (
	"errors"
	"io"
	"net/http"
	"strings"
)

// TooDeep tells whether JSON is nested more deeply than MaxDepth.
func TooDeep(body []byte) bool { return tooDeep(body) }

// MaxDepth is how deeply events may be nested.
const MaxDepth = maxDepth

// FaultOf is what the client makes of an error answer.
func (c *Client) FaultOf(status int, body string) error {
	return c.fault("send", &http.Response{StatusCode: status, Header: http.Header{requestID: {"r"}}, Body: io.NopCloser(strings.NewReader(body))}, errors.New("refused"))
}

// Documented is what the log may have of LINE's words.
func Documented(message string) string { return documented(message) }
