-- +goose Up

-- What was typed and belongs to no question that can be told is kept here, until its writer says what it was. It is read and
-- erased like the answers of its draft.
CREATE TABLE held_words (
    id           bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT held_words_pkey PRIMARY KEY,
    contact      bigint      NOT NULL CONSTRAINT held_words_contact_fkey REFERENCES contacts ON DELETE CASCADE,
    draft        bigint      CONSTRAINT held_words_draft_fkey REFERENCES drafts ON DELETE CASCADE,
    field        text        NOT NULL,               -- the question at which it was typed; empty: none, or not known
    level        text        NOT NULL CONSTRAINT held_words_level_check CHECK (level IN ('', 'protected', 'private')),
    line_message text        NOT NULL,
    body         text        NOT NULL,
    said_at      timestamptz NOT NULL,               -- LINE's time
    held_at      timestamptz NOT NULL
);
CREATE INDEX held_words_contact_idx ON held_words (contact, said_at, id);
CREATE INDEX held_words_draft_idx ON held_words (draft);
CREATE INDEX held_words_line_message_idx ON held_words (line_message);

ALTER TABLE answers ADD COLUMN said_at timestamptz; -- LINE's time of the message or press it came as; NULL: not known
