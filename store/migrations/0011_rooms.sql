-- Rooms move, and some cannot be trusted: a department reads of the talk what came after it was first asked; cards that stay behind
-- are found by where they stand; a channel that is public, shared, archived or without us carries nothing for the time being.
-- +goose Up

ALTER TABLE referrals ADD COLUMN first_asked_at timestamptz; -- NULL, from an older program beside this one: asked_at
UPDATE referrals r SET first_asked_at = COALESCE((
    SELECT min(h.at) FROM history h
    WHERE h.proposal = r.proposal AND h.event IN ('asked', 'forwarded')
        AND r.department = ANY (string_to_array(h.details->>'departments', ','))), r.asked_at);

CREATE INDEX cards_department_idx ON cards (department, channel);

CREATE TABLE closed_channels (
    channel text        NOT NULL CONSTRAINT closed_channels_pkey PRIMARY KEY,
    fault   text        NOT NULL CONSTRAINT closed_channels_fault_check CHECK (fault IN ('public', 'shared', 'archived', 'away')),
    since   timestamptz NOT NULL
);
