package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/store"
	"tsunagi/store/storetest"
)

func TestRecentDeliveries(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.process()
	put := d.put(a, to("line/U1", "a"), to("line/U2", "b"), to("line/U3", "c"))
	d.record(a, store.Outcome{ID: put[0].ID, State: store.Sent, Tries: 1},
		store.Outcome{ID: put[1].ID, State: store.Dead, Tries: 2, Fault: "delivery.quota"})
	recent, err := a.RecentDeliveries(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		Kind  string
		State store.DeliveryState
		Fault string
		Tries int
	}
	var got []line
	for _, one := range recent {
		got = append(got, line{one.Kind, one.State, one.Fault, one.Tries})
	}
	want := []line{{"c", store.Pending, "", 0}, {"b", store.Dead, "delivery.quota", 2}, {"a", store.Sent, "", 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if some, err := a.RecentDeliveries(t.Context(), 1); err != nil || len(some) != 1 {
		t.Errorf("asked for one, got %d, %v", len(some), err)
	}
	counts, err := a.CountDeliveries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[store.DeliveryState]int{store.Pending: 1, store.Sent: 1, store.Dead: 1}, counts); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
}

func TestRecentProposals(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	fill(t, url, 30)
	db := storetest.Open(t, url, store.Options{})
	got, err := db.RecentProposals(t.Context(), 5)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 5 {
		t.Fatalf("asked for 5, got %d", len(got))
	}
	for i, p := range got[1:] {
		if p.ID >= got[i].ID {
			t.Errorf("%d comes after %d, want the newest first", p.ID, got[i].ID)
		}
	}
}
