package bot_test

import (
	"testing"

	"tsunagi/bot"
)

// Whatever is typed: what is read as a receipt number is read as the same one again, as the city writes it.
func FuzzReceipt(f *testing.F) {
	for _, typed := range []string{"K2026-0001", "Ｋ２０２６ー１", "1", "25-7", "K20260003", "k2026−10234", "", "K2026-1a", "12345-6", "99999999999999999999"} {
		f.Add(typed)
	}
	patterns := []bot.Receipt{"K{fy}-{seq:4}", "{fy}-{seq:3}", "PPP2-{fy}-{seq:4}", "R{fy}-{seq:4}A"}
	f.Fuzz(func(t *testing.T, typed string) {
		for _, pattern := range patterns {
			number, ok := pattern.Parse(typed, 2026)
			if !ok {
				continue
			}
			if again, ok := pattern.Parse(number, 2026); again != number || !ok {
				t.Errorf("%s: %q is %s, and that is %q", pattern, typed, number, again)
			}
		}
	})
}
