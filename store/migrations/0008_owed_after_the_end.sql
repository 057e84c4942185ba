-- What an organization writes after the end is owed an answer, too: its proposal has a next date then, without being open, and
-- the lists go by the date. One that was reopened owes its organization an answer counted from then.
-- +goose Up

ALTER TABLE proposals ADD COLUMN reopened_at timestamptz; -- when the desk last reopened it
ALTER TABLE digests ADD COLUMN ended int NOT NULL DEFAULT 0; -- ended, and something written since waits for an answer

DROP INDEX proposals_owner_idx;
DROP INDEX proposals_due_idx;
DROP INDEX proposals_late_idx;

UPDATE proposals p SET reopened_at = h.at
    FROM (SELECT proposal, max(at) AS at FROM history WHERE event = 'reopened' GROUP BY proposal) h WHERE h.proposal = p.id;

-- Working days are not known here: two weeks are about what has been promised. The next date is exact from the next message on.
UPDATE proposals p SET next_date = w.since::date + 14
    FROM (
        SELECT m.proposal, min(m.created_at) AS since FROM messages m
        WHERE m.direction = 'in' AND m.unsent_at IS NULL AND m.waived_at IS NULL AND m.created_at > COALESCE((
            SELECT max(confirmed_at) FROM messages answer WHERE answer.proposal = m.proposal AND direction = 'out'), '-infinity')
        GROUP BY m.proposal
    ) w WHERE w.proposal = p.id AND NOT p.open;

CREATE INDEX proposals_owner_idx ON proposals (owner, next_date, id) WHERE next_date IS NOT NULL;
CREATE INDEX proposals_due_idx ON proposals (next_date, id) WHERE next_date IS NOT NULL;
CREATE INDEX proposals_late_idx ON proposals (next_date, id) WHERE next_date IS NOT NULL AND late_shown IS DISTINCT FROM next_date;
CREATE INDEX proposals_open_idx ON proposals (id DESC) WHERE open;
