package config

import (
	"fmt"
	"io"
	"log/slog"
)

// dots is what a secret looks like wherever it is printed.
const dots = "••••••"

// Secret is a setting that nobody may read in a log. It prints as dots in every form of fmt, encoding/json, encoding
// of text and slog; an empty one prints as nothing, so that one sees that it is not set.
//
// The value stands behind a pointer, since fmt prints unexported fields of other structs without asking their methods.
type Secret struct{ value *string }

// NewSecret wraps a value.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{&value}
}

// Reveal gives the value to whoever must send it. Never log what it returns.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsSet reports whether there is a value.
func (s Secret) IsSet() bool { return s.value != nil }

// Equal reports whether both hold the same value.
func (s Secret) Equal(other Secret) bool { return s.Reveal() == other.Reveal() }

// String is dots, or "" when not set.
func (s Secret) String() string {
	if s.value == nil {
		return ""
	}
	return dots
}

// Format prints dots for every verb of fmt, %x and %#v included.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// GoString is dots too.
func (s Secret) GoString() string { return s.String() }

// MarshalText gives dots to JSON, XML, YAML and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue gives dots to slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// UnmarshalText reads a secret as it stands in the environment.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}
