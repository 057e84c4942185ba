package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"time"

	"tsunagi/handlers/slack/slacksim"
)

// commands types /desk list: two hundred times a second, and as fast as the answers come.
func commands(ctx context.Context, s *stage, r *report) error {
	database, err := s.archive(ctx, 10_000)
	if err != nil {
		return err
	}
	ours, err := s.serve(ctx, database, 8)
	if err != nil {
		return err
	}
	defer ours.stop() //nolint:errcheck // how it ends is measured elsewhere
	sdk, err := s.yardstick(ctx, "command", 9)
	if err != nil {
		return err
	}
	defer sdk.stop() //nolint:errcheck // a yardstick may end as it likes
	if _, err := s.newTyping(ours).closed(ctx, 2*warmUp); err != nil {
		return err
	}
	rate, err := s.newTyping(ours).open(ctx, 200, s.seconds(15))
	if err != nil {
		return err
	}
	most, cpu, err := s.mostCommands(ctx, ours, sdk)
	if err != nil {
		return err
	}
	p99, ratio := at(rate.acked, .99), median(most[0])/median(most[1])
	r.table("Slack: /desk list over 10,000 proposals", []string{"what", "measured", "goal"}, [][]string{
		{"at 200 a second: answered p50", ms(at(rate.acked, .5)), ""},
		{"at 200 a second: answered p99", ms(p99), against(p99 <= 50e6, "≤ 50 ms")},
		{"at 200 a second: slowest", ms(at(rate.acked, 1)), ""},
		{"not answered with a list", fmt.Sprint(rate.refused), against(rate.refused == 0, "0")},
		{"most commands/s, 32 people", fmt.Sprintf("%.0f", median(most[0])), ""},
		{"bot CPU per command", fmt.Sprintf("%.0f µs", median(cpu[0])), ""},
		{"yardstick: slack-go, one insert, one post: commands/s", fmt.Sprintf("%.0f", median(most[1])), ""},
		{"yardstick: bot CPU per command", fmt.Sprintf("%.0f µs", median(cpu[1])), ""},
		{"ours, of the yardstick's", fmt.Sprintf("%.0f %%", ratio*100), against(ratio >= 3*2210.0/7900, "≥ 84 %, which is three times bolt's")},
		{"errors logged", fmt.Sprint(ours.complaints()), against(ours.complaints() == 0, "0")},
	})
	return nil
}

// mostCommands measures both by turns.
func (s *stage) mostCommands(ctx context.Context, bots ...*child) (most, cpu [2][]float64, err error) {
	for range s.times(3) {
		for i, b := range bots {
			before := spent(b.pid())
			got, err := s.newTyping(b).closed(ctx, s.seconds(4))
			if err != nil {
				return most, cpu, err
			}
			if got.refused > 0 {
				return most, cpu, fmt.Errorf("%s refused %d of %d commands", b.name, got.refused, got.events)
			}
			most[i] = append(most[i], float64(got.events)/got.took.Seconds())
			cpu[i] = append(cpu[i], float64(spent(b.pid()).minus(before).bot.Microseconds())/float64(got.events))
		}
	}
	return most, cpu, nil
}

// typing is people typing commands to one bot.
type typing struct {
	addr  string
	phase uint32
	lists bool // the answer must be a list
}

func (s *stage) newTyping(b *child) *typing {
	return &typing{addr: b.addr, phase: s.phase.Add(1), lists: b.name == "tsunagi"}
}

// typists is how many type at once in the closed loop.
const typists = 32

func (c *typing) closed(ctx context.Context, d time.Duration) (sum, error) {
	t := newTally(c.phase, most(d))
	var all sync.WaitGroup
	for range typists {
		all.Go(func() {
			w := wire{addr: c.addr}
			defer w.close()
			for ctx.Err() == nil && time.Since(t.began) < d {
				e, n, ok := t.event(nil)
				if !ok {
					return
				}
				c.ask(&w, t, e, n)
			}
		})
	}
	all.Wait()
	return t.sum(), parent(ctx)
}

func (c *typing) open(ctx context.Context, perSecond int, d time.Duration) (sum, error) {
	total := int(d.Seconds() * float64(perSecond))
	t := newTally(c.phase, total)
	type ask struct {
		e *entry
		n int64
	}
	asks := make(chan ask, total)
	var all sync.WaitGroup
	for range lines {
		all.Go(func() {
			w := wire{addr: c.addr}
			defer w.close()
			for a := range asks {
				c.ask(&w, t, a.e, a.n)
			}
		})
	}
	atRate(ctx, perSecond, total, func(int) {
		e, n, _ := t.event(nil)
		asks <- ask{e, n}
	})
	close(asks)
	all.Wait()
	return t.sum(), parent(ctx)
}

// ask types one command; the answer comes with the acknowledgement.
func (c *typing) ask(w *wire, t *tally, e *entry, n int64) {
	body := c.body(n)
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	status, answer, err := w.post("/slack/commands", body, "Content-Type: application/x-www-form-urlencoded",
		"X-Slack-Request-Timestamp: "+stamp, "X-Slack-Signature: "+slacksim.Sign(slackSecret, stamp, body))
	if err != nil || c.lists && !bytes.Contains(answer, []byte(`"blocks"`)) {
		status = 0
	}
	t.ack(e, status)
}

func (c *typing) body(n int64) []byte {
	return []byte(url.Values{
		"token": {"deprecated"}, "team_id": {"T0SIM"}, "team_domain": {"sim"}, "channel_id": {"C0DESK"}, "channel_name": {"desk"},
		"user_id": {clerk}, "user_name": {"clerk"}, "command": {"/desk"}, "text": {"list"}, "api_app_id": {"A0SIM"},
		"response_url": {"https://hooks.slack.com/commands/T0SIM/1/x"}, "trigger_id": {fmt.Sprintf("%d.%d.bench", c.phase, n)},
	}.Encode())
}
