package faults_test

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"sync/atomic"

	"tsunagi/store/testwait"
)

// front is the address that both platforms know. It hands each request to a process in turn, as a load balancer does,
// can hand it over several times, and can lose it or its answer.
type front struct {
	client http.Client
	turn   atomic.Int64

	mu      sync.Mutex
	targets []string
	copies  int                              // of each request; 0 is one
	lose    func(path string, b []byte) bool // the request never arrives
	hushed  func() bool                      // the answer never arrives
	kept    []letter
	keeping bool
}

// letter is a request as it came.
type letter struct {
	path   string
	header http.Header
	body   []byte
}

func newFront() *front {
	return &front{client: http.Client{Timeout: testwait.Limit, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
}

// ServeHTTP answers as the first of the copies was answered.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // the platform has hung up
	}
	l := letter{r.URL.Path, r.Header.Clone(), body}
	copies, lost := f.take(l)
	if lost {
		panic(http.ErrAbortHandler)
	}
	answers := make([]*answer, copies)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = f.pass(l) })
	}
	all.Wait()
	a := worst(answers)
	if a == nil || f.hushes() {
		panic(http.ErrAbortHandler)
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the platform has hung up
}

func (f *front) take(l letter) (copies int, lost bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.keeping {
		f.kept = append(f.kept, l)
	}
	return max(1, f.copies), f.lose != nil && f.lose(l.path, l.body)
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// worst is the answer that the platform gets: the first one, unless a copy was not taken.
func worst(all []*answer) *answer {
	for _, a := range all {
		if a == nil || a.status/100 != 2 {
			return a
		}
	}
	return all[0]
}

// pass hands a request to the process whose turn it is; nil is no answer.
func (f *front) pass(l letter) *answer {
	f.mu.Lock()
	targets := f.targets
	f.mu.Unlock()
	if len(targets) == 0 {
		return nil
	}
	return f.passTo(targets[f.turn.Add(1)%int64(len(targets))], l)
}

func (f *front) passTo(target string, l letter) *answer {
	req, err := http.NewRequest(http.MethodPost, "http://"+target+l.path, bytes.NewReader(l.body))
	if err != nil {
		return nil
	}
	req.Header = l.header.Clone()
	res, err := f.client.Do(req)
	if err != nil {
		return nil
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil
	}
	return &answer{res.StatusCode, res.Header, body}
}

// serveBy names the processes that requests go to.
func (f *front) serveBy(targets ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.targets = targets
}

// copy hands over each request so often, at once.
func (f *front) copy(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.copies = n
}

// keep begins to keep what comes; letters gives what has come since.
func (f *front) keep() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keeping, f.kept = true, nil
}

func (f *front) letters() []letter {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]letter(nil), f.kept...)
}

func (f *front) hushes() bool {
	f.mu.Lock()
	hushed := f.hushed
	f.mu.Unlock()
	return hushed != nil && hushed()
}

// losingAnswers decides which answers never arrive; nil is none.
func (f *front) losingAnswers(hushed func() bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hushed = hushed
}

// losing decides which requests never arrive; nil is none.
func (f *front) losing(lose func(path string, body []byte) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lose = lose
}
