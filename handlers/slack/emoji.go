package slack

import (
	_ "embed"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

//go:embed emoji.txt
var emojiTable string

// emoji is one emoji by Slack's name.
type emoji struct {
	letters string
	toned   bool // it comes in skin tones
}

// emojis are the emoji by name, read when the first name is met.
var emojis = sync.OnceValue(func() map[string]emoji {
	all := map[string]emoji{}
	for line := range strings.Lines(emojiTable) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] == "#" {
			continue
		}
		for name := range strings.SplitSeq(fields[0], ",") {
			all[name] = emoji{letters(fields[1]), len(fields) > 2}
		}
	}
	return all
})

// letters are the characters of code points such as 1F647-200D-2642.
func letters(points string) string {
	var b strings.Builder
	for point := range strings.SplitSeq(points, "-") {
		n, _ := strconv.ParseUint(point, 16, 32)
		b.WriteRune(rune(n))
	}
	return b.String()
}

// named is an emoji as Slack writes it, and its skin tone: :bow: or :bow::skin-tone-2:
var named = regexp.MustCompile(`:([a-z0-9_+'-]+):(?::(skin-tone-[2-6](?:-[2-6])?):)?`)

// unnamed turns Slack's names of emoji into emoji, as everybody else reads them. Names that only this workspace has stay as
// typed, and so does what stands between letters and figures: a time, a ratio, part of an address.
func unnamed(typed string) string {
	var b strings.Builder
	for at := 0; at < len(typed); {
		found := named.FindStringSubmatchIndex(typed[at:])
		if found == nil {
			return b.String() + typed[at:]
		}
		begin, end, name := at+found[0], at+found[1], typed[at+found[2]:at+found[3]]
		e, known := emojis()[name]
		if !known || within(typed, begin, end, name) {
			b.WriteString(typed[at : at+found[3]]) // its last colon may begin another one
			at += found[3]
			continue
		}
		tone := ""
		if found[4] >= 0 {
			tone = typed[at+found[4] : at+found[5]]
		}
		b.WriteString(typed[at:begin] + e.with(tone))
		at = end
	}
	return b.String()
}

// within reports whether what looks like a name is rather part of something longer: letters or figures stand on both sides;
// or, of what is short or a figure itself, on one.
func within(typed string, begin, end int, name string) bool {
	before, after := begin > 0 && plainLetter(typed[begin-1]), end < len(typed) && plainLetter(typed[end])
	if _, err := strconv.Atoi(name); err == nil || len(name) < 3 {
		return before || after
	}
	return before && after
}

func plainLetter(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// with is an emoji in a skin tone; without one if it has none.
func (e emoji) with(tone string) string {
	modifier, ok := emojis()[tone]
	if !ok || !e.toned {
		return e.letters
	}
	runes := []rune(e.letters)
	return string(runes[0]) + modifier.letters + strings.TrimPrefix(string(runes[1:]), "\ufe0f")
}
