package playground

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed dist/*.gz dist/index.html
var dist embed.FS

// policy lets the page load its own script and styles and speak to its own host, and nothing else. Trusted Types are
// required and none are made, so no script can turn text into markup.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// Page serves the bundled page, its script, styles and licence notices below /playground/. A browser keeps them and
// asks by their hash whether they are still the same.
func Page() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := path.Base(r.URL.Path)
		if r.URL.Path == "/playground/" {
			name = "index.html"
		}
		content, encoding, err := read(name, strings.Contains(r.Header.Get("Accept-Encoding"), "gzip"))
		if err != nil || path.Dir(r.URL.Path) != "/playground" && name != "index.html" {
			http.NotFound(w, r)
			return
		}
		sum := sha256.Sum256(content)
		head := w.Header()
		if encoding != "" {
			head.Set("Content-Encoding", encoding)
		}
		head.Set("Vary", "Accept-Encoding")
		head.Set("Content-Security-Policy", policy)
		head.Set("Cache-Control", "no-cache")
		head.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
		head.Set("Referrer-Policy", "no-referrer")
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	})
}

// read finds a file of dist. All but the page itself is kept packed; whoever cannot unpack gets it unpacked.
func read(name string, packed bool) (content []byte, encoding string, err error) {
	if content, err = dist.ReadFile("dist/" + name); err == nil {
		return content, "", nil
	}
	if content, err = dist.ReadFile("dist/" + name + ".gz"); err != nil || packed {
		return content, "gzip", err
	}
	z, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, "", err
	}
	content, err = io.ReadAll(z)
	return content, "", err
}
