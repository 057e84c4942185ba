package slacksim

import (
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"strings"
)

// Command types a slash command in a channel, as "/desk list" or only "list". It returns what the person was
// shown. Commands cannot be typed in threads, nor by people of other organisations.
//
// https://docs.slack.dev/interactivity/implementing-slash-commands
func (s *Sim) Command(ctx context.Context, userID, channelID, typed string) (Outcome, error) {
	req, hook, err := s.command(userID, channelID, typed)
	if err != nil {
		return Outcome{}, fmt.Errorf("%s types a command in %s: %w", userID, channelID, err)
	}
	a := s.send(ctx, req)
	if a.problem != "" {
		return s.shownError(userID, channelID, req.what, a.problem), nil
	}
	return s.commandAnswer(hook, userID, a), nil
}

func (s *Sim) command(userID, channelID, typed string) (request, *hook, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.within(userID, channelID)
	if err != nil {
		return request{}, nil, err
	}
	u := s.users[userID]
	if u.outsider || u.bot || !s.scoped("commands") {
		return request{}, nil, NotAllowed
	}
	name, rest := s.cfg.Command, typed
	if strings.HasPrefix(typed, "/") {
		name, rest, _ = strings.Cut(typed, " ")
	}
	if name != s.cfg.Command {
		return request{}, nil, NotThere
	}
	if s.cfg.EscapeCommands {
		rest = s.escape(rest)
	}
	h := s.newHook(hook{user: userID, channel: ch.id, command: true})
	s.note(Entry{Kind: Acted, Method: name, User: userID, Channel: ch.id, Text: rest})
	return request{kind: "slash_commands", what: name, user: userID, answers: true, payload: object{
		"token": "deprecated", "team_id": s.cfg.TeamID, "team_domain": s.cfg.TeamDomain, "channel_id": ch.id,
		"channel_name": ch.commandName(), "user_id": userID, "user_name": u.name, "command": name,
		"text": strings.TrimSpace(rest), "api_app_id": s.cfg.AppID, "is_enterprise_install": "false",
		"response_url": s.cfg.BaseURL + "/response/" + h.id, "trigger_id": s.newTrigger(userID, ""),
	}}, h, nil
}

// commandName is how commands name the channel they were typed in; private ones have no name.
func (ch *channel) commandName() string {
	switch {
	case ch.im:
		return "directmessage"
	case ch.private:
		return "privategroup"
	}
	return ch.name
}

// shownError records an error that the client showed.
func (s *Sim) shownError(userID, channelID, what, problem string) Outcome {
	s.note(Entry{Kind: ErrorShown, Method: what, User: userID, Channel: channelID, Error: problem})
	return Outcome{Error: problem}
}

// commandAnswer shows what the app answered to a command: a message as JSON, or bare text. What Slack calls an
// answer that it cannot show is not documented; here it is invalid_command_response.
func (s *Sim) commandAnswer(h *hook, userID string, a answer) Outcome {
	if len(strings.TrimSpace(string(a.body))) == 0 {
		return Outcome{}
	}
	kind, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	said := hookMessage{Text: string(a.body)}
	if kind == "application/json" {
		said = hookMessage{}
		if json.Unmarshal(a.body, &said) != nil {
			return s.shownError(userID, h.channel, s.cfg.Command, "invalid_command_response")
		}
		if said.empty() {
			return Outcome{}
		}
	}
	d, err := said.draft(s)
	if err != nil {
		why := strings.Join(append([]string{"invalid_command_response:", err.code}, err.messages...), " ")
		return s.shownError(userID, h.channel, s.cfg.Command, why)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.respond(h, d, said).copied()
	return Outcome{Message: &m}
}
