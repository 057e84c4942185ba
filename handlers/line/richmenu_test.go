package line_test

import (
	"bytes"
	"flag"
	"html/template"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tsunagi/bot/text"
)

var redraw = flag.Bool("redraw", false, "draw the rich menus again; needs chromium and Noto Sans CJK")

// TestRichMenuImage holds the pictures against LINE's limits, and against the words they show.
func TestRichMenuImage(t *testing.T) {
	for lang, size := range map[string]int{"ja": 96, "en": 104} {
		drawn := filepath.Join("richmenu", lang+".png")
		shown := filepath.Join("testdata", "richmenu", lang+".txt") // the words of the last drawing
		labels := menuLabels(t, lang)
		if *redraw {
			draw(t, lang, labels, size, drawn)
			write(t, shown, []byte(strings.Join(labels, "\n")+"\n"))
		}
		raw := read(t, drawn)
		picture, err := png.DecodeConfig(bytes.NewReader(raw))
		if err != nil || picture.Width != 2500 || picture.Height != 843 {
			t.Errorf("%s: %v, %d x %d, want 2500 x 843", drawn, err, picture.Width, picture.Height)
		}
		if len(raw) > 1<<20 {
			t.Errorf("%s has %d bytes, and LINE takes 1 MB", drawn, len(raw))
		}
		if got, want := string(read(t, shown)), strings.Join(labels, "\n")+"\n"; got != want {
			t.Errorf("%s shows %q, and the catalogue says %q: draw it again, see richmenu.go", drawn, got, want)
		}
	}
}

func menuLabels(t *testing.T, lang string) []string {
	t.Helper()
	words := catalogue(t, lang)
	var labels []string
	for _, do := range []string{"menu.propose", "menu.consult", "menu.status", "menu.help"} {
		labels = append(labels, words.Say(text.Say("button."+do)))
	}
	return labels
}

func draw(t *testing.T, lang string, labels []string, size int, to string) {
	t.Helper()
	page := template.Must(template.ParseFiles("testdata/richmenu/menu.html"))
	var html bytes.Buffer
	if err := page.Execute(&html, map[string]any{"Lang": lang, "Labels": labels, "Size": size}); err != nil {
		t.Fatal(err)
	}
	from := filepath.Join(t.TempDir(), "menu.html")
	write(t, from, html.Bytes())
	to, err := filepath.Abs(to)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
		"--user-data-dir="+t.TempDir(), "--force-device-scale-factor=1", "--window-size=2500,843", "--screenshot="+to, "file://"+from).CombinedOutput()
	if err != nil {
		t.Fatalf("draw %s: %v\n%s", to, err, out)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func write(t *testing.T, name string, raw []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}
