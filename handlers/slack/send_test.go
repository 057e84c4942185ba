package slack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/handlers/slack"
	"tsunagi/handlers/slack/slacksim"
	"tsunagi/store/testwait"
)

func parcel(room string, m msg.Message) outbox.Parcel {
	return outbox.Parcel{ID: uuid.New(), Event: "ev", To: room, Message: m}
}

func document(name string, content []byte) *outbox.File {
	return &outbox.File{Name: name, Type: "application/pdf", Size: int64(len(content)), Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}}
}

func TestSend(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := parcel(welfareRoom, plain("新しい提案です"))
	root, err := w.sender.Send(w.ctx(), p)
	w.must(err)

	t.Run("a post carries the delivery's id and nothing else", func(t *testing.T) {
		m, _ := w.sim.Message(welfareRoom, root.TS)
		var meta struct {
			Type    string         `json:"event_type"`
			Payload map[string]any `json:"event_payload"`
		}
		w.must(json.Unmarshal(m.Metadata, &meta))
		if meta.Type != "tsunagi_delivery" || len(meta.Payload) != 1 || meta.Payload["id"] != p.ID.String() {
			t.Errorf("got %s", m.Metadata)
		}
		if m.Text != "新しい提案です" || !strings.Contains(texts(t, m.Blocks), "新しい提案です") {
			t.Errorf("got %+v", m)
		}
	})
	t.Run("a thread", func(t *testing.T) {
		p := parcel(welfareRoom, plain("返事"))
		p.Thread = root.TS
		r, err := w.sender.Send(w.ctx(), p)
		w.must(err)
		if m, _ := w.sim.Message(r.Channel, r.TS); m.ThreadTS != root.TS {
			t.Errorf("thread %s, want %s", m.ThreadTS, root.TS)
		}
	})
	t.Run("a change in place", func(t *testing.T) {
		p := parcel(welfareRoom, plain("変わりました"))
		p.Update = root.TS
		r, err := w.sender.Send(w.ctx(), p)
		w.must(err)
		m, _ := w.sim.Message(welfareRoom, root.TS)
		if r.TS != root.TS || m.Text != "変わりました" || len(m.Metadata) == 0 {
			t.Errorf("got %+v, %+v", r, m)
		}
	})
	t.Run("a file", func(t *testing.T) {
		content := bytes.Repeat([]byte("%PDF"), 50_000)
		p := parcel(welfareRoom, plain("📎 企画書.pdf"))
		p.Thread, p.File = root.TS, document("../../企画書\u202egpj.pdf", content)
		_, err := w.sender.Send(w.ctx(), p)
		w.must(err)
		e := w.seen(func(e slacksim.Entry) bool { return e.Kind == slacksim.FileShared })
		got, _, _ := w.sim.FileContent(e.File)
		if !bytes.Equal(got, content) || e.Text != "企画書gpj.pdf" || e.ThreadTS != root.TS {
			t.Errorf("got %d bytes, %+v", len(got), e)
		}
	})
	t.Run("a mention in a message calls nobody", func(t *testing.T) {
		r, err := w.sender.Send(w.ctx(), parcel(welfareRoom, plain("<!channel> <@"+carer+">")))
		w.must(err)
		m, _ := w.sim.Message(r.Channel, r.TS)
		if !m.Mentions.None() {
			t.Errorf("calls %+v", m.Mentions)
		}
	})
	t.Run("a message of ours calls the one colleague it names", func(t *testing.T) {
		for user, want := range map[string][]string{carer: {carer}, "!channel": nil, carer + "> <!here": nil} {
			one := plain("<@" + clerk + "> <!channel>")
			one.Calls = user
			r, err := w.sender.Send(w.ctx(), parcel(welfareRoom, one))
			w.must(err)
			m, _ := w.sim.Message(r.Channel, r.TS)
			if !slices.Equal(m.Mentions.Users, want) || len(m.Mentions.Broadcasts) > 0 {
				t.Errorf("%q calls %+v", user, m.Mentions)
			}
		}
	})
}

// TestSendFaults holds what each misbehaviour of Slack means for the outbox.
func TestSendFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault      slacksim.Fault
		kind       bot.ErrorKind
		say        string
		sure       bool
		retryAfter time.Duration
		posted     int
		barred     bool
	}{
		"429":                       {slacksim.Fault{Kind: slacksim.TooMany, RetryAfter: 7 * time.Second}, bot.Later, "", true, 7 * time.Second, 0, false},
		"429 without Retry-After":   {slacksim.Fault{Kind: slacksim.TooMany}, bot.Later, "", true, 10 * time.Second, 0, false},
		"ratelimited":               {slacksim.Fault{Kind: slacksim.RateLimited}, bot.Later, "", true, 10 * time.Second, 0, false},
		"500":                       {slacksim.Fault{Kind: slacksim.ServerError}, bot.Later, "", false, 0, 0, false},
		"applied, then 500":         {slacksim.Fault{Kind: slacksim.ApplyThenFail}, bot.Later, "", false, 0, 1, false},
		"applied, then no answer":   {slacksim.Fault{Kind: slacksim.ApplyThenTimeout}, bot.Later, "", false, 0, 1, false},
		"applied, then half answer": {slacksim.Fault{Kind: slacksim.MalformedJSON}, bot.Later, "", false, 0, 1, false},
		"no answer":                 {slacksim.Fault{Kind: slacksim.Timeout}, bot.Later, "", false, 0, 0, false},
		"internal error":            {refusal("internal_error"), bot.Later, "", false, 0, 0, false},
		"bad token":                 {refusal("invalid_auth"), bot.Forbidden, "delivery.unauthorized", true, 0, 0, true},
		"token revoked":             {refusal("token_revoked"), bot.Forbidden, "delivery.unauthorized", true, 0, 0, true},
		"bad blocks":                {refusal("invalid_blocks"), bot.Invalid, "delivery.failed", true, 0, 0, false},
		"missing scope":             {refusal("missing_scope"), bot.Invalid, "delivery.failed", true, 0, 0, false},
		"no such channel":           {refusal("channel_not_found"), bot.NotFound, "closed.away", true, 0, 0, false},
		"archived":                  {refusal("is_archived"), bot.NotFound, "closed.archived", true, 0, 0, false},
		"not in channel":            {refusal("not_in_channel"), bot.NotFound, "closed.away", true, 0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c.fault.Method = "chat.postMessage"
			w.sim.Misbehave(c.fault)
			ctx := w.patient(c.fault.Kind)
			_, err := w.sender.Send(ctx, parcel(deskRoom, plain("x")))
			var e *bot.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v", err)
			}
			if e.Kind != c.kind || e.Sure != c.sure || e.RetryAfter != c.retryAfter || (c.say != "" && e.Say.Key != c.say) {
				t.Errorf("got %+v", e)
			}
			if errors.Is(err, outbox.ErrUnauthorized) != c.barred {
				t.Errorf("bars the platform: %v, want %v", !c.barred, c.barred)
			}
			if got := len(w.sim.Channel(deskRoom)); got != c.posted {
				t.Errorf("%d posts, want %d", got, c.posted)
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		client, err := slack.NewClient(slack.Access{APIURL: "http://127.0.0.1:1/api/"})
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t)
		_, err = slack.NewSender(client, w.desk, w.words, w.clock.Now, discard()).Send(w.ctx(), parcel(deskRoom, plain("x")))
		var e *bot.Error
		if !errors.As(err, &e) || e.Kind != bot.Later || !e.Sure {
			t.Errorf("got %+v", err)
		}
	})
}

// patient is a context whose time is up once Slack keeps silent.
func (w *world) patient(fault slacksim.FaultKind) context.Context {
	ctx, expire := testwait.Expiring(w.ctx())
	go func() {
		_, err := w.sim.Wait(ctx, 0, func(e slacksim.Entry) bool {
			return e.Fault == string(fault) && (fault == slacksim.Timeout || fault == slacksim.ApplyThenTimeout)
		})
		if err == nil {
			expire()
		}
	}()
	return ctx
}

func refusal(code string) slacksim.Fault { return slacksim.Fault{Kind: slacksim.Refuse, Error: code} }

func TestSendElsewhere(t *testing.T) {
	t.Parallel()
	t.Run("into a channel that takes nothing from us", func(t *testing.T) {
		t.Parallel()
		for name, spoil := range map[string]func(*world){
			"archived":   func(w *world) { w.must(w.sim.Archive(w.ctx(), welfareRoom)) },
			"without us": func(w *world) { w.must(w.sim.RemoveBot(w.ctx(), welfareRoom)) },
		} {
			for how, change := range map[string]func(*outbox.Parcel, string){
				"a card":        func(*outbox.Parcel, string) {},
				"in its thread": func(p *outbox.Parcel, root string) { p.Thread = root },
				"in its place":  func(p *outbox.Parcel, root string) { p.Update = root },
				"a file":        func(p *outbox.Parcel, root string) { p.File = document("a.pdf", []byte("%PDF-1.7")) },
			} {
				w := newWorld(t)
				root := w.card(welfareRoom)
				spoil(w)
				p := parcel(welfareRoom, plain("続き"))
				change(&p, root)
				seq := w.sim.Seq()
				_, err := w.sender.Send(w.ctx(), p)
				if !errors.Is(err, outbox.ErrChannelClosed) || !strings.HasPrefix(bot.SayOf(err).Key, "closed.") {
					t.Errorf("%s, %s: got %v", name, how, err)
				}
				if n := w.posted(seq); n != 0 {
					t.Errorf("%s, %s: %d messages elsewhere", name, how, n)
				}
			}
		}
	})
	t.Run("what has stayed behind where nobody lets us in", func(t *testing.T) {
		t.Parallel()
		for name, code := range map[string]string{"archived": "is_inactive", "gone": "channel_not_found", "deleted": "message_not_found"} {
			w := newWorld(t)
			w.sim.AddPrivateChannel("C0OLD", "old")
			p := parcel("C0OLD", plain("移りました"))
			p.Update, p.Bygone = "1700000000.000100", true
			w.sim.Misbehave(slacksim.Fault{Kind: slacksim.Refuse, Method: "chat.update", Error: code})
			seq := w.sim.Seq()
			if _, err := w.sender.Send(w.ctx(), p); err != nil || w.posted(seq) != 0 {
				t.Errorf("%s: %v, %d messages", name, err, w.posted(seq))
			}
		}
	})
	t.Run("a deleted card is made anew", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("新しい状態"))
		p.Update = "1700000000.000100"
		r, err := w.sender.Send(w.ctx(), p)
		w.must(err)
		if m, ok := w.sim.Message(r.Channel, r.TS); !ok || r.Channel != welfareRoom || m.ThreadTS != "" {
			t.Errorf("got %+v", m)
		}
	})
	t.Run("a deleted card is made anew once, also after a lost answer", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("新しい状態"))
		p.Update = "1700000000.000100"
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ApplyThenFail, Method: "chat.postMessage"})
		if _, err := w.sender.Send(w.ctx(), p); err == nil {
			t.Fatal("no error")
		}
		p.Again = true
		r, err := w.sender.Send(w.ctx(), p)
		w.must(err)
		if all := w.sim.Channel(welfareRoom); len(all) != 1 || all[0].TS != r.TS {
			t.Errorf("%d messages, receipt %+v", len(all), r)
		}
	})
}

func TestFind(t *testing.T) {
	t.Parallel()
	doubtful := func(t *testing.T, w *world, p outbox.Parcel) {
		t.Helper()
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ApplyThenFail, Method: "chat.postMessage"})
		if _, err := w.sender.Send(w.ctx(), p); bot.KindOf(err) != bot.Later {
			t.Fatalf("got %v", err)
		}
	}
	t.Run("in a channel among many others", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("これ"))
		doubtful(t, w, p)
		for range 450 {
			w.clock.Add(time.Millisecond)
			_, err := w.sim.Say(w.ctx(), carer, welfareRoom, "", "別の話")
			w.must(err)
		}
		r, found, err := w.sender.Find(w.ctx(), p)
		w.must(err)
		if m, _ := w.sim.Message(r.Channel, r.TS); !found || m.Text != "これ" {
			t.Errorf("found %v, %+v", found, r)
		}
	})
	t.Run("in a thread", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("これ"))
		p.Thread = w.card(welfareRoom)
		doubtful(t, w, p)
		r, found, err := w.sender.Find(w.ctx(), p)
		w.must(err)
		if m, _ := w.sim.Message(r.Channel, r.TS); !found || m.Text != "これ" {
			t.Errorf("found %v, %+v", found, r)
		}
	})
	t.Run("a file", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ApplyThenFail, Method: "files.completeUploadExternal"})
		p := parcel(welfareRoom, plain("📎 a.pdf"))
		p.Thread, p.File = w.card(welfareRoom), document("a.pdf", []byte("%PDF-1.7"))
		if _, err := w.sender.Send(w.ctx(), p); bot.KindOf(err) != bot.Later {
			t.Fatalf("got %v", err)
		}
		if _, found, err := w.sender.Find(w.ctx(), p); err != nil || !found {
			t.Errorf("found %v, %v", found, err)
		}
	})
	t.Run("not to be seen yet proves nothing", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("これ"))
		doubtful(t, w, p)
		w.sim.SetHistoryLag(5 * time.Second)
		_, found, err := w.sender.Find(w.ctx(), p)
		var e *bot.Error
		if found || !errors.As(err, &e) || e.Kind != bot.Later || e.Sure || e.RetryAfter <= 0 {
			t.Fatalf("found %v, %+v", found, err)
		}
		w.clock.Add(slack.HistoryLag)
		if _, found, err = w.sender.Find(w.ctx(), p); err != nil || !found {
			t.Errorf("found %v, %v", found, err)
		}
	})
	t.Run("not there after a while is a proof", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "chat.postMessage"})
		p := parcel(welfareRoom, plain("これ"))
		if _, err := w.sender.Send(w.ctx(), p); err == nil {
			t.Fatal("no error")
		}
		w.clock.Add(slack.HistoryLag)
		if _, found, err := w.sender.Find(w.ctx(), p); err != nil || found {
			t.Errorf("found %v, %v", found, err)
		}
	})
	t.Run("what another process tried is looked for twice", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("これ"))
		if _, _, err := w.sender.Find(w.ctx(), p); bot.KindOf(err) != bot.Later {
			t.Fatalf("got %v", err)
		}
		w.clock.Add(slack.HistoryLag)
		if _, found, err := w.sender.Find(w.ctx(), p); err != nil || found {
			t.Errorf("found %v, %v", found, err)
		}
	})
	t.Run("what another process tried until long enough ago is looked for once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("これ"))
		p.TriedUntil = w.clock.Now().Add(-slack.HistoryLag)
		if _, found, err := w.sender.Find(w.ctx(), p); err != nil || found {
			t.Errorf("found %v, %v", found, err)
		}
	})
	t.Run("what another process may have tried just now is not given up before the history has it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("これ"))
		doubtful(t, w, p)
		w.sim.SetHistoryLag(slack.HistoryLag - time.Second)
		w.clock.Add(2 * time.Second)
		p.TriedUntil = w.clock.Now()
		w.clock.Add(3 * time.Second)
		for range 2 { // each by a process of its own
			other := slack.NewSender(w.client, w.desk, w.words, w.clock.Now, discard())
			_, found, err := other.Find(w.ctx(), p)
			var e *bot.Error
			if found || !errors.As(err, &e) || e.RetryAfter != slack.HistoryLag-3*time.Second {
				t.Fatalf("found %v, %+v", found, err)
			}
		}
		w.clock.Add(slack.HistoryLag - 3*time.Second)
		if _, found, err := slack.NewSender(w.client, w.desk, w.words, w.clock.Now, discard()).Find(w.ctx(), p); err != nil || !found {
			t.Errorf("found %v, %v", found, err)
		}
	})
	t.Run("what another process tried after this one has counts from then", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("これ"))
		doubtful(t, w, p)
		w.clock.Add(time.Hour)
		p.TriedUntil = w.clock.Now()
		w.sim.SetHistoryLag(2 * time.Hour)
		if _, found, err := w.sender.Find(w.ctx(), p); found || bot.KindOf(err) != bot.Later {
			t.Errorf("found %v, %v", found, err)
		}
	})
	t.Run("what this process tried last counts from its own attempt", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("これ"))
		p.TriedUntil = w.clock.Now().Add(-time.Hour)
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "chat.postMessage"})
		if _, err := w.sender.Send(w.ctx(), p); err == nil {
			t.Fatal("no error")
		}
		w.clock.Add(slack.HistoryLag - time.Second)
		if _, found, err := w.sender.Find(w.ctx(), p); found || bot.KindOf(err) != bot.Later {
			t.Errorf("found %v, %v", found, err)
		}
		w.clock.Add(time.Second)
		if _, found, err := w.sender.Find(w.ctx(), p); err != nil || found {
			t.Errorf("found %v, %v", found, err)
		}
	})
	t.Run("a history that cannot be read tells nothing", func(t *testing.T) {
		t.Parallel()
		for _, f := range []slacksim.Fault{refusal("not_in_channel"), {Kind: slacksim.ServerError}, {Kind: slacksim.TooMany}} {
			w := newWorld(t)
			p := parcel(welfareRoom, plain("これ"))
			doubtful(t, w, p)
			f.Method = "conversations.history"
			w.sim.Misbehave(f)
			_, found, err := w.sender.Find(w.ctx(), p)
			var e *bot.Error
			if found || !errors.As(err, &e) || e.Sure {
				t.Errorf("%s: found %v, %+v", f.Kind, found, err)
			}
		}
	})
}

func TestFileFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault slacksim.Fault
		sure  bool
	}{
		"no address":            {slacksim.Fault{Kind: slacksim.ServerError, Method: "files.getUploadURLExternal"}, true},
		"upload fails":          {slacksim.Fault{Kind: slacksim.ServerError, Method: "upload"}, true},
		"upload gets no answer": {slacksim.Fault{Kind: slacksim.ApplyThenTimeout, Method: "upload"}, true},
		"sharing fails":         {slacksim.Fault{Kind: slacksim.ApplyThenFail, Method: "files.completeUploadExternal"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.sim.Misbehave(c.fault)
			p := parcel(welfareRoom, plain("📎 a.pdf"))
			p.File = document("a.pdf", []byte("%PDF-1.7"))
			ctx := w.patient(c.fault.Kind)
			_, err := w.sender.Send(ctx, p)
			var e *bot.Error
			if !errors.As(err, &e) || e.Kind != bot.Later || e.Sure != c.sure {
				t.Errorf("got %+v", err)
			}
			if strings.Contains(err.Error(), "/upload/") {
				t.Errorf("the address is in the error: %v", err)
			}
		})
	}
	t.Run("an empty file is final", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("📎"))
		p.File = document("a.pdf", nil)
		if _, err := w.sender.Send(w.ctx(), p); bot.KindOf(err) != bot.Invalid {
			t.Errorf("got %v", err)
		}
	})
}

func TestRemove(t *testing.T) {
	t.Parallel()
	handed := func(t *testing.T, w *world, faults ...slacksim.Fault) (outbox.Parcel, outbox.Receipt) {
		t.Helper()
		p := parcel(welfareRoom, plain("📎"))
		p.Thread, p.File = w.card(welfareRoom), document("a.pdf", []byte("%PDF-1.7"))
		for _, f := range faults {
			f.Method = "files.completeUploadExternal"
			w.sim.Misbehave(f)
		}
		r, err := w.sender.Send(w.ctx(), p)
		if (err != nil) != (len(faults) > 0) {
			t.Fatalf("got %+v, %v", r, err)
		}
		remove := parcel(welfareRoom, plain("取消"))
		remove.Thread, remove.Remove = p.Thread, &outbox.Handed{ID: p.ID, Since: w.clock.Now(), File: r.File}
		return remove, r
	}
	open := func(w *world) (n int) {
		for _, m := range w.sim.Channel(welfareRoom) {
			for _, f := range m.Files {
				if !f.Gone {
					n++
				}
			}
		}
		return n
	}
	t.Run("deletes what was handed over, twice if need be, and says so where it stood", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p, _ := handed(t, w)
		posts := len(w.sim.Channel(welfareRoom))
		for range 2 {
			if _, err := w.sender.Send(w.ctx(), p); err != nil || open(w) != 0 || len(w.sim.Channel(welfareRoom)) != posts {
				t.Errorf("got %v, %d files", err, open(w))
			}
			if last := w.sim.Channel(welfareRoom)[posts-1]; !strings.Contains(texts(t, last.Blocks), "取消") || strings.Contains(texts(t, last.Blocks), "📎") {
				t.Errorf("its message says %s", last.Blocks)
			}
		}
	})
	t.Run("is done though its message cannot be changed", func(t *testing.T) {
		t.Parallel()
		for _, method := range []string{"chat.update", "conversations.replies"} {
			w := newWorld(t)
			p, _ := handed(t, w)
			w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: method})
			if _, err := w.sender.Send(w.ctx(), p); err != nil || open(w) != 0 {
				t.Errorf("%s: got %v, %d files", method, err, open(w))
			}
		}
	})
	t.Run("what nobody has", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("取消"))
		p.Remove = &outbox.Handed{ID: uuid.New(), File: "F0NONE"}
		_, err := w.sender.Send(w.ctx(), p)
		w.must(err)
	})
	t.Run("looks for what is in doubt, however long ago", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p, _ := handed(t, w, slacksim.Fault{Kind: slacksim.ApplyThenFail})
		w.clock.Add(72 * time.Hour)
		other := slack.NewSender(w.client, w.desk, w.words, w.clock.Now, slog.New(slog.DiscardHandler)) // the first one has ended
		r, err := other.Send(w.ctx(), p)
		if err != nil || r.File == "" || open(w) != 0 {
			t.Errorf("got %+v, %v, %d files", r, err, open(w))
		}
	})
	t.Run("believes that it is not there only after a while", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p, _ := handed(t, w, slacksim.Fault{Kind: slacksim.ServerError})
		if _, err := w.sender.Send(w.ctx(), p); bot.KindOf(err) != bot.Later {
			t.Errorf("got %v", err)
		}
		w.clock.Add(slack.HistoryLag)
		_, err := w.sender.Send(w.ctx(), p)
		w.must(err)
	})
	t.Run("is refused", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p, _ := handed(t, w)
		f := refusal("cant_delete_file")
		f.Method = "files.delete"
		w.sim.Misbehave(f)
		if _, err := w.sender.Send(w.ctx(), p); bot.KindOf(err) != bot.Invalid || open(w) != 1 {
			t.Errorf("got %v", err)
		}
	})
}

func TestSafeName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, want := range map[string]string{
		"提案書.pdf":                         "提案書.pdf",
		"../../etc/passwd":                "passwd",
		`C:\Users\x\計画.docx`:              "計画.docx",
		"a\r\nContent-Type: text/html.x":  "html.x",
		"invoice\u202Efdp.exe":            "invoicefdp.exe",
		"":                                "資料",
		"...":                             "資料",
		".pdf":                            "pdf",
		strings.Repeat("長", 300) + ".pdf": strings.Repeat("長", 79) + "….pdf",
	} {
		if got := w.sender.SafeName(outbox.Parcel{File: &outbox.File{Name: name}}); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
