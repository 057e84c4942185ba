package keeper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/config"
	"tsunagi/handlers/slack"
	"tsunagi/store"
)

// CheckProfile judges a profile alone, so that whoever writes one needs nothing but the file, also where it is kept.
func CheckProfile(name string, out io.Writer) error {
	_, err := Profile(name)
	return config.Report(out, []config.Finding{config.Found("profile", err, "Correct the lines listed; docs/settings.md explains each key.")})
}

// Profile loads the profile that the flag --profile names; that there is none is a fault of the flag.
func Profile(name string) (config.Profile, error) {
	p, err := config.LoadProfile(name, os.ReadFile)
	if faults := (config.Faults)(nil); errors.As(err, &faults) && faults[0].Key == "DESK_PROFILE" {
		faults[0].Key = "--profile"
	}
	return p, err
}

// Check looks at everything the desk needs, one thing after the other, and says what to do about each fault; what lacks
// a setting, or the profile, is not tried.
func (p Parts) Check(ctx context.Context, environ []string, out io.Writer) error {
	s, err := config.ReadSettings(environ, config.Check)
	k := checkup{found: []config.Finding{config.Found("settings", err, "Set what is listed; docs/settings.md explains each.")}}
	var d *described
	k.look("profile", s.DeskProfile != "", func() []config.Finding {
		d, err = p.describe(s)
		return []config.Finding{config.Found("profile", err, "Correct the lines listed; docs/settings.md explains each key.")}
	})
	k.found = append(k.found, checkHolidays(time.Now()))
	k.look("Postgres", s.DatabaseURL.IsSet(), func() []config.Finding { return checkPostgres(ctx, s) })
	k.look("Redis", s.RedisURL.IsSet(), func() []config.Finding { return p.checkRedis(ctx, s) })
	k.look("LINE", d != nil && s.LineToken() && s.PublicURL != "", func() []config.Finding { return p.checkLine(ctx, d) })
	k.look("Slack", d != nil && s.SlackBotToken.IsSet(), func() []config.Finding { return checkSlack(ctx, d) })
	if k.well("Postgres") && d != nil && !s.SocketMode() {
		k.found = append(k.found, checkSignature(ctx, d)...)
	}
	return config.Report(out, k.found, k.left...)
}

// checkup is what was found, and what could not be looked at.
type checkup struct {
	found []config.Finding
	left  []string
}

func (k *checkup) look(what string, can bool, look func() []config.Finding) {
	if !can {
		k.left = append(k.left, what)
		return
	}
	k.found = append(k.found, look()...)
}

// well reports whether something was looked at and found as it should be.
func (k *checkup) well(what string) bool {
	return slices.ContainsFunc(k.found, func(f config.Finding) bool { return f.What == what && f.OK })
}

// checkSignature judges Slack's signing secret by what the desk in service has found.
func checkSignature(ctx context.Context, d *described) []config.Finding {
	ctx, cancel := context.WithTimeout(ctx, checkFor)
	defer cancel()
	var found store.Signatures
	db, err := store.Open(ctx, d.s.DatabaseURL.Reveal(), store.Options{Now: time.Now, NewID: uuid.New})
	if err == nil {
		found, err = db.Signatures(ctx, bot.Slack)
		db.Close()
	}
	if err != nil {
		return []config.Finding{config.Found("Postgres", config.PostgresFault(d.s.DatabaseURL, err), "Try again.")}
	}
	return slack.CheckSignature(found, d.words, d.s.SocketMode())
}

// checkHolidays looks whether the holidays of this year are sure; dates are promised by them.
func checkHolidays(now time.Time) config.Finding {
	const what = "national holidays"
	year, err := calendar.VerifiedThrough()
	if err == nil && now.Year() > year {
		err = fmt.Errorf("those after %d follow from the law of then, and may have been changed since", year)
	}
	return config.Found(what, err, "Install a newer version of Tsunagi, or name the days that differ as \"closed\" in the profile.")
}

// checkFor is how long a database may take to answer.
const checkFor = 10 * time.Second

func checkPostgres(ctx context.Context, s config.Settings) []config.Finding {
	ctx, cancel := context.WithTimeout(ctx, checkFor)
	defer cancel()
	current, err := store.Migrated(ctx, s.DatabaseURL.Reveal())
	if err == nil && !current {
		err = errors.New("the schema is older than this program")
	}
	remedy := "Run: tsunagi migrate"
	if errors.Is(err, store.ErrNewer) {
		remedy = "Run the newer version of Tsunagi; docs/operations.md tells how to go back."
	}
	found := []config.Finding{config.Found("Postgres", config.PostgresFault(s.DatabaseURL, err), remedy)}
	if err == nil {
		found = append(found, checkHeld(ctx, s))
	}
	return found
}

// checkHeld looks whether deliveries are held since a backup was restored.
func checkHeld(ctx context.Context, s config.Settings) config.Finding {
	db, err := store.Open(ctx, s.DatabaseURL.Reveal(), store.Options{Now: time.Now, NewID: uuid.New, MaxConns: 1})
	if err == nil {
		defer db.Close()
		var e store.Epoch
		if e, err = db.Epoch(ctx); err == nil && !e.HeldSince.IsZero() {
			err = fmt.Errorf("all are held since %s, when the database was found to be a restored backup", e.HeldSince.Format(time.RFC3339))
		}
	}
	return config.Found("deliveries", err, "Run: tsunagi release")
}

func (p Parts) checkRedis(ctx context.Context, s config.Settings) []config.Finding {
	ctx, cancel := context.WithTimeout(ctx, checkFor)
	defer cancel()
	r, err := p.Sessions(s)
	if err == nil {
		err = errors.Join(r.Ping(ctx), r.Close())
	}
	return []config.Finding{config.Found("Redis", config.RedisFault(s.RedisURL, err), "See that REDIS_URL is right and reachable from here.")}
}

func (p Parts) checkLine(ctx context.Context, d *described) []config.Finding {
	company, err := p.Line(d.s, d.words)
	if err != nil {
		return []config.Finding{config.Found("LINE", err, "Correct the LINE settings.")}
	}
	defer company.Close()
	return company.Check(ctx, d.s.PublicURL)
}

func checkSlack(ctx context.Context, d *described) []config.Finding {
	staff, err := slack.NewClient(slack.Access{APIURL: d.s.SlackAPIURL, BotToken: d.s.SlackBotToken, AppToken: d.s.SlackAppToken})
	if err != nil {
		return []config.Finding{config.Found("Slack", err, "Correct the Slack settings.")}
	}
	return slack.Check(ctx, staff, d.desk, d.words)
}
