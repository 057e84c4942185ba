package config

import "time"

const japan = "Asia/Tokyo"

// zone is a time zone by its name in the IANA database. Japan's, whose clocks have not been moved since 1951, is known on
// a machine without that database too; carrying all of it along would be a hundredth of the program.
func zone(name string) (*time.Location, error) {
	z, err := time.LoadLocation(name)
	if err != nil && name == japan {
		return japanTime(), nil
	}
	return z, err
}

func japanTime() *time.Location { return time.FixedZone("JST", 9*60*60) }
