package faults_test

import (
	"sync"
	"testing"

	"tsunagi/handlers/line/linesim"
)

// 送信 pressed twice, on two devices at once, over two replicas: one receipt number (row 17).
func TestFault_submittedTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wish{replicas: 2})
	n := times(5, 200)
	for i := range n {
		p := w.person(proposalOf(i).title)
		p.proposes(proposalOf(i))
		p.reads(0, "内容の確認")
		button := p.button("送信")
		var devices sync.WaitGroup
		for range 2 {
			devices.Go(func() {
				if _, err := p.PressPostback(w.ctx, button.Data, button.DisplayText, nil); err != nil {
					t.Error(err)
				}
			})
		}
		devices.Wait()
		p.reads(0, "受付番号 ")
	}
	w.settled()
	w.numbered(n)
	w.once()
}

// A button of a summary that has changed since does not submit (row 18).
func TestFault_staleConfirm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.person("sato")
	a := proposalOf(1)
	p.proposes(a)
	p.reads(0, "内容の確認")
	stale := p.button("送信")
	p.says("タイトル")
	a.title = "だんじり弁当の見守り"
	p.says(a.title)
	after := w.line.Last()
	p.arrives(p.PressPostback(w.ctx, stale.Data, stale.DisplayText, nil))
	p.reads(after, "何も変えていません。今の画面はこちらです")
	w.want(0, "proposals", `SELECT count(*) FROM proposals`)
	p.says("送信")
	p.reads(after, "受付番号 ")
	w.wholly(a)
}

// button waits for a button on the phone.
func (p person) button(label string) linesim.Button {
	p.w.t.Helper()
	var found linesim.Button
	p.w.until("there is a button "+label, func() (bool, error) {
		for _, b := range p.Buttons() {
			if b.Label == label {
				found = b
				return true, nil
			}
		}
		return false, nil
	})
	return found
}
