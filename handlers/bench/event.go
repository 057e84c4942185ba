package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"
)

//go:embed talk/steps.txt
var stepsText string

// step is one thing a person does.
type step struct{ do, what string }

// shortTalk is how many steps the talk of the yardsticks has.
const shortTalk = 10

// steps reads the whole talk.
func steps() []step {
	var out []step
	for line := range strings.Lines(stepsText) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			do, what, _ := strings.Cut(line, " ")
			out = append(out, step{do, what})
		}
	}
	return out
}

// answersIn counts the steps of a talk whose answers must be in the draft: all that is said but sending; a
// skipped question has a row too.
func answersIn(talk []step) int {
	n := 0
	for i, s := range talk {
		if s.do == "say" && i != sending {
			n++
		}
	}
	return n
}

// sending is the place in the whole talk of what is said without being an answer.
const sending = 14

// botUser is the destination of all events.
const botUser = "Ub0000000000000000000000000000000"

// line is the body of a webhook with one event, as LINE sends it.
// https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects
func (s step) line(b *bytes.Buffer, t *tally, n int64, user string, who int) []byte {
	b.Reset()
	fmt.Fprintf(b, `{"destination":"%s","events":[{"type":"%s","mode":"active","timestamp":%d,"webhookEventId":"01BENCH%08X%011X",`+
		`"deliveryContext":{"isRedelivery":false},"source":{"type":"user","userId":"%s"},"replyToken":"%s"`,
		botUser, s.kind(), time.Now().UnixMilli(), t.phase, n, user, t.token(n))
	switch s.do {
	case "follow":
		b.WriteString(`,"follow":{"isUnblocked":false}`)
	case "press":
		b.WriteString(`,"postback":{"data":"` + s.what + `"}`)
	default:
		fmt.Fprintf(b, `,"message":{"type":"text","id":"%d","quoteToken":"q3Plxr4AgKd","text":"%s"}`,
			508_000_000_000_000_000+int64(t.phase)<<32+n, strings.ReplaceAll(s.what, "N", strconv.Itoa(who)))
	}
	b.WriteString(`}]}`)
	return b.Bytes()
}

func (s step) kind() string {
	switch s.do {
	case "follow":
		return "follow"
	case "press":
		return "postback"
	}
	return "message"
}

// user is the id of the who-th person of a phase.
func user(phase uint32, who int) string { return fmt.Sprintf("U%08x%024x", phase, who) }
