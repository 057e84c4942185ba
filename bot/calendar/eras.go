package calendar

import (
	_ "embed" // eras.txt
	"fmt"
)

// Era is an era of Japan, with its key in Latin letters and its name as people write it.
type Era struct{ Key, Name string }

//go:embed eras.txt
var eras string

// EraOf is the era of a date and the year in it, the first being 1; how that is written (令和8年, or 元年 for the first) is
// up to the text catalogue. A date before the first era of eras.txt is an error.
func EraOf(day Date) (era Era, year int, err error) {
	for fields := range dataLines(eras) {
		start, err := ParseDate(fields[0])
		if err != nil || len(fields) != 3 {
			return Era{}, 0, fmt.Errorf("eras.txt: line of %s: want date, key, name", fields[0])
		}
		if !day.Before(start) {
			return Era{Key: fields[1], Name: fields[2]}, day.Year - start.Year + 1, nil
		}
	}
	return Era{}, 0, fmt.Errorf("no era is known for %s", day)
}
