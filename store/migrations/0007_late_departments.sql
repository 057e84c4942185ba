-- Several departments may have several dates: the earliest of those that still owe an answer counts, and each that passes is
-- shown once, on the desk's card and the department's.
-- +goose Up

ALTER TABLE referrals ADD COLUMN late_shown date; -- the due date of which the cards say that it has passed
CREATE INDEX referrals_late_idx ON referrals (due, proposal) WHERE verdict = '' AND late_shown IS DISTINCT FROM due;

UPDATE proposals p SET next_date = f.due
    FROM (SELECT proposal, min(due) AS due FROM referrals WHERE verdict = '' AND orphaned_at IS NULL GROUP BY proposal) f
    WHERE f.proposal = p.id AND p.state = 'coordinating' AND p.next_date > f.due;
