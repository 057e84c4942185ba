-- Not only a decline: ruling out and handing off reach an organization in words that were previewed, too.
-- +goose Up

ALTER TABLE messages ADD COLUMN ends text NOT NULL DEFAULT '' -- of a decline: the event by which its proposal ends
    CONSTRAINT messages_ends_check CHECK (ends IN ('', 'declined', 'ruled_out', 'handed_off'));
UPDATE messages SET ends = 'declined' WHERE kind = 'decline';
