-- What time does to proposals: a hold ends on its date, a card says once that its date has passed, and the desk reads one
-- digest a day.
-- +goose Up

ALTER TABLE proposals ADD COLUMN late_shown date; -- the next date of which the cards say that it has passed
CREATE INDEX proposals_held_idx ON proposals (next_date, id) WHERE state = 'on_hold';
CREATE INDEX proposals_late_idx ON proposals (next_date, id) WHERE open AND late_shown IS DISTINCT FROM next_date;

CREATE INDEX history_resumed_idx ON history (at, id) WHERE event = 'resumed' AND actor = '';

CREATE TABLE digests (
    day     date        NOT NULL CONSTRAINT digests_pkey PRIMARY KEY,
    open    int         NOT NULL,
    overdue int         NOT NULL,
    unowned int         NOT NULL,
    resumed int         NOT NULL,
    dead    int         NOT NULL,
    adrift  int         NOT NULL,
    at      timestamptz NOT NULL
);
