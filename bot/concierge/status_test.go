package concierge_test

import (
	"slices"
	"testing"

	"tsunagi/bot"
)

// Of a department that the profile no longer has, nobody waits for an answer: it is the desk's turn to ask another.
func TestStatus_department_gone(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.submitted("見守り弁当")
	k.refer(p.ID, "welfare")
	k.say("状況")
	k.reads("Value:所管課")
	k.desk.Departments = slices.DeleteFunc(slices.Clone(k.desk.Departments), func(d bot.Department) bool { return d.ID == "welfare" })
	k.say("状況")
	k.reads("Value:デスク")
	if k.sees("Value:所管課") {
		t.Error("a department that is gone is said to have its turn")
	}
}
