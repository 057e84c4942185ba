package calendar

import (
	_ "embed" // holidays.txt
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/rickar/cal/v2/jp"
)

// holidays is every day off work by law in the years from firstYear to lastYear.
type holidays map[Date]bool

// The library has the Mountain Day from 2016 on, and its equinox formula is good to 2099.
const (
	firstYear = 2016
	lastYear  = 2099
)

//go:embed holidays.txt
var corrections string

// VerifiedThrough is the last year whose holidays were compared with the government's list. Later years follow from
// the law as it stands and may still be changed; `tsunagi check` says so when they have come.
func VerifiedThrough() (int, error) {
	for fields := range dataLines(corrections) {
		if fields[0] == "verified" {
			return strconv.Atoi(fields[1])
		}
	}
	return 0, errors.New("holidays.txt: no line says which years were verified")
}

// japan is the library's list with our corrections on top.
func japan() (holidays, error) {
	days := holidays{}
	for year := firstYear; year <= lastYear; year++ {
		for _, h := range jp.Holidays {
			// A copy, because the library keeps the equinox of the year in the shared value while it computes.
			if actual, observed := h.Clone(nil).Calc(year); !actual.IsZero() {
				days[DateOf(actual)], days[DateOf(observed)] = true, true
			}
		}
	}
	return days, days.correct(corrections)
}

func (h holidays) correct(text string) error {
	for fields := range dataLines(text) {
		if fields[0] == "verified" {
			continue
		}
		day, err := ParseDate(fields[1])
		if err != nil {
			return fmt.Errorf("holidays.txt: %w", err)
		}
		switch fields[0] {
		case "off":
			h[day] = true
		case "work":
			delete(h, day)
		default:
			return fmt.Errorf("holidays.txt: %q is neither off nor work", fields[0])
		}
	}
	return nil
}

// dataLines yields the words of each line that is neither empty nor a comment and has at least two.
func dataLines(text string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(text) {
			fields := strings.Fields(line)
			if len(fields) < 2 || fields[0] == "#" {
				continue
			}
			if !yield(fields) {
				return
			}
		}
	}
}
