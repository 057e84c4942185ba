package main

import (
	"context"
	"fmt"
	"os"
)

// starts times the way from the process's birth to the first 200 of /readyz, and weighs what was started.
func starts(ctx context.Context, s *stage, r *report) error {
	var empty, again, idle []float64
	for range s.times(6) {
		database, err := s.database(ctx)
		if err != nil {
			return err
		}
		for _, took := range []*[]float64{&empty, &again} {
			b, err := s.serve(ctx, database, 7)
			if err != nil {
				return err
			}
			*took = append(*took, float64(b.ready))
			idle = append(idle, memory(b.pid(), "VmRSS"))
			if err := b.stop(); err != nil {
				return fmt.Errorf("stop: %w\n%s", err, b.tail())
			}
		}
	}
	info, err := os.Stat(s.binary)
	if err != nil {
		return err
	}
	size := float64(info.Size()) / 1e6
	r.table("Start and size", []string{"what", "measured", "goal"}, [][]string{
		{"ready on an empty database, migrations included", fmt.Sprintf("%.0f ms", median(empty)/1e6), against(median(empty) <= 1e9, "≤ 1 s")},
		{"ready on a migrated one", fmt.Sprintf("%.0f ms", median(again)/1e6), against(median(again) <= 1e9, "≤ 1 s")},
		{"memory when ready", fmt.Sprintf("%.0f MiB", median(idle)), ""},
		{"stripped binary", fmt.Sprintf("%.1f MB", size), against(size <= 40, "≤ 40 MB")},
	})
	return nil
}
