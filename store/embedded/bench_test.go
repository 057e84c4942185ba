package embedded_test

import (
	"testing"

	"tsunagi/store/embedded"
)

// BenchmarkStartPostgres is what `tsunagi demo` waits for, and each test program that needs a database.
func BenchmarkStartPostgres(b *testing.B) {
	for b.Loop() {
		pg, err := embedded.StartPostgres(b.Context(), embedded.Postgres{})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := pg.Stop(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkStartRedisServer is the same for a real Redis.
func BenchmarkStartRedisServer(b *testing.B) {
	for b.Loop() {
		r, err := embedded.StartRedisServer(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := r.Stop(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
