-- A database restored from a backup is behind what people were sent and told. It is known by its epoch, which grows as the desk
-- works and which Redis remembers, too; all deliveries then wait until an operator releases them.
-- +goose Up

CREATE TABLE epoch (
    database uuid   NOT NULL DEFAULT gen_random_uuid() CONSTRAINT epoch_pkey PRIMARY KEY, -- the same in a restored copy
    number   bigint NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX epoch_one_key ON epoch ((true));
INSERT INTO epoch DEFAULT VALUES;

CREATE TABLE restorations (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT restorations_pkey PRIMARY KEY,
    found_at    timestamptz NOT NULL,
    remembered  bigint      NOT NULL,                -- the epoch that Redis, or a process, had seen before; 0: none
    released_at timestamptz,                         -- NULL: all deliveries are held
    released    bigint      NOT NULL DEFAULT 0,      -- deliveries that the operator let go, and that were dropped instead
    dropped     bigint      NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX restorations_held_key ON restorations ((released_at IS NULL)) WHERE released_at IS NULL;
