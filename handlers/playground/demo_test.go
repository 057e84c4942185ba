package playground_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"tsunagi/handlers/playground"
	"tsunagi/store/testwait"
)

// The demo command itself is started and used, as a person does who has just cloned the project.
func TestDemo(t *testing.T) {
	t.Parallel()
	program := build(t)
	for name, use := range map[string]func(*testing.T, string){
		"by hand": playedByHand, "by button": playedByButton, "by story": playedByStory, "in trouble": trouble, "sent twice": sentTwice, "kept": kept, "other desks": otherDesks,
		"own desk": ownDesk,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			use(t, program)
		})
	}
}

// playedByStory plays all stories by the page's button, in an order in which some continue and some begin anew.
func playedByStory(t *testing.T, program string) {
	d := demo(t, program)
	steps := len(d.story("1-propose").Steps)
	for range steps {
		d.post("story", playground.StoryDo{ID: "1-propose", Do: "next"})
	}
	for _, id := range []string{"2-triage", "3-departments-answer", "6-decline", "10-rule-out", "4-reply", "5-talk-back", "7-commands"} {
		d.post("story", playground.StoryDo{ID: id, Do: "all"})
		d.until(func(s snapshot) bool {
			for _, one := range s.Stories {
				if one.ID == id && one.Failed != "" {
					t.Fatal(one.Failed)
				}
			}
			return s.story(id).Done
		})
		if id == "6-decline" {
			d.until(func(s snapshot) bool {
				return len(s.Proposals) == 1 && s.Proposals[0].State == "declined" && s.Proposals[0].NextDate == ""
			})
		}
	}
	last := d.until(func(s snapshot) bool { return s.story("1-propose").Done && len(s.Proposals) == 1 })
	if p := last.Proposals[0]; p.Number != "K2026-0001" || p.StateLabel != "対話中" {
		t.Errorf("after the story of commands there is %+v", p)
	}
	if last.Clock.OffsetSeconds != 86400 {
		t.Errorf("the clock was moved by %d s, want a day", last.Clock.OffsetSeconds)
	}
	d.post("story", playground.StoryDo{ID: "7-commands", Do: "reset"})
	d.until(func(s snapshot) bool { return !s.story("7-commands").Done && s.story("5-talk-back").Done })
	d.post("story", playground.StoryDo{Do: "reset"})
	d.until(func(s snapshot) bool {
		return !s.story("5-talk-back").Done && len(s.Proposals) == 0 && len(s.Deliveries) == 0 && s.Clock.OffsetSeconds == 0
	})
	if words := d.refused("story", playground.StoryDo{ID: "8", Do: "all"}); words != "no_story" {
		t.Errorf("a story that is not there is refused with %q", words)
	}
}

// trouble breaks the network and mends it: what was to be said is said in the end.
func trouble(t *testing.T, program string) {
	d := demo(t, program)
	sato := d.until(func(s snapshot) bool { return len(s.People) > 0 }).People[0].ID
	d.post("fault", playground.FaultDo{ID: "line_500", On: true})
	d.post("line", playground.LineDo{Person: sato, Do: "follow"})
	broken := d.until(func(s snapshot) bool { return len(s.Deliveries) == 1 && s.Deliveries[0].Tries > 0 })
	if one := broken.Deliveries[0]; one.State != "pending" {
		t.Errorf("with LINE broken the greeting is %s", one.State)
	}
	if entries := broken.Chats[sato]; len(entries) != 1 || entries[0].Note == "" {
		t.Errorf("with LINE broken the phone shows %+v", entries)
	}
	d.post("fault", playground.FaultDo{ID: "line_500"})
	d.until(func(s snapshot) bool { return len(s.Chats[sato]) > 1 && s.Deliveries[0].State == "sent" })

	d.post("fault", playground.FaultDo{ID: "duplicate_events", On: true})
	d.post("fault", playground.FaultDo{ID: "redis_flush", On: true})
	before := len(d.until(func(s snapshot) bool { return true }).Deliveries)
	d.post("line", playground.LineDo{Person: sato, Do: "text", Text: "提案する"})
	d.until(func(s snapshot) bool { return len(s.Deliveries) == before+1 && strings.Contains(s.text(sato), "(1/") })

	d.post("clock", playground.ClockDo{To: "next_working_day"})
	d.until(func(s snapshot) bool { return strings.HasPrefix(s.Clock.Now, "2026-11-20T09:00") })
	for what, wish := range map[string]any{
		"line": playground.LineDo{Person: "nobody", Do: "text"}, "slack": playground.SlackDo{User: "U0TANAKA", Do: "press", Channel: "C0DESK", TS: "1.1"},
		"clock": playground.ClockDo{To: "yesterday"}, "fault": playground.FaultDo{ID: "flood", On: true},
	} {
		if words := d.refused(what, wish); words == "" {
			t.Errorf("the page may ask %s for %+v", what, wish)
		}
	}
}

// sentTwice sends a screen that has been answered with another one: what is refused is named as it is.
func sentTwice(t *testing.T, program string) {
	d := demo(t, program)
	d.post("story", playground.StoryDo{ID: "2-triage", Do: "all"})
	card := d.until(func(s snapshot) bool { return s.story("2-triage").Done && len(s.Messages["C0DESK"]) > 0 }).Messages["C0DESK"][0]
	var action struct{ block, id, value string }
	var blocks []struct {
		ID       string `json:"block_id"`
		Elements []struct {
			ID    string `json:"action_id"`
			Value string `json:"value"`
		}
	}
	if err := json.Unmarshal(card.Blocks, &blocks); err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks {
		for _, e := range b.Elements {
			if strings.HasPrefix(e.ID, "proposal.reply") {
				action.block, action.id, action.value = b.ID, e.ID, e.Value
			}
		}
	}
	d.post("slack", playground.SlackDo{User: "U0TANAKA", Do: "press", Channel: "C0DESK", TS: card.TS, BlockID: action.block, ActionID: action.id, Value: action.value})
	view := d.until(func(s snapshot) bool { return len(s.Views["U0TANAKA"]) == 1 }).Views["U0TANAKA"][0]
	submit := playground.SlackDo{User: "U0TANAKA", Do: "submit", ViewID: view.ID, Values: json.RawMessage(`{"body":{"body":{"type":"plain_text_input","value":"お返事です。"}}}`)}
	d.post("slack", submit)
	d.until(func(s snapshot) bool { return len(s.Views["U0TANAKA"]) == 2 })
	if words := d.refused("slack", submit); words != "covered" {
		t.Errorf("the second time is refused with %q", words)
	}
}

// kept starts a demo twice over the same folder.
func kept(t *testing.T, program string) {
	dir := sharedFolder(t)
	first := demo(t, program, "--keep", dir)
	first.post("story", playground.StoryDo{ID: "2-triage", Do: "all"})
	was := first.until(func(s snapshot) bool { return s.story("2-triage").Done })
	first.stop()
	second := demo(t, program, "--keep", dir)
	now := second.until(func(s snapshot) bool { return len(s.Proposals) == 1 })
	if now.Clock.Now < was.Clock.Now {
		t.Errorf("the kept desk went from %s back to %s", was.Clock.Now, now.Clock.Now)
	}
}

// otherDesks plays the stories of the other profiles.
func otherDesks(t *testing.T, program string) {
	for _, profile := range []string{"osaka", "itabashi"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			d := demo(t, program, "--profile", profile)
			d.post("story", playground.StoryDo{ID: profile, Do: "all"})
			if s := d.until(func(s snapshot) bool { return s.story(profile).Done || s.story(profile).Failed != "" }).story(profile); !s.Done {
				t.Error(s.Failed)
			}
		})
	}
}

// build makes the program.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "tsunagi")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "tsunagi").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// running is a demo under way.
type running struct {
	t   *testing.T
	cmd *exec.Cmd
	url string
}

// demo starts the demo command. It is stopped as a person does, and must end well.
func demo(t *testing.T, program string, args ...string) *running {
	t.Helper()
	d := &running{t: t, cmd: exec.Command(program, append([]string{"demo", "--addr", "127.0.0.1:0"}, args...)...)}
	d.cmd.Stderr = t.Output()
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.stop)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if d.url = regexp.MustCompile(`http://\S+/`).FindString(lines.Text()); d.url != "" {
			return d
		}
	}
	t.Fatalf("the demo told no address: %v", lines.Err())
	return nil
}

func (d *running) stop() {
	d.t.Helper()
	if d.cmd == nil {
		return
	}
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		d.t.Error(err)
	}
	if err := d.cmd.Wait(); err != nil {
		d.t.Errorf("the demo ended with %v", err)
	}
	d.cmd = nil
}

// post asks for something as the page does.
func (d *running) post(what string, wish any) {
	d.t.Helper()
	if words := d.refused(what, wish); words != "" {
		d.t.Fatalf("%s %+v is refused: %s", what, wish, words)
	}
}

// refused gives the words with which a wish is refused.
func (d *running) refused(what string, wish any) string {
	d.t.Helper()
	raw, err := json.Marshal(wish)
	if err != nil {
		d.t.Fatal(err)
	}
	answer, err := http.Post(d.url+what, "application/json", bytes.NewReader(raw))
	if err != nil {
		d.t.Fatal(err)
	}
	defer answer.Body.Close()
	var said struct{ Error string }
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil || answer.StatusCode != http.StatusOK {
		d.t.Fatalf("%s %+v: %s %q, %v", what, wish, answer.Status, said.Error, err)
	}
	return said.Error
}

// snapshot is what of the page's state these tests look at.
type snapshot struct {
	People     []playground.Person
	Staff      []playground.Staff
	Chats      map[string][]playground.ChatEntry
	Deliveries []playground.Delivery
	Proposals  []playground.Proposal
	Clock      playground.Clock
	Stories    []playground.Story
	Messages   map[string][]playground.Message
	Views      map[string][]struct{ ID string }
}

func (s snapshot) story(id string) playground.Story {
	for _, one := range s.Stories {
		if one.ID == id {
			return one
		}
	}
	return playground.Story{}
}

// text is all that stands on a phone.
func (s snapshot) text(person string) string {
	var b strings.Builder
	for _, e := range s.Chats[person] {
		b.Write(e.Message)
	}
	return b.String()
}

func (d *running) story(id string) playground.Story {
	d.t.Helper()
	return d.until(func(s snapshot) bool { return s.story(id).ID == id }).story(id)
}

// until follows the stream, as the page does, until the state is as wanted.
func (d *running) until(wanted func(snapshot) bool) snapshot {
	d.t.Helper()
	ctx, cancel := testwait.Bound(d.t.Context())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url+"stream", nil)
	if err != nil {
		d.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer answer.Body.Close()
	var now snapshot
	lines := bufio.NewReader(answer.Body)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			d.t.Fatalf("the state never came: %v; stories %+v, deliveries %+v", err, now.Stories, now.Deliveries)
		}
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			continue
		}
		var news map[string]json.RawMessage
		if err := json.Unmarshal([]byte(data), &news); err != nil {
			d.t.Fatal(err)
		}
		if now.take(d.t, news); wanted(now) {
			return now
		}
	}
}

// take takes over the sections that an event holds.
func (s *snapshot) take(t *testing.T, news map[string]json.RawMessage) {
	t.Helper()
	section(t, news[playground.SectionPeople], &s.People)
	section(t, news[playground.SectionStaff], &s.Staff)
	section(t, news[playground.SectionChats], &s.Chats)
	section(t, news[playground.SectionDeliveries], &s.Deliveries)
	section(t, news[playground.SectionProposals], &s.Proposals)
	section(t, news[playground.SectionClock], &s.Clock)
	section(t, news[playground.SectionStories], &s.Stories)
	section(t, news[playground.SectionMessages], &s.Messages)
	section(t, news[playground.SectionViews], &s.Views)
}

func section[T any](t *testing.T, raw json.RawMessage, into *T) {
	t.Helper()
	if raw == nil {
		return
	}
	var fresh T
	if err := json.Unmarshal(raw, &fresh); err != nil {
		t.Fatal(err)
	}
	*into = fresh
}

// sharedFolder is one that Postgres can enter when it runs as another user.
func sharedFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "demo-kept-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
