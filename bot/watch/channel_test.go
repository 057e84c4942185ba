package watch_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/watch"
	"tsunagi/store"
)

// Look is what Slack says of a channel.
func (p *post) Look(_ context.Context, channel string) (bot.ChannelFault, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.looked = append(p.looked, channel)
	switch p.unfit[channel] {
	case "away":
		return bot.ChannelAway, nil
	case "no answer":
		return "", bot.Refuse(bot.Later, "error.later")
	case "not allowed":
		return "", bot.Refuse(bot.Invalid, "error.invalid")
	}
	return p.unfit[channel], nil
}

// is sets what Slack says of channels, in pairs.
func (p *post) is(pairs ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unfit = map[string]bot.ChannelFault{}
	for i := 0; i+1 < len(pairs); i += 2 {
		p.unfit[pairs[i]] = bot.ChannelFault(pairs[i+1])
	}
}

// news are the lines about channels: to whom, of which, why.
func (p *post) news() []string {
	p.t.Helper()
	return p.texts(`SELECT lane || ' ' || (args->>'channel') || ' ' || (args->>'fault') FROM deliveries WHERE kind = 'closed' ORDER BY seq`)
}

func (p *post) closedNow() []string {
	p.t.Helper()
	return p.texts(`SELECT channel || ' ' || fault FROM closed_channels ORDER BY channel`)
}

func (p *post) texts(sql string) []string {
	p.t.Helper()
	conn, err := pgx.Connect(p.t.Context(), p.url)
	if err != nil {
		p.t.Fatal(err)
	}
	defer conn.Close(p.t.Context())
	rows, err := conn.Query(p.t.Context(), sql)
	if err != nil {
		p.t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		p.t.Fatal(err)
	}
	return found
}

func (p *post) same(what string, got, want []string) {
	p.t.Helper()
	if !slices.Equal(got, want) {
		p.t.Errorf("%s: %s: got %q, want %q", p.clock(), what, got, want)
	}
}

// Once an hour each channel is looked at. One that is not fit is closed and told of once, at the desk; a new reason is news; it is
// open again at the next look that finds it fit, and what happens then is news again.
func TestChannels(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.is("C0WELFARE", "public")
	p.at("2026-11-20 10:00")
	p.same("closed", p.closedNow(), []string{"C0WELFARE public"})
	looked := len(p.looked)
	if looked != len(p.desk.Channels()) {
		t.Errorf("looked at %q", p.looked)
	}
	p.is()
	p.at("2026-11-20 10:59")
	if len(p.looked) != looked {
		t.Errorf("looked again within the hour: %q", p.looked)
	}
	p.is("C0WELFARE", "public")
	p.at("2026-11-20 11:00")
	p.at("2026-11-20 12:00")
	p.same("news", p.news(), []string{"slack/C0DESK/0 C0WELFARE public"})
	p.is("C0WELFARE", "shared")
	p.at("2026-11-20 13:00")
	p.same("closed", p.closedNow(), []string{"C0WELFARE shared"})
	p.is()
	p.at("2026-11-20 14:00")
	p.same("closed", p.closedNow(), nil)
	p.is("C0WELFARE", "archived")
	p.at("2026-11-20 15:00")
	p.same("news", p.news(), []string{"slack/C0DESK/0 C0WELFARE public", "slack/C0DESK/0 C0WELFARE shared", "slack/C0DESK/0 C0WELFARE archived"})
	if log := p.log.String(); !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "channel=C0WELFARE") {
		t.Errorf("logged: %s", log)
	}
}

// Where the desk's own channel is not fit, each manager is told alone, of the others too.
func TestChannels_of_the_desk(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.desk.Managers = []string{"U0CHIEF", "U0HEAD"}
	p.is("C0DESK", "shared", "C0WELFARE", "away")
	p.at("2026-11-20 10:00")
	p.same("news", p.news(), []string{
		"slack/U0CHIEF/0 C0DESK shared", "slack/U0HEAD/0 C0DESK shared", "slack/U0CHIEF/0 C0WELFARE away", "slack/U0HEAD/0 C0WELFARE away",
	})
}

// What Slack does not tell changes nothing: neither is closed what was open, nor opened what was closed. When Slack is away, the next
// sweep asks again; when the app may not ask, the next hour.
func TestChannels_of_which_nothing_is_known(t *testing.T) {
	t.Parallel()
	for why, again := range map[string]bool{"no answer": true, "not allowed": false} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			p := newPost(t)
			p.is("C0WELFARE", "public")
			p.at("2026-11-20 10:00")
			p.is("C0DESK", why, "C0WELFARE", why, "C0HEALTH", why)
			p.at("2026-11-20 11:00")
			p.same("closed", p.closedNow(), []string{"C0WELFARE public"})
			p.is()
			p.at("2026-11-20 11:01")
			want := []string{"C0WELFARE public"}
			if again {
				want = nil
			}
			p.same("closed", p.closedNow(), want)
			p.same("news", p.news(), []string{"slack/C0DESK/0 C0WELFARE public"})
		})
	}
}

// A channel that the profile no longer has is not closed any more, so that what waited for it goes where its readers are now.
func TestChannels_that_the_profile_has_left(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.is("C0WELFARE", "public")
	p.at("2026-11-20 10:00")
	p.tx(func(tx *store.Tx) error {
		return tx.Put(store.Delivery{Lane: store.SlackLane("C0WELFARE", 7), Kind: "told", Event: "e", Args: map[string]string{}})
	})
	p.at("2026-11-24 10:00")
	p.desk.Departments = slices.Clone(p.desk.Departments)
	for i := range p.desk.Departments {
		if p.desk.Departments[i].Channel == "C0WELFARE" {
			p.desk.Departments[i].Channel = "C0CHIIKI"
		}
	}
	p.w.LookAtChannels(t.Context())
	p.same("closed", p.closedNow(), nil)
}

// Of several processes that look at once, one tells.
func TestChannels_of_several_processes(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.is("C0WELFARE", "public", "C0HEALTH", "shared")
	var all sync.WaitGroup
	for range 4 {
		_, w := p.replica()
		all.Go(func() { w.LookAtChannels(t.Context()) })
	}
	all.Wait()
	if n := len(p.news()); n != 2 {
		t.Errorf("told %d times: %q", n, p.news())
	}
}

// What Slack tells of a change has the channels looked at with the next sweep.
func TestChannels_that_have_changed(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.at("2026-11-20 10:00")
	p.is("C0WELFARE", "archived")
	p.w.LookAgain()
	p.at("2026-11-20 10:01")
	p.same("closed", p.closedNow(), []string{"C0WELFARE archived"})
}

var _ watch.Channels = (*post)(nil)
