package playground_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"

	"github.com/chromedp/chromedp"

	"tsunagi/handlers/playground/story"
)

// The demo command itself is started, and stories 1 to 4 are played through the page's own buttons.
func TestDemoByHand(t *testing.T) {
	t.Parallel()
	program := build(t)
	cast, s := reply(t)
	for name, size := range map[string][2]int64{"wide": {1440, 900}, "narrow": {390, 844}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := &hands{sight: visit(t, demo(t, program), size[0], size[1]), cast: cast, narrow: name == "narrow"}
			h.play(s)
		})
	}
}

// reply is story 4, with all that it continues, and its people.
func reply(t *testing.T) (story.Cast, *story.Story) {
	t.Helper()
	raw, err := os.ReadFile("cast/kishiwada.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cast, err := story.ReadCast(raw)
	if err != nil {
		t.Fatal(err)
	}
	cast.Rooms = map[string]string{"デスク": "C0DESK", "福祉政策課": "C0WELFARE", "産業政策課": "C0INDUSTRY"}
	all, err := story.Open(os.DirFS("stories"))
	if err != nil {
		t.Fatal(err)
	}
	s, ok := all.Story("4-reply")
	if !ok {
		t.Fatal("there is no story 4-reply")
	}
	return cast, s
}

// build makes the program.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "tsunagi")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "tsunagi").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// demo starts the demo command and tells its address. It is stopped as a person does, and must end well.
func demo(t *testing.T, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, append([]string{"demo", "--addr", "127.0.0.1:0"}, args...)...)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("the demo ended with %v", err)
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if url := regexp.MustCompile(`http://\S+`).FindString(lines.Text()); url != "" {
			return url
		}
	}
	t.Fatalf("the demo told no address: %v", lines.Err())
	return ""
}

// visit opens the page.
func visit(t *testing.T, url string, width, height int64) sight {
	t.Helper()
	s := sight{t, browser(t)}
	heard := listen(s.ctx)
	t.Cleanup(func() { heard.check(t) })
	s.do(chromedp.EmulateViewport(width, height), chromedp.Navigate(url), chromedp.WaitReady(id("line-chat")))
	return s
}
