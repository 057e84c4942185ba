-- An organization may undo its withdrawal for a day: what held before is kept as long as the proposal stands withdrawn. What was
-- withdrawn earlier cannot be undone; nobody was told that it could.
-- +goose Up

ALTER TABLE proposals ADD COLUMN withdrawn_at timestamptz;      -- while withdrawn: since when
ALTER TABLE proposals ADD COLUMN was text NOT NULL DEFAULT '';  -- while withdrawn: the state it was withdrawn from
ALTER TABLE proposals ADD COLUMN was_due date;                  -- while withdrawn: the next date that held before
ALTER TABLE proposals ADD CONSTRAINT proposals_was_check CHECK (was = '' OR state = 'withdrawn');
