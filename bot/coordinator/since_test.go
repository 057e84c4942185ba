package coordinator_test

import (
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/store"
)

// details are what somebody reads behind 「すべての回答」.
func (h *hall) details(by bot.Actor, d bot.DepartmentID) string {
	h.t.Helper()
	r, err := h.do(by, msg.Do("proposal.details", "proposal", "1", "department", string(d)))
	if err != nil || r.Open == nil {
		h.t.Fatalf("got %+v, %v, want a modal", r, err)
	}
	return screen(r.Open)
}

// later lets a minute pass.
func (h *hall) later() { h.now = h.now.Add(time.Minute) }

// replies writes to the organization and confirms it.
func (h *hall) replies(words string) {
	h.t.Helper()
	h.closes(sato(), h.shows(sato(), h.opens(sato(), "C0DESK", "企業に返信"), "body", words))
}

// What was said before a department was asked is not for it: not in its thread, not behind its button, in no file, and not by
// what turns up late. What was said before it was asked again is, if it was asked before.
func TestA_department_reads_of_the_talk_what_came_after_it_was_asked(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.hear(p, "先に伺いたいこと")
	h.sends(p, "先の写真.jpg", store.FileStored)
	h.replies("先のお返事")
	h.later()
	h.refers("welfare")
	h.later()
	h.hear(p, "後の連絡")
	h.sends(p, "後の写真.jpg", store.FileStored)
	h.later()
	h.replies("後のお返事")
	before := []string{"先に伺いたいこと", "先の写真.jpg", "先のお返事"}
	for name, got := range map[string]string{"thread": h.thread("C0WELFARE"), "details": h.details(welfare(), "welfare"), "card": show(h.card("C0WELFARE"))} {
		t.Log(name)
		hasNot(t, got, before...)
	}
	has(t, h.thread("C0WELFARE"), "後の連絡", "後の写真.jpg")
	has(t, h.details(welfare(), "welfare"), "後の連絡", "後の写真.jpg", "後のお返事")
	has(t, h.details(sato(), ""), append(before, "後の連絡", "後のお返事")...)

	h.closes(welfare(), h.opens(welfare(), "C0WELFARE", "対応できない"), "reason", "無理")
	h.later()
	h.hear(p, "間の連絡")
	h.later()
	h.tx(func(tx *store.Tx) error {
		_, _, err := h.ledger.Refer(t.Context(), tx, ledger.Referral{
			Event: h.id(), Proposal: p.ID, By: sato(), Departments: []bot.DepartmentID{"welfare", "health"}, Again: true,
			Reopen: []bot.DepartmentID{"welfare"},
		})
		return err
	})
	has(t, h.details(welfare(), "welfare"), "後の連絡", "間の連絡")
	hasNot(t, h.details(welfare(), "welfare"), before...)
	for _, d := range []bot.DepartmentID{"health", ""} {
		hasNot(t, h.details(health(), d), append(before, "後の連絡", "後のお返事", "間の連絡", "後の写真.jpg")...)
	}
	hasNot(t, h.thread("C0HEALTH"), append(before, "後の連絡", "後の写真.jpg", "間の連絡")...)
}

// A message, a file and the outcome of a reply may come into a thread long after they were said.
func TestA_department_does_not_read_what_was_said_before_it_was_asked_and_comes_late(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	old := store.Message{Contact: p.Contact, Kind: store.MessageText, Body: "どの提案とも言わずに", Author: contact, LineMessage: h.id()}
	reply := store.Message{Proposal: p.ID, Contact: p.Contact, Out: true, Kind: store.MessageReply, Body: "先のお返事", Author: sato().ID}
	file := store.File{Contact: p.Contact, Proposal: p.ID, LineMessage: h.id(), Name: "遅い写真.jpg", State: store.FileStored}
	h.tx(func(tx *store.Tx) (err error) {
		if old.ID, err = tx.AddMessage(t.Context(), old); err != nil {
			return err
		}
		if reply.ID, err = tx.AddMessage(t.Context(), reply); err != nil {
			return err
		}
		file.Message = old.ID
		file.ID, err = tx.AddFile(t.Context(), file)
		return err
	})
	h.later()
	h.refers("welfare")
	h.later()
	h.tx(func(tx *store.Tx) error {
		if _, err := h.ledger.File(t.Context(), tx, h.id(), p.ID, old.ID); err != nil {
			return err
		}
		if err := h.ledger.Arrived(t.Context(), tx, h.id(), file); err != nil {
			return err
		}
		return h.ledger.Sent(t.Context(), tx, h.id(), p.ID, "2", "")
	})
	has(t, h.thread("C0DESK"), "どの提案とも言わずに", "遅い写真.jpg", "先のお返事")
	hasNot(t, h.thread("C0WELFARE"), "どの提案とも言わずに", "遅い写真.jpg", "先のお返事")
}
