package bot

import "slices"

// Actor is who did something: a contact, a member of staff, or time itself. Staff get their roles from the channels
// they are members of, looked up at most 60 seconds ago.
type Actor struct {
	ID          string // Slack user id or LINE user id; empty for time
	Name        string // display name for people; never for logs
	Contact     ContactID
	Desk        bool // member of the desk channel
	Manager     bool // listed as manager in the profile
	Departments []DepartmentID
}

// Absence is why an owner cannot care for proposals any more. The words people read are absence.<why> in the catalogue.
type Absence string

// Somebody is Present while they may do what the desk does. Closed: the account in Slack is deactivated or gone. Left: they
// are in Slack, but no longer of the desk.
const (
	Present Absence = ""
	Closed  Absence = "closed"
	Left    Absence = "left"
)

// Staff reports whether the actor has any role on the city's side.
func (a Actor) Staff() bool { return a.Desk || a.Manager || len(a.Departments) > 0 }

// AtDesk reports whether the actor may do what the desk does: its members and the managers.
func (a Actor) AtDesk() bool { return a.Desk || a.Manager }

// Of reports whether the actor is a member of the department.
func (a Actor) Of(d DepartmentID) bool { return slices.Contains(a.Departments, d) }
