package store

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"tsunagi/bot"
	"tsunagi/bot/text"
)

// deadlockTries is how often a transaction is begun that Postgres ends for another one's sake.
const deadlockTries = 3

// gaveWay tells whether Postgres has ended the transaction so that another can go on: all of it was undone.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
func gaveWay(err error) bool {
	const rolledBack = "40" // serialization failure, deadlock
	return classOf(err) == rolledBack
}

// passing marks what Postgres says of itself, and not of what it was given: the disk or the memory is full, there are too
// many connections, it is being stopped or started. It says nothing about the event, which is to come again later.
func passing(err error) error {
	switch classOf(err) {
	case "40", "53", "57":
		if bot.KindOf(err) == bot.Internal {
			return &bot.Error{Kind: bot.Later, Say: text.Say("error.later"), Err: err}
		}
	}
	return err
}

// classOf is the class of the fault that Postgres has found, if it has.
func classOf(err error) string {
	var fault *pgconn.PgError
	if errors.As(err, &fault) && len(fault.Code) == 5 {
		return fault.Code[:2]
	}
	return ""
}
