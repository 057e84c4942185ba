// Package config reads what is decided outside the code: Settings from the environment, which differ between
// installations, and a Profile from desk.yaml, which is all that one municipality decides.
//
// It never stops at the first fault: whoever installs Tsunagi reads all of them at once, each with its place, what was
// found and what is expected. It keeps nothing global, connects to nothing, and never prints a secret.
//
// Begin reading with Settings and Profile; the keys and their comments there are also the tables in docs/settings.md.
package config
