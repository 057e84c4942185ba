package bot

import (
	"errors"
	"fmt"
	"time"

	"tsunagi/bot/text"
)

// ErrorKind is what a machine needs to know about an error.
type ErrorKind string

// Invalid: the input is wrong. NotFound: there is no such thing, or not for this actor. Forbidden: the actor may not.
// Conflict: the state no longer allows it. Later: try again. Anything else is Internal: a fault of ours.
const (
	Invalid   ErrorKind = "invalid"
	NotFound  ErrorKind = "not_found"
	Forbidden ErrorKind = "forbidden"
	Conflict  ErrorKind = "conflict"
	Later     ErrorKind = "later"
	Internal  ErrorKind = "internal"
)

// Error says what went wrong: Kind for machines, Say for people, Err for the log. On errors from a send, Sure tells
// whether it certainly did not happen, and RetryAfter how long the platform asks us to wait.
type Error struct {
	Kind       ErrorKind
	Say        text.Line
	Err        error
	Sure       bool
	RetryAfter time.Duration
}

// Error is for the log; it holds no words of people.
func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s (%s)", e.Kind, e.Say.Key)
	}
	return fmt.Sprintf("%s: %v", e.Kind, e.Err)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Refuse is an error that a person reads: kind, catalogue key, named arguments.
func Refuse(kind ErrorKind, key string, args ...any) *Error {
	return &Error{Kind: kind, Say: text.Say(key, args...), Sure: true}
}

// KindOf tells the kind of any error; what is no Error is Internal, and no error at all is "".
func KindOf(err error) ErrorKind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// SayOf is the line a person reads for any error; internal ones become "a fault on our side, try again".
func SayOf(err error) text.Line {
	var e *Error
	if errors.As(err, &e) && e.Say.Key != "" {
		return e.Say
	}
	return text.Say("error.internal")
}
