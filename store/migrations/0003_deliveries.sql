-- A post in doubt is looked up as soon as Slack's history must have it, counted from when nobody can be sending it any more.
-- +goose Up

ALTER TABLE deliveries ADD COLUMN tried_until timestamptz; -- doubtful: whoever tried it had ended by then; NULL: not known
