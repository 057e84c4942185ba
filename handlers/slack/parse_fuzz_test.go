package slack_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tsunagi/bot/form"
	"tsunagi/handlers/slack"
)

// Whatever comes over the socket is answered with JSON that fits into a frame, or with nothing; no envelope brings down
// what reads it.
func FuzzEnvelope(f *testing.F) {
	for _, seed := range []string{
		`{"type":"slash_commands","envelope_id":"1","payload":{"command":"/desk","text":"list","user_id":"U0CLERK"},"accepts_response_payload":true}`,
		`{"type":"interactive","envelope_id":"2","payload":{"type":"block_actions","user":{"id":"U0CLERK"},"actions":[7,null]}}`,
		`{"type":"interactive","payload":{"type":"view_submission","view":{"state":{"values":[]},"blocks":[{"type":"input"}]}}}`,
		`{"type":"events_api","payload":{"event_id":"Ev1","event":{"type":"app_home_opened","view":{"hash":1}}}}`,
		`{"type":"hello"}`, `{"type":"disconnect","reason":7}`, `{"type":["interactive"],"payload":"x"}`, `null`, `[`, `{"type":"interactive"}`,
	} {
		f.Add([]byte(seed))
	}
	app, _ := served(f, "http://127.0.0.1:1")
	f.Fuzz(func(t *testing.T, raw []byte) {
		body, _, broken := app.Dispatch(t.Context(), raw)
		if broken {
			t.Errorf("%q is a fault of ours", raw)
		}
		if len(body) > 0 && !json.Valid(body) {
			t.Errorf("%q is answered with %q", raw, body)
		}
		if err := app.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// What was typed, chosen and picked in a modal comes out as it went in, beside inputs of any shape.
func FuzzSubmissionValues(f *testing.F) {
	f.Add("body", "お返事", `{"x":{"x":{"selected_options":[null]}}}`)
	f.Add("b", "\x00<!channel>", `[]`)
	f.Add("", "x", `{"b":7,"c":{"d":null,"e":{"type":7,"value":{}}}}`)
	f.Fuzz(func(t *testing.T, id, typed, beside string) {
		_ = slack.Values([]byte(beside))
		id, typed = strings.ToValidUTF8(id, "?"), strings.ToValidUTF8(typed, "?")
		var other map[string]json.RawMessage
		if json.Unmarshal([]byte(beside), &other) != nil || other == nil {
			other = map[string]json.RawMessage{}
		}
		text, err := json.Marshal(typed)
		if err != nil {
			t.Fatal(err)
		}
		for kind, field := range map[string]string{
			"typed":  fmt.Sprintf(`{"type":"plain_text_input","value":%s}`, text),
			"chosen": fmt.Sprintf(`{"type":"static_select","selected_option":{"value":%s},"value":null}`, text),
			"ticked": fmt.Sprintf(`{"type":"checkboxes","selected_options":[{"value":%s},null]}`, text),
			"picked": fmt.Sprintf(`{"type":"users_select","selected_user":%s}`, text),
		} {
			other[id] = json.RawMessage(`{"a":` + field + `}`)
			state, err := json.Marshal(other)
			if err != nil {
				t.Fatal(err)
			}
			want := []string{typed}
			if kind == "typed" { // without what nobody sees, and with emoji for their names
				words := strings.ReplaceAll(form.Readable(typed), "\x00", "")
				if strings.Contains(words, ":") {
					continue
				}
				want = []string{words}
				if words == "" {
					want = nil
				}
			}
			if typed == "" && (kind == "typed" || kind == "picked") {
				want = nil
			}
			if got := slack.Values(state)[id]; !slices.Equal(got, want) {
				t.Errorf("%s %q beside %q came out as %q", kind, typed, beside, got)
			}
		}
	})
}
