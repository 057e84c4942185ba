package proposal

import "fmt"

// Refusal says why an act is not possible.
type Refusal struct {
	Kind    Kind
	On      Event
	By      Role
	In      State
	Missing Need // for Invalid: what the act lacks
}

// Kind tells refusals apart. Its values are the same words as the kinds of bot.Error.
type Kind string

// Conflict: not in this state. Forbidden: never by this role. Invalid: a reason or a later date is missing.
const (
	Conflict  Kind = "conflict"
	Forbidden Kind = "forbidden"
	Invalid   Kind = "invalid"
)

// Error is for the log; what people read is worded by the caller from the fields.
func (r *Refusal) Error() string {
	if r.Kind == Invalid {
		return fmt.Sprintf("%s: %s by %s in state %q lacks %s", r.Kind, r.On, r.By, r.In, r.Missing)
	}
	return fmt.Sprintf("%s: %s by %s in state %q", r.Kind, r.On, r.By, r.In)
}
