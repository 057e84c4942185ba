package storetest_test

import (
	"testing"

	"tsunagi/store/storetest"
)

// BenchmarkNew is what each test pays for a database of its own, dropping it included.
func BenchmarkNew(b *testing.B) {
	storetest.URL(b) // the server and the template, once
	for b.Loop() {
		done := &ending{TB: b}
		storetest.New(done)
		done.end()
	}
}

// ending is a test that ends when told.
type ending struct {
	testing.TB
	last []func()
}

func (e *ending) Cleanup(f func()) { e.last = append(e.last, f) }

func (e *ending) end() {
	for i := len(e.last) - 1; i >= 0; i-- {
		e.last[i]()
	}
}
