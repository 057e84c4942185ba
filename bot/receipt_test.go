package bot_test

import (
	"testing"

	"pgregory.net/rapid"

	"tsunagi/bot"
)

func TestReceipt_is_read_as_people_type_it(t *testing.T) {
	t.Parallel()
	const pattern bot.Receipt = "K{fy}-{seq:4}"
	for typed, want := range map[string]string{
		"K2026-0001": "K2026-0001", "k2026-1": "K2026-0001", "Ｋ２０２６－０００１": "K2026-0001", "Ｋ２０２６ー１": "K2026-0001",
		"K2026 12": "K2026-0012", "1": "K2026-0001", "０００１": "K2026-0001", "2025-7": "K2025-0007", "25-7": "K2025-0007",
		"#12": "K2026-0012", "K12": "K2026-0012", "K20260003": "K2026-0003", "k2026−10234": "K2026-10234",
		"": "", "K": "", "K2026-": "K2026-2026", "0": "", "X2026-1": "", "list": "", "K2026-1a": "", "1-2-3": "", "12345-6": "",
		"99999999999999999999": "", "0200-100": "", "0026-1": "",
	} {
		got, ok := pattern.Parse(typed, 2026)
		if got != want || ok != (want != "") {
			t.Errorf("%q: got %q %v, want %q", typed, got, ok, want)
		}
	}
}

func TestReceipt_reads_what_it_writes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.SampledFrom([]bot.Receipt{"K{fy}-{seq:4}", "{fy}-{seq:3}", "OSK{fy}{seq:5}", "IT-{fy}-{seq}",
			"PPP2-{fy}-{seq:4}", "{fy}K-{seq:3}", "R{fy}-{seq:4}A", "2F{fy}{seq:4}-B7"}).Draw(t, "pattern")
		year, seq := rapid.IntRange(2020, 2099).Draw(t, "year"), rapid.IntRange(1, 99_999).Draw(t, "seq")
		number := pattern.Number(year, seq)
		if got, ok := pattern.Parse(number, 2026); got != number || !ok {
			t.Fatalf("%s wrote %q and read %q %v", pattern, number, got, ok)
		}
	})
}
