package coordinator_test

import (
	"testing"

	"tsunagi/bot"
	"tsunagi/store"
)

// sends is a file of the organization about a proposal, stored or not to be had; it gives the LINE message.
func (h *hall) sends(p bot.Proposal, name string, state store.FileState) string {
	h.t.Helper()
	f := store.File{Contact: p.Contact, Proposal: p.ID, LineMessage: h.id(), Name: name, State: state}
	h.tx(func(tx *store.Tx) (err error) {
		if f.Message, err = tx.AddMessage(h.t.Context(), store.Message{
			Proposal: p.ID, Contact: p.Contact, Kind: store.MessageFile, Body: name, Author: contact, LineMessage: f.LineMessage,
		}); err != nil {
			return err
		}
		if f.ID, err = tx.AddFile(h.t.Context(), f); err != nil {
			return err
		}
		if state != store.FileStored {
			return h.ledger.Missing(h.t.Context(), tx, h.id(), f)
		}
		return h.ledger.Arrived(h.t.Context(), tx, h.id(), f)
	})
	return f.LineMessage
}

func (h *hall) takesBack(lineMessage string) {
	h.t.Helper()
	h.tx(func(tx *store.Tx) error {
		if _, err := tx.Unsend(h.t.Context(), lineMessage); err != nil {
			return err
		}
		return h.ledger.TakenBack(h.t.Context(), tx, "unsent", lineMessage)
	})
}

func TestFiles_taken_back(t *testing.T) {
	t.Parallel()
	t.Run("go from every thread that has them, also of who has said no since", func(t *testing.T) {
		t.Parallel()
		h := newHall(t)
		p := h.submit()
		h.refers("welfare")
		m := h.sends(p, "まちがい.pdf", store.FileStored)
		has(t, h.thread("C0DESK"), "まちがい.pdf")
		has(t, h.thread("C0WELFARE"), "まちがい.pdf")
		h.closes(welfare(), h.opens(welfare(), "C0WELFARE", "対応できない"), "reason", "無理")
		posts := len(h.posts)
		h.takesBack(m)
		hasNot(t, h.thread("C0DESK"), "まちがい.pdf")
		hasNot(t, h.thread("C0WELFARE"), "まちがい.pdf")
		has(t, h.thread("C0DESK"), "企画書.pdf")
		if len(h.posts) != posts {
			t.Errorf("%d new posts", len(h.posts)-posts)
		}
	})
	t.Run("leave no name where they never came", func(t *testing.T) {
		t.Parallel()
		h := newHall(t)
		p := h.submit()
		m := h.sends(p, "まちがい.pdf", store.FileGone)
		has(t, h.thread("C0DESK"), "まちがい.pdf：受け取れませんでした")
		h.takesBack(m)
		hasNot(t, h.thread("C0DESK"), "まちがい.pdf")
		has(t, h.thread("C0DESK"), "取り消しました")
	})
	t.Run("are told to the desk if Slack keeps them", func(t *testing.T) {
		t.Parallel()
		h := newHall(t)
		p := h.submit()
		m := h.sends(p, "まちがい.pdf", store.FileStored)
		h.fail = &bot.Error{Kind: bot.Invalid, Say: bot.Refuse(bot.Invalid, "delivery.failed").Say, Sure: true}
		h.takesBack(m)
		has(t, h.thread("C0DESK"), "Slackから削除できませんでした", "もう一度送る")
	})
}
