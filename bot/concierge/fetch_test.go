package concierge_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagi/bot/concierge"
	"tsunagi/bot/ledger"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// office is a small document of these parts.
func office(t *testing.T, parts ...string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, "<x/>"); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestFiles_are_judged_by_content(t *testing.T) {
	t.Parallel()
	docx := office(t, "[Content_Types].xml", "word/document.xml")
	for name, c := range map[string]struct{ typed, content, called, refused string }{
		"a dot typed wide":             {"企画書．pdf", pdf, "企画書.pdf", ""},
		"a PDF after a line":           {"企画書.pdf", "\r\n" + pdf, "企画書.pdf", ""},
		"without an ending":            {"企画書", pdf, "企画書.pdf", ""},
		"with another ending":          {"企画書.docx", pdf, "企画書.pdf", ""},
		"a program's name":             {"setup.exe", pdf, "setup.exe.pdf", ""},
		"without a name":               {"", pdf, "資料1.pdf", ""},
		"an ending alone":              {".pdf", docx, "資料1.docx", ""},
		"a document sent as a picture": {"写真.jpg", docx, "写真.docx", ""},
		"a zip with a document's name": {"企画書.docx", office(t, "企画書.pdf"), "", "concierge.file.unreadable"},
		"macros":                       {"企画書.docx", office(t, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "", "concierge.file.macros"},
		"a program":                    {"企画書.pdf", "MZ\x90\x00" + pdf, "", "concierge.file.unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			p := k.submitted("見守り")
			m := k.file(c.typed)
			k.reads("お預かりしました")
			k.line.files[m], k.line.kinds[m] = c.content, "application/octet-stream"
			k.collect()
			files, err := k.db.FilesOf(t.Context(), p.ID)
			if err != nil {
				t.Fatal(err)
			}
			if c.called != "" && (len(files) != 1 || files[0].Name != c.called) {
				t.Errorf("kept %+v, want one called %s", files, c.called)
			}
			if told := k.put(concierge.KindSay, ""); c.refused != "" && (len(files) != 0 || len(told) != 1 || told[0].Args["key"] != c.refused) {
				t.Errorf("kept %+v, told %+v; want %s", files, told, c.refused)
			}
		})
	}
}

// Whatever its size, a file is kept as it came.
func TestFiles_are_kept_whole(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.submitted("見守り")
	for _, size := range []int{256 << 10, 256<<10 + 1, 3<<20 - 7} {
		content := pdf + strings.Repeat("0123456789abcde", size/15+1)
		k.line.files[k.file("a.pdf")] = content[:size]
		k.collect()
		files, err := k.db.FilesOf(t.Context(), p.ID)
		if err != nil || len(files) == 0 || files[len(files)-1].Size != int64(size) {
			t.Fatalf("kept %+v, %v; want one of %d bytes", files, err, size)
		}
		got, err := io.ReadAll(k.db.OpenFile(t.Context(), files[len(files)-1].ID))
		if err != nil || string(got) != content[:size] {
			t.Errorf("of %d bytes %d are kept, or others (%v)", size, len(got), err)
		}
	}
}

// doors is a LINE that gives each file when it is told to.
type doors struct {
	asked chan string
	mu    sync.Mutex
	open  map[string]chan struct{}
}

func newDoors() *doors { return &doors{asked: make(chan string), open: map[string]chan struct{}{}} }

func (d *doors) door(m string) chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open[m] == nil {
		d.open[m] = make(chan struct{})
	}
	return d.open[m]
}

func (d *doors) Fetch(ctx context.Context, m string) (io.ReadCloser, string, error) {
	select {
	case d.asked <- m:
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
	select {
	case <-d.door(m):
		return io.NopCloser(strings.NewReader(pdf)), "application/pdf", nil
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
}

// next are the files that are asked for next, in whatever order.
func (d *doors) next(t *testing.T, n int) []string {
	t.Helper()
	var out []string
	for range n {
		select {
		case m := <-d.asked:
			out = append(out, m)
		case <-t.Context().Done():
			t.Fatal("nothing more is asked for")
		}
	}
	slices.Sort(out)
	return out
}

// Somebody's many files, however slowly they come, do not hold up the one of somebody else.
func TestFiles_are_fetched_in_turn(t *testing.T) {
	t.Parallel()
	k, from := newTalk(t), newDoors()
	sends := func(user string, n int) (ids []string) {
		k.user = user
		for range n {
			ids = append(ids, k.file("a.pdf"))
		}
		return ids
	}
	users := []string{"U" + strings.Repeat("b", 32), "U" + strings.Repeat("c", 32), "U" + strings.Repeat("d", 32)}
	for _, u := range users {
		k.user = u
		k.submitted("見守り")
	}
	many := sends(users[0], 6)
	at := k.now.Add(time.Hour)
	other := k.concierge(storetest.Open(t, k.url, store.Options{Now: func() time.Time { return at }, NewID: uuid.New}))
	ctx, cancel := context.WithCancel(t.Context())
	over, tick := make(chan struct{}), make(chan time.Time)
	go func() {
		defer close(over)
		other.Collect(ctx, from, tick)
	}()
	asks := func(want ...string) {
		t.Helper()
		slices.Sort(want)
		if got := from.next(t, len(want)); !slices.Equal(got, want) {
			t.Fatalf("LINE is asked for %v, want %v", got, want)
		}
	}
	defer func() { cancel(); <-over }()
	asks(many[0], many[1])
	few, one := sends(users[1], 3), sends(users[2], 1)
	tick <- at
	asks(few[0], one[0])
	for _, step := range []struct{ comes, next string }{
		{many[0], many[2]}, {many[1], few[1]}, {one[0], many[3]}, {few[0], few[2]},
	} {
		close(from.door(step.comes))
		asks(step.next)
	}
	cancel()
	<-over
	if n := k.count(`SELECT count(*) FROM files WHERE state = 'wanted' AND wanted_at > $1`, at); n != 0 {
		t.Errorf("%d files are left to a process that has ended", n)
	}
}

// Two replicas do not ask for the same file.
func TestFiles_are_fetched_once(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.submitted("見守り")
	for range 12 {
		k.line.files[k.file("a.pdf")] = pdf
	}
	var both sync.WaitGroup
	for _, c := range []*concierge.Concierge{k.c, k.concierge(k.db)} {
		both.Go(func() { c.CollectNow(t.Context(), k.line) })
	}
	both.Wait()
	slices.Sort(k.line.asked)
	if n := len(slices.Compact(k.line.asked)); n != 12 || len(k.line.asked) != 12 {
		t.Errorf("LINE is asked %d times for %d files, want 12 for 12", len(k.line.asked), n)
	}
	if got := k.put(ledger.KindFile, ""); len(got) != 12 || got[0].Proposal != p.ID {
		t.Errorf("the desk is handed %d files, want 12", len(got))
	}
}
