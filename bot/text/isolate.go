package text

import "strings"

// The characters that turn the reading direction (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters).
const (
	firstStrong   = '\u2068'
	popIsolate    = '\u2069'
	turningMarks  = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
	beginsIsolate = "\u2066\u2067\u2068"
)

// Isolate closes words off so that marks turning the reading direction in them cannot turn the words around them. Words
// without such marks come back as they are.
func Isolate(words string) string {
	if !strings.ContainsAny(words, turningMarks) {
		return words
	}
	lines := strings.Split(words, "\n")
	for i, line := range lines {
		lines[i] = isolateLine(line)
	}
	return strings.Join(lines, "\n")
}

// isolateLine drops ends that were never begun, as they would end our own isolate, and ends what was left open.
func isolateLine(line string) string {
	var b strings.Builder
	b.WriteRune(firstStrong)
	open := 1
	for _, r := range line {
		switch {
		case strings.ContainsRune(beginsIsolate, r):
			open++
		case r == popIsolate && open == 1:
			continue
		case r == popIsolate:
			open--
		}
		b.WriteRune(r)
	}
	b.WriteString(strings.Repeat(string(popIsolate), open))
	return b.String()
}
