package faults_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tsunagi/handlers/slack/slacksim"
)

// profileMoved writes the profile of Kishiwada with other channels, and lets the processes that start from now on have it.
func (w *world) profileMoved(pairs ...string) {
	w.t.Helper()
	whole, err := os.ReadFile("../../config/profiles/kishiwada.yaml")
	w.must(err)
	moved := strings.NewReplacer(pairs...).Replace(string(whole))
	if moved == string(whole) {
		w.t.Fatalf("the profile has none of %q", pairs)
	}
	path := filepath.Join(w.t.TempDir(), "desk.yaml")
	w.must(os.WriteFile(path, []byte(moved), 0o600))
	w.env = append(slices.DeleteFunc(w.env, func(v string) bool { return strings.HasPrefix(v, "DESK_PROFILE=") }), "DESK_PROFILE="+path)
}

// restart ends the oldest process and starts another, as after a change of the profile.
func (w *world) restart() {
	w.t.Helper()
	w.killOne()
	w.start(1)
}

// closed waits until a channel carries nothing, or does again.
func (w *world) closed(channel string, want int) {
	w.t.Helper()
	w.until("it is known what "+channel+" is like", func() (bool, error) {
		n, err := w.count(`SELECT count(*) FROM closed_channels WHERE channel = $1`, channel)
		return n == want, err
	})
}

// pressable counts the buttons in a room.
func (w *world) pressable(room string) (n int) {
	for _, m := range w.slack.Channel(room) {
		n += strings.Count(string(m.Blocks), `"type":"button"`)
	}
	return n
}

// The desk and a department move (finding R1): what has ended stays where it is until something happens about it, then stands in the
// new rooms with what was written under it. What stayed behind has no buttons, and nothing new is said there.
func TestFault_roomsMove(t *testing.T) {
	t.Parallel()
	w, p, number := begin(t)
	w.colleague(tanaka).refers(number, "福祉政策課")
	w.reads(welfareRoom, number)
	w.colleague(mori).opens(deskRoom, number, "見送る")
	w.colleague(mori).fine(slacksim.Values{"reason": {"他の事業と重なる"}, "body": {"今回は見送らせていただきます"}})
	w.colleague(mori).fine(nil)
	p.reads(0, "今回は見送らせていただきます")
	w.settled()
	const newDesk, newWelfare = "C0NEWDESK", "C0CHIIKI"
	w.slack.AddPrivateChannel(newDesk, "new desk", chief, tanaka, mori)
	w.slack.AddPrivateChannel(newWelfare, "new welfare", suzuki)
	w.profileMoved(deskRoom, newDesk, welfareRoom, newWelfare)
	w.restart()
	old := map[string]int{deskRoom: len(w.slack.Channel(deskRoom)), welfareRoom: len(w.slack.Channel(welfareRoom))}
	p.says("やはり一度お会いできますか")
	for _, room := range []string{newDesk, newWelfare} {
		w.reads(room, number)
		w.until("it stands under the card in "+room, func() (bool, error) {
			return strings.Contains(w.thread(room, number), "やはり一度お会いできますか"), nil
		})
	}
	w.settled()
	for room, n := range old {
		w.until("the buttons in "+room+" are gone", func() (bool, error) { return w.pressable(room) == 0, nil })
		if now := len(w.slack.Channel(room)); now != n {
			t.Errorf("%d new messages in %s", now-n, room)
		}
	}
	w.want(0, "deliveries set aside", `SELECT count(*) FROM deliveries WHERE state = 'dead'`)
	for _, room := range []string{newDesk, newWelfare} {
		if n := len(w.cards(room, number)); n != 1 {
			t.Errorf("%d cards in %s", n, room)
		}
	}
}

// A room that is public, shared, archived or without the app carries nothing (finding R4), whether a start finds it so or Slack says so
// when something is sent: one line tells the desk from two processes, the others go on, nothing is counted or set aside; the
// process is ready. Once the room is fit again, or the department has moved, all that has waited comes, in order.
func TestFault_roomsClosed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil, mend func(*world) error
		says        string
		moves       bool
	}{
		"public": {
			spoil: func(w *world) error { return w.slack.Publish(welfareRoom) },
			mend:  func(w *world) error { return w.slack.Unpublish(welfareRoom) }, says: "公開されており",
		},
		"offered to others": {
			spoil: func(w *world) error { return w.slack.Offer(welfareRoom) },
			mend:  func(w *world) error { return w.slack.Unshare(w.ctx, welfareRoom) }, says: "共有に招待して",
		},
		"archived": {
			spoil: func(w *world) error { return w.slack.Archive(w.ctx, welfareRoom) },
			mend:  func(w *world) error { return w.slack.Unarchive(w.ctx, welfareRoom) }, says: "アーカイブされています",
		},
		"without us, and left": {
			spoil: func(w *world) error { return w.slack.RemoveBot(w.ctx, welfareRoom) },
			mend: func(w *world) error {
				w.slack.AddPrivateChannel("C0CHIIKI", "new welfare", suzuki)
				w.profileMoved(welfareRoom, "C0CHIIKI")
				return nil
			}, says: "参加していません", moves: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, p, number := begin(t, wish{replicas: 2})
			w.colleague(tanaka).refers(number, "福祉政策課", "産業政策課")
			w.reads(welfareRoom, number)
			w.settled()
			w.must(c.spoil(w))
			w.restart()
			w.restart()
			w.closed(welfareRoom, 1)
			posts, room := len(w.slack.Channel(welfareRoom)), welfareRoom
			p.says("一つ目の連絡です")
			p.says("二つ目の連絡です")
			w.reads(industryRoom, "二つ目の連絡です")
			w.reads(deskRoom, c.says)
			if n := w.news(c.says); n != 1 {
				t.Errorf("the desk reads of it %d times", n)
			}
			if now := len(w.slack.Channel(welfareRoom)); now != posts {
				t.Errorf("%d messages went there", now-posts)
			}
			w.want(0, "deliveries that were tried", `SELECT count(*) FROM deliveries WHERE lane LIKE $1 AND state = 'pending' AND tries > 0`, "slack/"+welfareRoom+"/%")
			if status, _ := w.get("http://" + w.running().addr + "/readyz"); status != 200 {
				t.Errorf("readyz: %d", status)
			}
			w.must(c.mend(w))
			if c.moves {
				room = "C0CHIIKI"
			}
			w.restart()
			w.closed(welfareRoom, 0)
			w.until("what has waited comes", func() (bool, error) { return strings.Contains(w.thread(room, number), "二つ目の連絡です"), nil })
			w.settled()
			if thread := w.thread(room, number); strings.Index(thread, "一つ目") > strings.Index(thread, "二つ目") {
				t.Errorf("the order is lost:\n%s", thread)
			}
			w.want(0, "deliveries set aside", `SELECT count(*) FROM deliveries WHERE state = 'dead'`)
			w.once()
		})
	}
}

// Where the desk's own room is not fit, managers read it alone, and nothing goes to the room.
func TestFault_deskRoomClosed(t *testing.T) {
	t.Parallel()
	w, p, _ := begin(t)
	w.settled()
	posts := len(w.slack.Channel(deskRoom))
	w.must(w.slack.Share(w.ctx, deskRoom, alien))
	w.restart()
	w.closed(deskRoom, 1)
	p.says("どなたか読めますか")
	w.until("the managers are told", func() (bool, error) {
		n := 0
		for _, m := range w.desk.Managers {
			if strings.Contains(w.room("D"+m), "他の組織と共有") {
				n++
			}
		}
		return n == len(w.desk.Managers), nil
	})
	if now := len(w.slack.Channel(deskRoom)); now != posts {
		t.Errorf("%d messages went to the desk's room", now-posts)
	}
	w.must(w.slack.Unshare(w.ctx, deskRoom))
	w.restart()
	w.reads(deskRoom, "どなたか読めますか")
}

// Somebody deletes a card (finding R13): what is said next stands under a new one, never in the room itself, whether Slack refuses an
// answer to what is gone or posts it into the room without a word.
func TestFault_cardDeleted(t *testing.T) {
	t.Parallel()
	for name, loses := range map[string]bool{"refused": false, "lost": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, p, number := begin(t, wish{slack: func(c *slacksim.Config) { c.LoseThreads = loses }})
			w.colleague(tanaka).refers(number, "福祉政策課")
			w.reads(welfareRoom, number)
			w.settled()
			for _, room := range []string{deskRoom, welfareRoom} {
				for _, card := range w.cards(room, number) {
					w.must(w.slack.DeleteMessage(w.ctx, room, card.TS))
				}
			}
			p.says("カードのない連絡です")
			for _, room := range []string{deskRoom, welfareRoom} {
				w.until("it stands under a card in "+room, func() (bool, error) {
					return strings.Contains(w.thread(room, number), "カードのない連絡です"), nil
				})
			}
			w.settled()
			for _, e := range w.slack.Record() {
				if e.Kind == slacksim.Posted && e.ThreadTS == "" && strings.HasPrefix(e.Text, "だんじり食品") {
					t.Errorf("in %s itself: %s", e.Channel, e.Text)
				}
			}
			w.once()
		})
	}
}
