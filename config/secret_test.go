package config_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"tsunagi/config"
)

const canary = "s3cret-canary"

func TestSecretIsNeverPrinted(t *testing.T) {
	t.Parallel()
	type hidden struct{ inner config.Secret }
	secret := config.NewSecret(canary)
	settings := config.Settings{DatabaseURL: secret, SlackBotToken: secret}
	holders := map[string]any{
		"itself": secret, "pointer": &secret, "unexported": hidden{secret}, "pointer to unexported": &hidden{secret},
		"list": []config.Secret{secret}, "map": map[string]config.Secret{"a": secret}, "settings": settings, "pointer to settings": &settings,
	}
	for name, holder := range holders {
		for _, verb := range strings.Fields("%v %+v %#v %s %q %x %X %d %t %T %10v %p") {
			if got := fmt.Sprintf(verb, holder); reveals(got) {
				t.Errorf("%s printed with %s: %s", name, verb, got)
			}
		}
		if got, err := json.Marshal(holder); err != nil || reveals(string(got)) {
			t.Errorf("%s as JSON: %s, %v", name, got, err)
		}
		if got, _ := xml.Marshal(holder); reveals(string(got)) {
			t.Errorf("%s as XML: %s", name, got)
		}
		for form, handler := range handlers() {
			handler.log.Info("start", "value", holder, slog.Any("again", holder))
			if got := handler.out.String(); reveals(got) || !strings.Contains(got, "start") {
				t.Errorf("%s in a %s log: %s", name, form, got)
			}
		}
	}
}

type handler struct {
	log *slog.Logger
	out *bytes.Buffer
}

func handlers() map[string]handler {
	plain, js := new(bytes.Buffer), new(bytes.Buffer)
	return map[string]handler{
		"text": {slog.New(slog.NewTextHandler(plain, nil)), plain}, "json": {slog.New(slog.NewJSONHandler(js, nil)), js},
	}
}

// reveals finds the secret as it is and in hexadecimal.
func reveals(s string) bool {
	return strings.Contains(s, canary) || strings.Contains(strings.ToLower(s), fmt.Sprintf("%x", canary))
}

func TestSecretShowsWhetherItIsSet(t *testing.T) {
	t.Parallel()
	set, none := config.NewSecret(canary), config.NewSecret("")
	for _, c := range []struct {
		name      string
		got, want any
	}{
		{"set, printed", fmt.Sprint(set), "••••••"},
		{"not set, printed", fmt.Sprint(none), ""},
		{"set, as Go", set.GoString(), "••••••"},
		{"set, revealed", set.Reveal(), canary},
		{"not set, revealed", none.Reveal(), ""},
		{"set", set.IsSet(), true},
		{"not set", none.IsSet(), false},
		{"equal to the same", set.Equal(config.NewSecret(canary)), true},
		{"equal to none", set.Equal(none), false},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, c.got, c.want)
		}
	}
}
