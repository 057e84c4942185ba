package store_test

import (
	"testing"

	"tsunagi/bot/form"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// TestGathered writes the same row several times in one transaction: what was written last stays, as if each write had
// gone by itself.
func TestGathered(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, storetest.URL(t), store.Options{})
	var talk store.Talk
	err := db.InTx(t.Context(), func(tx *store.Tx) (err error) {
		if talk, _, err = tx.Hear(t.Context(), "E1", "U1"); err != nil {
			return err
		}
		talk.Draft, err = tx.OpenDraft(t.Context(), talk.ID, form.Form{ID: "proposal", Version: "1"}, tx.Now)
		if err != nil {
			return err
		}
		talk.State = []byte(`{}`)
		talk.Name = "佐藤"
		talk.Revision = tx.SaveTalk(talk)
		talk.Name = "田中"
		talk.Revision = tx.SaveTalk(talk)
		for _, words := range []string{"はじめ", "あと"} {
			if err := tx.SaveAnswer(talk.Draft, "title", form.Answer{Text: words}, 1, store.Source{}); err != nil {
				return err
			}
		}
		if err := tx.SaveAnswer(talk.Draft, "idea", form.Answer{Text: "取り消す"}, 1, store.Source{}); err != nil {
			return err
		}
		tx.DropAnswer(talk.Draft, "idea")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	now, err := db.TalkOf(t.Context(), "U1")
	if err != nil || now.Name != "田中" || now.Revision != 2 || now.Draft != talk.Draft {
		t.Errorf("the talk is %+v, %v, want 田中 at revision 2", now, err)
	}
	d, err := db.Draft(t.Context(), talk.Draft)
	if err != nil || len(d.Answers) != 1 || d.Answers["title"].Text != "あと" {
		t.Errorf("the answers are %+v, %v, want the later title alone", d.Answers, err)
	}
}
