package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// ask is one question to the store, at a random place of its kind.
type ask struct {
	name string
	run  func(context.Context, *asker) error
}

// asker asks an archive of n proposals.
type asker struct {
	db  *store.DB
	n   int
	rnd *rand.Rand
}

// page is what one list shows, and one more to know whether there is a next page.
const pageSize = 11

// any is a random proposal; deep one far from the newest.
func (a *asker) any() bot.ProposalID { return bot.ProposalID(1 + a.rnd.IntN(a.n)) }

func (a *asker) deep() store.Cursor {
	return store.Cursor{ID: bot.ProposalID(a.n/20 + a.rnd.IntN(a.n/10)), Date: time.Now().AddDate(0, 0, 12)}
}

func (a *asker) number() string {
	i := int(a.any()) - 1
	return fmt.Sprintf("K%d-%04d", 2007+i/50000, i%50000+1)
}

func pick[T ~string](a *asker, names []string) T { return T(names[a.rnd.IntN(len(names))]) }

// asks are the questions of the stories.
func asks() []ask {
	return slices.Concat(listAsks(), searchAsks(), cardAsks(), sweepAsks())
}

func listAsks() []ask {
	var out []ask
	for _, place := range []struct {
		name string
		at   func(*asker) store.Cursor
	}{{"first page", func(*asker) store.Cursor { return store.Cursor{} }}, {"deep page", (*asker).deep}} {
		out = append(out,
			ask{"list by state, " + place.name, func(ctx context.Context, a *asker) error {
				s := pick[proposal.State](a, []string{"reported", "declined", "handed_off", "received"})
				return only(a.db.ListByState(ctx, s, place.at(a), pageSize))
			}},
			ask{"list by topic, " + place.name, func(ctx context.Context, a *asker) error {
				return only(a.db.ListByTopic(ctx, pick[bot.TopicID](a, topics()), place.at(a), pageSize))
			}},
			ask{"list by department, " + place.name, func(ctx context.Context, a *asker) error {
				return only(a.db.ListByDepartment(ctx, pick[bot.DepartmentID](a, departments()), place.at(a), pageSize))
			}},
			ask{"list mine, " + place.name, func(ctx context.Context, a *asker) error {
				return only(a.db.ListByOwner(ctx, fmt.Sprint("U0CLERK", a.rnd.IntN(3)), place.at(a), pageSize))
			}},
			ask{"list open, " + place.name, func(ctx context.Context, a *asker) error {
				return only(a.db.ListOpen(ctx, place.at(a), pageSize))
			}},
		)
	}
	return append(out, ask{"list what a department has not answered", func(ctx context.Context, a *asker) error {
		return only(a.db.ListAwaited(ctx, pick[bot.DepartmentID](a, departments()), time.Time{}, store.Cursor{}, pageSize))
	}}, ask{"list of that what is late", func(ctx context.Context, a *asker) error {
		return only(a.db.ListAwaited(ctx, pick[bot.DepartmentID](a, departments()), time.Now(), store.Cursor{}, pageSize))
	}}, ask{"list unanswered since the end", func(ctx context.Context, a *asker) error {
		return only(a.db.ListEnded(ctx, store.Cursor{}, pageSize))
	}}, ask{"list overdue", func(ctx context.Context, a *asker) error {
		return only(a.db.ListOverdue(ctx, store.Cursor{Date: time.Now()}, store.Cursor{}, pageSize))
	}})
}

func searchAsks() []ask {
	var out []ask
	first := func(*asker) store.Cursor { return store.Cursor{} }
	search := func(name string, words func(*asker) string, at func(*asker) store.Cursor) {
		out = append(out, ask{"search " + name, func(ctx context.Context, a *asker) error {
			_, _, err := a.db.Search(ctx, words(a), at(a), pageSize)
			return err
		}})
	}
	for _, s := range searches() {
		words := func(*asker) string { return s.words }
		search(s.name, words, first)
		search(s.name+", deep page", words, (*asker).deep)
	}
	search("a receipt number", (*asker).number, first)
	return out
}

// searched is what somebody may search for, by how many proposals have it.
type searched struct{ name, words string }

func searches() []searched {
	v := readVocabulary()
	rare, common := v.title(rareTitle), v.title(0)
	two := func(s string) string { return string([]rune(s)[:2]) }
	return []searched{
		{"rare words", rare},
		{"a title of one in 1,000", v.title(seldomTitle)},
		{"a title of one in 400", common},
		{"an organization of one in 200", v.organizations[0]},
		{"a word of one in 20", "だんじり"},
		{"a word of one in 7", two(common)},
		{"a title of long ago", v.title(pastTitle)},
		{"two words, together in one of 8,000", "だんじり " + v.title(100)},
		{"two words, together in one of 400", "だんじり 子ども"},
		{"six words that meet", "地域 見守 活動 の見 株式 会社"},
		{"words in no proposal", common + rare},
		{"a word whose pairs meet, but not in it", "見守り見守"},
		{"two common words that never meet", "地域 高齢"},
		{"six common words that never meet", "地域 見守 活動 の見 株式 大学"},
	}
}

func cardAsks() []ask {
	return []ask{
		{"proposal", func(ctx context.Context, a *asker) error { return only(a.db.Proposal(ctx, a.any())) }},
		{"proposal by number", func(ctx context.Context, a *asker) error { return only(a.db.ProposalByNumber(ctx, a.number())) }},
		{"particulars", func(ctx context.Context, a *asker) error { return only(a.db.Particulars(ctx, a.any()/10*10)) }},
		{"history", func(ctx context.Context, a *asker) error { return only(a.db.History(ctx, a.any(), 20)) }},
		{"referrals", func(ctx context.Context, a *asker) error { return only(a.db.Referrals(ctx, a.any())) }},
		{"cards", func(ctx context.Context, a *asker) error { return only(a.db.Cards(ctx, a.any())) }},
		{"card at a message", func(ctx context.Context, a *asker) error {
			return only(a.db.CardAt(ctx, "C0DESK", fmt.Sprintf("%d.000000", 1700000000+int64(a.any()))))
		}},
		{"where a card was posted", func(ctx context.Context, a *asker) error {
			id := a.any()
			return only(a.db.PostedAs(ctx, store.Delivery{
				ID: uuid.New(), Lane: store.SlackLane("C0DESK", id), Kind: "card", Proposal: id,
				Args: map[string]string{"proposal": fmt.Sprint(id), "department": ""},
			}))
		}},
		{"thread", func(ctx context.Context, a *asker) error { return only(a.db.Thread(ctx, a.any(), 20)) }},
		{"files", func(ctx context.Context, a *asker) error { return only(a.db.FilesOf(ctx, a.any())) }},
		{"somebody's open proposals", func(ctx context.Context, a *asker) error {
			return only(a.db.ProposalsOf(ctx, bot.ContactID(1+a.rnd.IntN(people(a.n))), true, 10))
		}},
		{"open proposals of a contact with thousands", func(ctx context.Context, a *asker) error {
			return only(a.db.ProposalsOf(ctx, 1, true, 10))
		}},
		{"status of a contact with thousands", func(ctx context.Context, a *asker) error {
			return only(a.db.ProposalsOf(ctx, 1, false, 10))
		}},
	}
}

func sweepAsks() []ask {
	both := []bot.Platform{bot.LINE, bot.Slack}
	return []ask{
		{"sweep of deliveries", func(ctx context.Context, a *asker) error {
			return only(a.db.ClaimDeliveries(ctx, store.Claim{Lanes: 256, PerLane: 32, Platforms: both}))
		}},
		{"dead deliveries", func(ctx context.Context, a *asker) error { return only(a.db.DeadDeliveries(ctx, 0, pageSize)) }},
		{"held deliveries", func(ctx context.Context, a *asker) error {
			return only(a.db.HeldUntold(ctx, "reply", "outcome", a.db.Now(), 50))
		}},
		{"pending deliveries", func(ctx context.Context, a *asker) error { return only(a.db.PendingDeliveries(ctx)) }},
		{"next file", func(ctx context.Context, a *asker) error {
			_, _, err := a.db.NextFile(ctx, a.db.Now(), nil, nil)
			return err
		}},
		{"submission, with its commit", submission},
	}
}

// submission writes what a new proposal writes.
func submission(ctx context.Context, a *asker) error {
	return a.db.InTx(ctx, func(tx *store.Tx) error {
		seq, id, err := tx.NextNumber(ctx, 2060)
		if err != nil {
			return err
		}
		p := bot.Proposal{
			ID: id, Kind: "proposal", Number: fmt.Sprintf("K2060-%d", seq), Contact: 2, Organization: readVocabulary().organizations[0],
			Title: readVocabulary().title(seq % 400), Topics: []bot.TopicID{"welfare"}, State: proposal.Received, NextDate: tx.Now, Revision: 1,
		}
		if err := tx.AddProposal(store.NewProposal{Proposal: p, FiscalYear: 2060, Seq: seq}, true); err != nil {
			return err
		}
		return tx.Enter(store.Entry{Proposal: id, Event: proposal.Submitted, From: proposal.Begin, To: p.State})
	})
}

func only[T any](_ T, err error) error { return err }
