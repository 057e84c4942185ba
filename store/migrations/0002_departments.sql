-- The departments as the profile last had them: one that it no longer has keeps its name, one whose channel has changed is
-- known by it, and that nobody can answer a referral any more is told once.
-- +goose Up

CREATE TABLE departments (
    id      text NOT NULL CONSTRAINT departments_pkey PRIMARY KEY,
    name    text NOT NULL DEFAULT '',
    channel text NOT NULL DEFAULT ''
);

ALTER TABLE referrals ADD COLUMN orphaned_at timestamptz;

INSERT INTO departments (id) SELECT DISTINCT department FROM referrals;
