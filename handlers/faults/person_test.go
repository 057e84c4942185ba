package faults_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"tsunagi/handlers/line/linesim"
)

// person is somebody of an organization, with a phone.
type person struct {
	linesim.Person
	w *world
}

// answers are what somebody types to propose something, from the wish to propose to the summary.
type answers struct{ organization, title, idea, name, mail string }

// typed are the answers in the order asked, beginning with the wish.
func (a answers) typed() []string {
	return []string{
		"提案", "企業", "連携の提案", a.organization, a.title, "福祉・見守り", "次へ", "地域課題の解決", "次へ", a.idea, "なし", "はい",
		a.name, a.mail, "スキップ",
	}
}

// proposalOf is a proposal that differs from all others.
func proposalOf(n int) answers {
	return answers{
		organization: fmt.Sprintf("だんじり食品%d", n), title: fmt.Sprintf("見守り弁当その%d", n),
		idea: fmt.Sprintf("配食のときに声をかけます。第%d案です。", n), name: fmt.Sprintf("佐藤 花子%d", n), mail: fmt.Sprintf("hanako%d@example.jp", n),
	}
}

func (w *world) person(name string) person {
	return person{w.line.AddPerson(name, name), w}
}

// says types words and waits until LINE knows that they have arrived.
func (p person) says(words string) {
	p.w.t.Helper()
	p.arrives(p.SendText(p.w.ctx, words))
}

// taps presses what carries the label, once it is there, and waits until LINE knows that it has arrived.
func (p person) taps(label string) {
	p.w.t.Helper()
	var r linesim.Receipt
	p.w.until(fmt.Sprintf("%q is tapped", label), func() (_ bool, err error) {
		r, err = p.Tap(p.w.ctx, label)
		return err == nil, err
	})
	p.arrives(r, nil)
}

// arrives sees to it that an event is answered 200. What is not comes again, as it does from LINE.
func (p person) arrives(r linesim.Receipt, err error) {
	p.w.t.Helper()
	p.w.must(err)
	if r.Delivered() {
		return
	}
	seen, here := int64(0), false
	arrived := func() bool {
		for _, e := range p.w.line.Since(seen) {
			seen = e.Seq
			here = here || e.Kind == linesim.Webhook && e.EventID == r.EventID && e.Status == http.StatusOK && e.Reason == ""
		}
		return here
	}
	p.w.until("event "+r.EventID+" is answered 200", func() (bool, error) {
		if !arrived() && p.w.running() != nil {
			p.w.line.Redeliver(p.w.ctx)
		}
		return arrived(), nil
	})
}

// reads waits until the words stand on the phone, after an entry of the record, and gives the entry.
func (p person) reads(after int64, words string) linesim.Entry {
	p.w.t.Helper()
	e, err := p.w.line.Wait(p.w.brief(), after, func(e linesim.Entry) bool {
		return e.Kind == linesim.Seen && e.Chat == p.ID() && strings.Contains(said(e.Message), words)
	})
	if err != nil {
		p.w.t.Fatalf("%s does not read %q:\n%s", p.ID(), words, p.phone())
	}
	return e
}

// seen counts what stands on the phone with these words.
func (p person) seen(words string) int {
	n := 0
	for _, e := range p.w.line.Record() {
		if e.Kind == linesim.Seen && e.Chat == p.ID() && strings.Contains(said(e.Message), words) {
			n++
		}
	}
	return n
}

// phone is the end of what stands on it.
func (p person) phone() string {
	var b strings.Builder
	chat := p.Chat()
	for _, e := range chat[max(0, len(chat)-4):] {
		fmt.Fprintf(&b, "%d %s %s: %s\n", e.Seq, e.Kind, e.Via, said(e.Message))
	}
	return b.String()
}

// proposes gives all answers up to the summary.
func (p person) proposes(a answers) {
	p.w.t.Helper()
	for _, words := range a.typed() {
		p.says(words)
	}
}

// submits proposes and sends it off; it gives the receipt number.
func (p person) submits(a answers) string {
	p.w.t.Helper()
	p.proposes(a)
	p.says("送信")
	p.w.until("the proposal is there", func() (bool, error) {
		n, err := p.w.count(`SELECT count(*) FROM proposals WHERE title = $1`, a.title)
		return n == 1, err
	})
	return p.w.rows(`SELECT number FROM proposals WHERE title = $1`, a.title)[0]
}

// said is every text in a message, in order.
func said(raw json.RawMessage) string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return ""
	}
	var b strings.Builder
	gather(&b, v)
	return b.String()
}

// gather takes the values that people read: under these names, wherever they stand.
func gather(b *strings.Builder, v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			gather(b, item)
		}
	case map[string]any:
		for _, name := range []string{
			"header", "hero", "title", "label", "hint", "body", "text", "contents", "footer", "blocks", "fields", "elements", "element",
			"options", "description", "placeholder", "action", "quickReply", "items", "confirm", "initial_value", "accessory",
		} {
			switch part := v[name].(type) {
			case string:
				b.WriteString(part + "\n")
			default:
				gather(b, part)
			}
		}
	}
}

func readAll(r io.Reader) string {
	raw, err := io.ReadAll(io.LimitReader(r, 64<<20))
	if err != nil {
		return err.Error()
	}
	return string(raw)
}
