package playground_test

import (
	"context"
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"tsunagi/store/testwait"
)

var shots = flag.String("shots", "", "keep screenshots of the page in this folder")

// chromium is Debian's. The tests of this process share one, since to start it takes longer than most of them; each has
// a window of its own, and cookies and storage of its own. Nothing here outlives TestMain.
var chromium = sync.OnceValues(func() (context.Context, error) {
	ctx, cancel := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(
		chromedp.ExecPath(chromiumPath), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("force-prefers-reduced-motion", true),
	))
	closeChromium = cancel
	return ctx, chromedp.Do(ctx)
})

var closeChromium = func() {}

const chromiumPath = "/usr/bin/chromium"

func TestMain(m *testing.M) {
	code := m.Run()
	closeChromium()
	os.Exit(code)
}

// browser opens a window; without a chromium the test is left out.
func browser(t *testing.T) context.Context {
	t.Helper()
	if _, err := os.Stat(chromiumPath); err != nil {
		t.Skip("needs chromium: apt-get install chromium fonts-noto-cjk")
	}
	shared, err := chromium()
	if err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	ctx, cancel := chromedp.NewContext(shared, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a window: %v", err)
	}
	return ctx
}

// complaints gathers what the browser has to complain of: scripts that fail, and what the page's policy forbids.
type complaints struct {
	mu  sync.Mutex
	all []string
}

func listen(ctx context.Context) *complaints {
	heard := &complaints{}
	messages := chromedp.Console(ctx)
	go func() {
		for message, err := range messages {
			if err != nil {
				return
			}
			heard.hear(message)
		}
	}()
	return heard
}

func (c *complaints) hear(message chromedp.ConsoleMessage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if message.IsException() || strings.Contains(message.String(), "error") || strings.Contains(message.String(), "Policy") {
		c.all = append(c.all, message.String())
	}
}

func (c *complaints) check(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.all) > 0 {
		t.Errorf("the browser complains:\n%s", strings.Join(c.all, "\n"))
	}
}

// sight is one tab on the page, with steps that fail the test when they do not come about.
type sight struct {
	t   *testing.T
	ctx context.Context
}

func look(t *testing.T, server *httptest.Server, width, height int64) sight {
	t.Helper()
	s := sight{t, browser(t)}
	heard := listen(s.ctx)
	t.Cleanup(func() { heard.check(t) })
	s.do(chromedp.EmulateViewport(width, height), chromedp.Navigate(server.URL+"/playground/"))
	s.do(chromedp.WaitReady(id("line-chat")))
	return s
}

// id selects a part of the page by its name for tests.
func id(name string) chromedp.CSS { return chromedp.CSS(`[data-testid="` + name + `"]`) }

func (s sight) do(actions ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	ctx, cancel := testwait.Bound(s.ctx)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		s.shot("failed")
		s.t.Fatalf("the page: %v", err)
	}
}

// press waits until a part can be seen, and clicks it.
func (s sight) press(name string) {
	s.t.Helper()
	s.do(chromedp.WaitVisible(id(name)), chromedp.Click(id(name)))
}

// write types into a part.
func (s sight) write(name, text string) {
	s.t.Helper()
	s.do(chromedp.WaitVisible(id(name)), chromedp.SendKeys(id(name), text))
}

// ask runs one action and gives what it found.
func ask[T any](s sight, action chromedp.Action[T]) T {
	s.t.Helper()
	ctx, cancel := testwait.Bound(s.ctx)
	defer cancel()
	got, err := chromedp.Run(ctx, action)
	if err != nil {
		s.shot("failed")
		s.t.Fatalf("the page: %v", err)
	}
	return got
}

// shot keeps a picture when the test was asked to.
func (s sight) shot(name string) {
	s.t.Helper()
	if *shots == "" {
		return
	}
	ctx, cancel := testwait.Bound(s.ctx)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		s.t.Logf("no picture %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), picture, 0o644); err != nil {
		s.t.Error(err)
	}
}
