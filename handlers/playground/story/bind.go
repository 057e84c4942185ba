package story

import (
	"errors"
	"strings"
)

// fits looks for every name of a story in the cast.
func (s *Story) fits(c Cast) error {
	var faults []error
	for _, step := range s.Steps {
		if key, name := c.missing(step); key != "" {
			faults = append(faults, s.fault(step, key, "name", name))
		}
	}
	return errors.Join(faults...)
}

// missing tells who or what a step names that the cast does not have, by the key of the words for it.
func (c Cast) missing(step Step) (key, name string) {
	if room, ok := step.args["room"]; ok && c.Rooms[room] == "" {
		return "no_room", room
	}
	who, ok := step.args["who"]
	if !ok {
		return "", ""
	}
	_, person := c.person(who)
	_, member := c.member(who)
	switch {
	case strings.HasPrefix(step.do, "phone."):
		return absent(person, "no_person", who)
	case step.do == "seen" || step.do == "unseen":
		return absent(person || member, "no_one", who)
	}
	return absent(member, "no_staff", who)
}

func absent(there bool, key, name string) (string, string) {
	if there {
		return "", ""
	}
	return key, name
}
