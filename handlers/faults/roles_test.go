package faults_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tsunagi/bot/msg"
	"tsunagi/handlers/slack/slacksim"
)

// forged is one request that somebody might send.
type forged struct {
	name     string
	press    msg.Press // of a button, or of a modal
	modal    bool
	values   map[string]any // state of the modal
	deskOnly bool
}

// all that can be pressed or submitted about a proposal, as the coordinator's table has it.
func everything(number, delivery string, message int) []forged {
	about := func(do string, more ...string) msg.Press {
		return msg.Do(do, append([]string{"proposal", number}, more...)...)
	}
	text := func(s string) map[string]any { return map[string]any{"type": "plain_text_input", "value": s} }
	pick := func(s string) map[string]any {
		return map[string]any{"type": "static_select", "selected_option": map[string]any{"value": s}}
	}
	picks := func(s string) map[string]any {
		return map[string]any{"type": "checkboxes", "selected_options": []any{map[string]any{"value": s}}}
	}
	day := map[string]any{"type": "datepicker", "selected_date": "2099-12-01"}
	user := map[string]any{"type": "users_select", "selected_user": tanaka}
	return []forged{
		{name: "take", press: about("proposal.take"), deskOnly: true},
		{name: "open assign", press: about("proposal.assign"), deskOnly: true},
		{name: "assign", press: about("proposal.assign"), modal: true, values: map[string]any{"owner": user}, deskOnly: true},
		{name: "open refer", press: about("proposal.refer"), deskOnly: true},
		{name: "refer", press: about("proposal.refer"), modal: true, deskOnly: true,
			values: map[string]any{"departments": picks("health"), "note": text("漏れるメモ"), "due": day, "cleared": picks("idea")}},
		{name: "forward", press: about("proposal.forward", "department", "industry", "to", "health"), deskOnly: true},
		{name: "open reply", press: about("proposal.reply")},
		{name: "reply", press: about("proposal.reply"), modal: true, values: map[string]any{"body": text("にせの返事")}},
		{name: "open decline", press: about("proposal.decline"), deskOnly: true},
		{name: "decline", press: about("proposal.decline"), modal: true, values: map[string]any{"reason": pick("cost"), "body": text("にせの断り")}, deskOnly: true},
		{name: "send somebody else's reply", press: about("proposal.send", "message", fmt.Sprint(message), "seen", "0"), modal: true},
		{name: "open move", press: about("proposal.move"), deskOnly: true},
		{name: "move", press: about("proposal.move"), modal: true, values: map[string]any{"event": pick("opened"), "why": text("にせ")}, deskOnly: true},
		{name: "details", press: about("proposal.details", "department", "industry")},
		{name: "open verdict", press: about("verdict", "department", "industry", "verdict", "unable")},
		{name: "verdict", press: about("verdict", "department", "industry", "verdict", "unable"), modal: true, values: map[string]any{"reason": text("にせの回答")}},
		{name: "release", press: msg.Do("delivery.release", "delivery", delivery), deskOnly: true},
		{name: "unknown", press: about("proposal.erase")},
		{name: "command as a button", press: msg.Do("desk.run", "line", "show "+number)},
		{name: "waive", press: about("proposal.waive", "entry", "9999"), deskOnly: true},
	}
}

// Nobody who has no business with a proposal can change it or read it, whatever they send (row 48): somebody of another
// department, of no room, a guest, somebody of another organisation, a bot; and a department that was asked can do no
// more than answer. That what is forged is well made is proved by the desk, for whom it works.
func TestFault_roles(t *testing.T) {
	t.Parallel()
	w, p, number := begin(t)
	desk := w.colleague(tanaka)
	p.says("お礼の言葉")
	w.reads(deskRoom, "お礼の言葉")
	desk.refers(number, "産業政策課")
	desk.writes(deskRoom, number, "まだ送っていない返事")
	v, _ := w.slack.View(tanaka)
	w.must(w.slack.Dismiss(w.ctx, tanaka, v.ID))
	w.reads(industryRoom, number)
	w.settled()
	w.must(w.slack.Share(w.ctx, deskRoom, alien))
	w.must(w.slack.Share(w.ctx, industryRoom, alien))
	id := w.rows(`SELECT id::text FROM proposals`)[0]
	delivery := w.rows(`UPDATE deliveries SET state = 'dead' WHERE id = (SELECT id FROM deliveries WHERE kind = 'prompt' ORDER BY seq LIMIT 1) RETURNING id::text`)[0]
	message := w.number(`SELECT id FROM messages WHERE direction = 'out'`)
	all := everything(id, delivery, message)
	shown := p.seen("")
	for _, who := range []string{suzuki, nobody, guest, alien, robot} {
		before, seq := w.facts(), w.slack.Seq()
		for _, f := range all {
			w.forges(who, f)
		}
		w.commands(who, number, "見守り弁当")
		w.same(who, before)
		w.learns(who, seq, "だんじり食品", "配食のとき", "佐藤", "見守り弁当", "ご検討ください", "お礼の言葉")
	}
	before := w.facts()
	for _, f := range all {
		if f.deskOnly {
			w.forges(yamamoto, f)
		}
	}
	w.forges(yamamoto, forged{name: "another department's verdict", modal: true, press: msg.Do("verdict", "proposal", id, "department", "welfare", "verdict", "join")})
	w.forges(yamamoto, all[10]) // a reply that the desk has written
	w.same("a department that was asked", before)
	if n := p.seen(""); n != shown {
		t.Errorf("the organization was shown %d messages more", n-shown)
	}
	for i, f := range all[:5] {
		before := w.facts()
		w.forges(tanaka, f)
		if changes := i == 4; changes == (w.facts() == before) {
			t.Errorf("%s by the desk: changes facts %v, want %v", f.name, !changes, changes)
		}
	}
	before = w.facts()
	if w.forges(tanaka, all[len(all)-1]); w.facts() == before {
		t.Error("the desk's waiver changes nothing")
	}
	w.leaves(id)
}

// leaves: whoever has left the desk's room, or the city, has no say any more.
func (w *world) leaves(id string) {
	w.t.Helper()
	w.must(w.slack.Leave(w.ctx, tanaka, deskRoom))
	w.must(w.slack.Deactivate(w.ctx, mori))
	before := w.facts()
	for _, who := range []string{tanaka, mori} {
		for _, f := range everything(id, "x", 1) {
			if f.deskOnly {
				w.forges(who, f)
			}
		}
	}
	w.same("somebody who has left", before)
}

// forges sends a request in somebody's name, rightly signed.
func (w *world) forges(who string, f forged) {
	w.t.Helper()
	team := w.teamOf(who)
	f.press = f.press.With("r", w.rows(`SELECT revision::text FROM proposals`)[0]).Shown(time.Now()) // a screen that stands
	id := fmt.Sprintf("forged.%s.%s.%d", who, strings.ReplaceAll(f.name, " ", "_"), w.slack.Seq())
	payload := map[string]any{
		"type": "block_actions", "user": map[string]string{"id": who, "team_id": team}, "team": map[string]string{"id": team},
		"trigger_id": id, "channel": map[string]string{"id": deskRoom},
		"container": map[string]any{"type": "message", "message_ts": "1.000001", "channel_id": deskRoom},
		"actions":   []any{map[string]string{"type": "button", "action_id": f.press.Do + "#1", "value": f.press.Encode(), "action_ts": "1.0"}},
	}
	if f.modal {
		payload["type"], payload["view"] = "view_submission", viewOf(id, f)
	}
	raw, err := json.Marshal(payload)
	w.must(err)
	status, body, err := w.slack.Forge(w.ctx, slacksim.Forged{
		To: w.url + "/slack/interactions", Body: []byte(url.Values{"payload": {string(raw)}}.Encode()),
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
	})
	w.must(err)
	if status != http.StatusOK {
		w.t.Errorf("%s by %s: status %d, want 200 with a polite word", f.name, who, status)
	}
	if who != tanaka && f.modal && !strings.Contains(string(body), "errors") && !strings.Contains(string(body), "update") {
		w.t.Errorf("%s by %s is answered with %s", f.name, who, body)
	}
}

func (w *world) teamOf(who string) string {
	for _, u := range w.slack.Users() {
		if u.ID == who {
			return u.Team
		}
	}
	return ""
}

func viewOf(id string, f forged) map[string]any {
	state, blocks := map[string]any{}, []any{}
	for name, value := range f.values {
		state[name] = map[string]any{name: value}
		blocks = append(blocks, map[string]string{"type": "input", "block_id": name})
	}
	return map[string]any{
		"id": "V" + id, "type": "modal", "hash": id, "private_metadata": f.press.Encode(), "blocks": blocks,
		"state": map[string]any{"values": state},
	}
}

// commands types every command in somebody's name.
func (w *world) commands(who, number, title string) {
	w.t.Helper()
	for _, line := range []string{
		"", "home", "list", "list all", "show " + number, number, "forward " + number + " 健康推進課", "assign " + number + " me", "noreply " + number, "state " + number + " 保留 2099-01-01 x",
		"search " + title, "dead", "help", "version",
	} {
		form := url.Values{
			"command": {"/desk"}, "text": {line}, "user_id": {who}, "channel_id": {deskRoom}, "team_id": {w.teamOf(who)}, "trigger_id": {"cmd." + who + line},
		}
		status, body, err := w.slack.Forge(w.ctx, slacksim.Forged{
			To: w.url + "/slack/commands", Body: []byte(form.Encode()), Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		})
		w.must(err)
		if status != http.StatusOK {
			w.t.Errorf("/desk %s by %s: status %d", line, who, status)
		}
		answer := said(body)
		if strings.Contains(answer, title) && !strings.Contains(line, title) {
			w.t.Errorf("/desk %s tells %s:\n%s", line, who, answer)
		}
	}
}

// learns judges that somebody is told that it may not be, and is shown none of these words, in any way that is theirs
// alone.
func (w *world) learns(who string, after int, secrets ...string) {
	w.t.Helper()
	w.until(who+" is told that it may not be", func() (bool, error) {
		return strings.Contains(w.alone(who, after), "権限") || who == alien || who == robot, nil // whom Slack does not let us tell
	})
	told := w.alone(who, after)
	for _, s := range secrets {
		if strings.Contains(told, s) {
			w.t.Errorf("%s learns %q:\n%s", who, s, told)
		}
	}
}

// alone is what one person was shown and nobody else: in a room, in a modal, in the app's conversation with them.
func (w *world) alone(who string, after int) string {
	rooms := map[string]bool{}
	for _, r := range w.slack.Rooms(who) {
		rooms[r.ID] = r.With == who
	}
	var b strings.Builder
	for _, e := range w.slack.Since(after) {
		if e.User == who || rooms[e.Channel] {
			b.WriteString(e.Text + "\n" + said(e.Blocks) + "\n")
		}
	}
	return b.String()
}
