// Package faults holds the tests of the whole program under faults: the binary, told by its environment alone, between
// a simulated LINE and a simulated Slack, over a real Postgres and a Redis, while processes are killed, networks cut and
// platforms misbehave. It has no code of its own; nothing may import it.
//
// The oracle is what people saw, as the two simulators have recorded it, compared with what the database holds. Begin
// reading with world_test.go; TSUNAGI_FAULTS=long lets the tests run for longer.
package faults
