// Package proposal is the life of a proposal: one table of what may happen in which state, who may do it, where it
// leads and who is told. Everything else that speaks of states follows from that table: Next, the words' keys, the
// CHECK in the database, the picture in docs/life-of-a-proposal.md, the buttons a person is offered.
//
// It never saves, tells or words anything, and it knows no clock: today is part of the act.
//
// Begin reading with Table, then Next.
package proposal
