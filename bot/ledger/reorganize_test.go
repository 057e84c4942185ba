package ledger_test

import (
	"slices"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/store"
)

// reorganize is what each process does when it starts.
func (b *book) reorganize() (former []bot.Department, err error) {
	err = b.db.InTx(b.t.Context(), func(tx *store.Tx) (err error) {
		former, err = b.l.Reorganize(b.t.Context(), tx, "profile")
		return err
	})
	return former, err
}

// Several processes start at once with a profile that lacks a department: the desk is told once, and a proposal's history
// has no line of it, since nobody did anything to the proposal.
func TestReorganize_at_once(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	if _, err := b.reorganize(); err != nil {
		t.Fatal(err)
	}
	p := b.submit()
	if err := b.refer(p, false, "welfare", "health"); err != nil {
		t.Fatal(err)
	}
	b.must(func(*store.Tx) error { return nil })
	b.desk.Departments = slices.DeleteFunc(slices.Clone(b.desk.Departments), func(d bot.Department) bool { return d.ID == "welfare" })
	done := make(chan error, 3)
	for range 3 {
		go func() {
			former, err := b.reorganize()
			if err == nil && (len(former) != 1 || former[0].Name != "福祉政策課" || former[0].Channel != "C0WELFARE") {
				t.Errorf("former are %+v", former)
			}
			done <- err
		}()
	}
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	b.wantTold("C0DESK card", "C0DESK orphan")
	if n := len(b.history(p)); n != 2 {
		t.Errorf("%d lines of history", n)
	}
	if err := b.refer(p, true, "welfare"); bot.SayOf(err).Key != "ledger.unknown_department" {
		t.Errorf("asked again: %v", err)
	}
	if err := b.answer(p, health(), ledger.Verdict{Department: "health", Verdict: bot.VerdictJoin}); err != nil {
		t.Error(err)
	}
	b.wantTold("C0DESK card", "C0DESK told", "C0HEALTH card", "C0HEALTH told")
}
