-- Not all that an organization writes wants a reply: somebody of the desk may say so, and it stands as unanswered no longer.
-- +goose Up

ALTER TABLE messages ADD COLUMN waived_at timestamptz; -- of what came in: when the desk said that it needs no reply
