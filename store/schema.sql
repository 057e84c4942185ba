-- The whole schema on one page: what all migrations together make. A test compares the two.

CREATE TABLE contacts (
    id           bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT contacts_pkey PRIMARY KEY,
    line_user    text        NOT NULL CONSTRAINT contacts_line_user_key UNIQUE,
    organization text        NOT NULL DEFAULT '',
    name         text        NOT NULL DEFAULT '',
    blocked_at   timestamptz,
    -- the talk: which draft is open, and how often it has moved; the session in Redis carries the same revision
    draft        bigint,
    talk         jsonb       NOT NULL DEFAULT '{}', -- where the talk stands, without the answers
    revision     bigint      NOT NULL DEFAULT 0,
    heard_at     timestamptz NOT NULL,             -- time of the newest event taken from this person
    created_at   timestamptz NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE drafts (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT drafts_pkey PRIMARY KEY,
    contact     bigint      NOT NULL CONSTRAINT drafts_contact_fkey REFERENCES contacts ON DELETE CASCADE,
    form        text        NOT NULL CONSTRAINT drafts_form_check CHECK (form IN ('proposal', 'consultation')),
    version     text        NOT NULL,              -- of the form it began with, or was carried over to
    state       text        NOT NULL CONSTRAINT drafts_state_check
                CHECK (state IN ('open', 'paused', 'submitted', 'cancelled', 'declined', 'expired')),
    created_at  timestamptz NOT NULL,
    touched_at  timestamptz NOT NULL,              -- when its author was last at it; answers have times of their own
    due         timestamptz NOT NULL,              -- when to look whether it was left alone
    reminded_at timestamptz,                       -- its author, that it was left alone
    ended_at    timestamptz                        -- submitted, given up, turned away or expired
);
CREATE INDEX drafts_contact_idx ON drafts (contact, id DESC);
CREATE INDEX drafts_due_idx ON drafts (due, id) WHERE state IN ('open', 'paused');
ALTER TABLE contacts ADD CONSTRAINT contacts_draft_fkey FOREIGN KEY (draft) REFERENCES drafts ON DELETE SET NULL;

-- One row an answer: an accepted answer is written once and never rewritten with its neighbours.
CREATE TABLE answers (
    draft    bigint NOT NULL CONSTRAINT answers_draft_fkey REFERENCES drafts ON DELETE CASCADE,
    field    text   NOT NULL,
    answer   jsonb  NOT NULL,
    revision bigint NOT NULL,
    message  text   NOT NULL DEFAULT '',             -- id of the LINE message it came as; empty: a pressed button
    at       timestamptz NOT NULL,
    said_at  timestamptz,                            -- LINE's time of the message or press it came as; NULL: not known
    CONSTRAINT answers_pkey PRIMARY KEY (draft, field)
);

-- What was typed and belongs to no question that can be told, until its writer says what it was.
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

CREATE TABLE counters (
    fiscal_year int NOT NULL CONSTRAINT counters_pkey PRIMARY KEY,
    last        int NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE proposals (
    id           bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT proposals_pkey PRIMARY KEY,
    kind         text        NOT NULL CONSTRAINT proposals_kind_check CHECK (kind IN ('proposal', 'consultation')),
    number       text        NOT NULL CONSTRAINT proposals_number_key UNIQUE,
    fiscal_year  int         NOT NULL,
    seq          int         NOT NULL,
    contact      bigint      NOT NULL CONSTRAINT proposals_contact_fkey REFERENCES contacts ON DELETE RESTRICT,
    draft        bigint      CONSTRAINT proposals_draft_key UNIQUE
                             CONSTRAINT proposals_draft_fkey REFERENCES drafts ON DELETE SET NULL,
    organization text        NOT NULL,
    contact_name text        NOT NULL,
    title        text        NOT NULL,
    topics       text[]      NOT NULL DEFAULT '{}',
    state        text        NOT NULL CONSTRAINT proposals_state_check CHECK (state IN
                 ('received', 'screening', 'coordinating', 'in_dialogue', 'preparing', 'in_progress', 'completed',
                  'reported', 'on_hold', 'declined', 'out_of_scope', 'withdrawn', 'handed_off')),
    before       text        NOT NULL DEFAULT '',   -- the state it was put on hold from, also if it was withdrawn then
    open         boolean     NOT NULL,              -- whether somebody still owes a step; kept with state by the ledger
    owner        text        NOT NULL DEFAULT '',   -- Slack user id
    next_date    date,                              -- while open, or while what was written after the end waits for an answer
    outcome      text        NOT NULL DEFAULT '',   -- reason id, when declined
    revision     bigint      NOT NULL DEFAULT 1,
    received_at  timestamptz NOT NULL,
    changed_at   timestamptz NOT NULL,
    late_shown   date,                              -- the next date of which the cards say that it has passed
    reopened_at  timestamptz,                       -- when the desk last reopened it
    withdrawn_at timestamptz,                       -- while withdrawn: since when
    was          text        NOT NULL DEFAULT '',   -- while withdrawn: the state it was withdrawn from
    was_due      date,                              -- while withdrawn: the next date that held before
    CONSTRAINT proposals_seq_key UNIQUE (fiscal_year, seq),
    CONSTRAINT proposals_next_date_check CHECK (next_date IS NOT NULL OR NOT open),
    CONSTRAINT proposals_was_check CHECK (was = '' OR state = 'withdrawn')
) WITH (fillfactor = 80);
CREATE INDEX proposals_contact_idx ON proposals (contact, id DESC);
CREATE INDEX proposals_state_idx ON proposals (state, id DESC);
CREATE INDEX proposals_open_idx ON proposals (id DESC) WHERE open;
CREATE INDEX proposals_owner_idx ON proposals (owner, next_date, id) WHERE next_date IS NOT NULL;
CREATE INDEX proposals_due_idx ON proposals (next_date, id) WHERE next_date IS NOT NULL;
CREATE INDEX proposals_held_idx ON proposals (next_date, id) WHERE state = 'on_hold';
CREATE INDEX proposals_late_idx ON proposals (next_date, id) WHERE next_date IS NOT NULL AND late_shown IS DISTINCT FROM next_date;

-- What search looks through, written once with the proposal. A pair is two neighbouring letters and the block of ids the
-- proposal stands in, in one number: the list of a pair within a block is short, and new ones go to the index's end.
CREATE TABLE words (
    proposal bigint   NOT NULL CONSTRAINT words_pkey PRIMARY KEY
                      CONSTRAINT words_proposal_fkey REFERENCES proposals ON DELETE CASCADE,
    text     text     NOT NULL,                     -- organization and title without case, width and spaces
    pairs    bigint[] NOT NULL
);
-- Without a list of what is still to be sorted in: each search would read it whole, and some submission would have to sort it.
CREATE INDEX words_pairs_idx ON words USING gin (pairs) WITH (fastupdate = off);

-- What was answered at submission, with the question's name as it was read then.
CREATE TABLE particulars (
    proposal  bigint  NOT NULL CONSTRAINT particulars_proposal_fkey REFERENCES proposals ON DELETE CASCADE,
    position  int     NOT NULL,
    field     text    NOT NULL,
    label     text    NOT NULL,
    kind      text    NOT NULL,
    answer    jsonb   NOT NULL,
    shown     text    NOT NULL,                     -- the answer as people read it
    private   boolean NOT NULL,
    protected boolean NOT NULL,
    unsent    boolean NOT NULL DEFAULT false,       -- its author took the message back; answer and shown are erased
    CONSTRAINT particulars_pkey PRIMARY KEY (proposal, position),
    CONSTRAINT particulars_field_key UNIQUE (proposal, field)
);

CREATE TABLE topics (
    topic    text   NOT NULL,
    proposal bigint NOT NULL CONSTRAINT topics_proposal_fkey REFERENCES proposals ON DELETE CASCADE,
    CONSTRAINT topics_pkey PRIMARY KEY (topic, proposal)
);

-- As the profile last had them, and the desk itself without an id. One that the profile no longer has keeps its name.
CREATE TABLE departments (
    id      text NOT NULL CONSTRAINT departments_pkey PRIMARY KEY,
    name    text NOT NULL DEFAULT '',
    channel text NOT NULL DEFAULT ''
);

CREATE TABLE referrals (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT referrals_pkey PRIMARY KEY,
    proposal    bigint      NOT NULL CONSTRAINT referrals_proposal_fkey REFERENCES proposals ON DELETE CASCADE,
    department  text        NOT NULL,
    note        text        NOT NULL DEFAULT '',
    due         date        NOT NULL,
    cleared     text[]      NOT NULL DEFAULT '{}',  -- protected fields this department may see
    verdict     text        NOT NULL DEFAULT '' CONSTRAINT referrals_verdict_check
                CHECK (verdict IN ('', 'join', 'consider', 'ask', 'unable', 'other')),
    reason      text        NOT NULL DEFAULT '',
    until       date,
    other       text        NOT NULL DEFAULT '',
    asked_by    text        NOT NULL,
    asked_at    timestamptz NOT NULL,
    answered_by text        NOT NULL DEFAULT '',
    answered_at timestamptz,
    orphaned_at timestamptz,                        -- the desk was told that the profile no longer has the department
    late_shown  date,                               -- the due date of which the cards say that it has passed
    first_asked_at timestamptz,                     -- since when it reads of the talk; NULL: since asked_at
    CONSTRAINT referrals_department_key UNIQUE (proposal, department)
);
CREATE INDEX referrals_department_idx ON referrals (department, proposal DESC);
CREATE INDEX referrals_late_idx ON referrals (due, proposal) WHERE verdict = '' AND late_shown IS DISTINCT FROM due;

-- The thread (やりとり): what went between the organization and the desk. Notes of staff are not kept here.
CREATE TABLE messages (
    id           bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT messages_pkey PRIMARY KEY,
    proposal     bigint      CONSTRAINT messages_proposal_fkey REFERENCES proposals ON DELETE CASCADE,
    contact      bigint      NOT NULL CONSTRAINT messages_contact_fkey REFERENCES contacts ON DELETE CASCADE,
    direction    text        NOT NULL CONSTRAINT messages_direction_check CHECK (direction IN ('in', 'out')),
    kind         text        NOT NULL CONSTRAINT messages_kind_check CHECK (kind IN ('text', 'file', 'reply', 'decline')),
    body         text        NOT NULL,
    author       text        NOT NULL,               -- LINE or Slack user id
    line_message text        CONSTRAINT messages_line_message_key UNIQUE,
    reason       text        NOT NULL DEFAULT '',    -- of a decline: the reason's id; of another end the reason in words
    confirmed_at timestamptz,                        -- of what goes out: when its author confirmed the preview; it never goes before
    unsent_at    timestamptz,
    created_at   timestamptz NOT NULL,
    ends         text        NOT NULL DEFAULT ''     -- of a decline: the event by which its proposal ends
                 CONSTRAINT messages_ends_check CHECK (ends IN ('', 'declined', 'ruled_out', 'handed_off')),
    waived_at    timestamptz                         -- of what came in: when the desk said that it needs no reply
);
CREATE INDEX messages_proposal_idx ON messages (proposal, id DESC);
CREATE INDEX messages_contact_idx ON messages (contact, id DESC) WHERE proposal IS NULL;

CREATE TABLE files (
    id           bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT files_pkey PRIMARY KEY,
    contact      bigint      NOT NULL CONSTRAINT files_contact_fkey REFERENCES contacts ON DELETE CASCADE,
    draft        bigint      CONSTRAINT files_draft_fkey REFERENCES drafts ON DELETE SET NULL,
    proposal     bigint      CONSTRAINT files_proposal_fkey REFERENCES proposals ON DELETE CASCADE,
    message      bigint      CONSTRAINT files_message_fkey REFERENCES messages ON DELETE SET NULL,
    line_message text        NOT NULL CONSTRAINT files_line_message_key UNIQUE,
    name         text        NOT NULL,
    type         text        NOT NULL DEFAULT '',
    size         bigint      NOT NULL DEFAULT 0,
    state        text        NOT NULL CONSTRAINT files_state_check CHECK (state IN ('wanted', 'stored', 'refused', 'gone')),
    wanted_at    timestamptz NOT NULL,               -- LINE is not asked for it before
    created_at   timestamptz NOT NULL
);
CREATE INDEX files_proposal_idx ON files (proposal, id);
CREATE INDEX files_draft_idx ON files (draft, id);
CREATE INDEX files_message_idx ON files (message) WHERE message IS NOT NULL;
CREATE INDEX files_wanted_idx ON files (id) WHERE state = 'wanted';

CREATE TABLE chunks (
    file  bigint NOT NULL CONSTRAINT chunks_file_fkey REFERENCES files ON DELETE CASCADE,
    n     int    NOT NULL,
    bytes bytea  NOT NULL,
    CONSTRAINT chunks_pkey PRIMARY KEY (file, n)
);

-- An unsend can overtake its message; the tombstone keeps the late message out.
CREATE TABLE tombstones (
    line_message text        NOT NULL CONSTRAINT tombstones_pkey PRIMARY KEY,
    unsent_at    timestamptz NOT NULL
);

-- Every change of a proposal: who, when, why.
CREATE TABLE history (
    id         bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT history_pkey PRIMARY KEY,
    proposal   bigint      NOT NULL CONSTRAINT history_proposal_fkey REFERENCES proposals ON DELETE CASCADE,
    event      text        NOT NULL,
    from_state text        NOT NULL,
    to_state   text        NOT NULL,
    actor      text        NOT NULL,                 -- Slack or LINE user id; empty: time
    why        text        NOT NULL DEFAULT '',
    details    jsonb       NOT NULL DEFAULT '{}',    -- ids only: department, verdict, owner, message
    at         timestamptz NOT NULL
);
CREATE INDEX history_proposal_idx ON history (proposal, id DESC);
CREATE INDEX history_resumed_idx ON history (at, id) WHERE event = 'resumed' AND actor = ''; -- holds that time has ended

-- The daily reconciliation: what stood open at the opening of a working day. The desk reads it once, since the day is the key.
CREATE TABLE digests (
    day     date        NOT NULL CONSTRAINT digests_pkey PRIMARY KEY,
    open    int         NOT NULL,
    overdue int         NOT NULL,
    unowned int         NOT NULL,
    resumed int         NOT NULL,                    -- holds that time has ended that day
    dead    int         NOT NULL,                    -- deliveries that were set aside
    adrift  int         NOT NULL,                    -- without a card, a date, or left out of the lists
    at      timestamptz NOT NULL,
    ended   int         NOT NULL DEFAULT 0           -- ended, and something written since waits for an answer
);

-- Where the cards stand in Slack: one for the desk (department '') and one for each asked department.
CREATE TABLE cards (
    proposal   bigint NOT NULL CONSTRAINT cards_proposal_fkey REFERENCES proposals ON DELETE CASCADE,
    department text   NOT NULL DEFAULT '',
    channel    text   NOT NULL,
    ts         text   NOT NULL,
    CONSTRAINT cards_pkey PRIMARY KEY (proposal, department)
);
CREATE UNIQUE INDEX cards_message_key ON cards (channel, ts);
CREATE INDEX cards_department_idx ON cards (department, channel); -- which stand elsewhere than their reader is now

-- Channels of the profile that carry nothing for the time being; what is to go there waits.
CREATE TABLE closed_channels (
    channel text        NOT NULL CONSTRAINT closed_channels_pkey PRIMARY KEY,
    fault   text        NOT NULL CONSTRAINT closed_channels_fault_check CHECK (fault IN ('public', 'shared', 'archived', 'away')),
    since   timestamptz NOT NULL
);

-- Declined or diverted by the profile's rules before a proposal existed.
CREATE TABLE refusals (
    id      bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT refusals_pkey PRIMARY KEY,
    contact bigint      NOT NULL CONSTRAINT refusals_contact_fkey REFERENCES contacts ON DELETE CASCADE,
    field   text        NOT NULL,
    choice  text        NOT NULL,
    at      timestamptz NOT NULL
);

-- Event ids already taken; a repeat stops here.
CREATE TABLE inbox (
    id       text        NOT NULL CONSTRAINT inbox_pkey PRIMARY KEY,
    taken_at timestamptz NOT NULL
);
CREATE INDEX inbox_taken_at_idx ON inbox USING brin (taken_at);

-- Events that failed: counted, and set aside after their tries so that neighbours go on.
CREATE TABLE failures (
    id      text        NOT NULL CONSTRAINT failures_pkey PRIMARY KEY,
    tries   int         NOT NULL,
    reason  text        NOT NULL,                    -- kind of fault, never content
    last_at timestamptz NOT NULL
);

CREATE TABLE processes (
    id   uuid   NOT NULL CONSTRAINT processes_pkey PRIMARY KEY, -- as in deliveries.leased_by
    beat bigint NOT NULL                                        -- goes up each second while the process lives
);

-- One message that must reach LINE or Slack. Args hold ids and catalogue keys, never content.
CREATE TABLE deliveries (
    id           uuid        NOT NULL CONSTRAINT deliveries_pkey PRIMARY KEY,
    seq          bigint      GENERATED ALWAYS AS IDENTITY,
    lane         text        NOT NULL,               -- 'line/U…' or 'slack/C…/<proposal>'
    event        text        NOT NULL,               -- id of the event that caused it, for the log
    kind         text        NOT NULL,               -- names the composer
    args         jsonb       NOT NULL,
    matters      boolean     NOT NULL,               -- may cost a push; else it may be lost
    reply_token  text        NOT NULL DEFAULT '',
    token_at     timestamptz,
    state        text        NOT NULL DEFAULT 'pending' CONSTRAINT deliveries_state_check
                 CHECK (state IN ('pending', 'sent', 'dropped', 'dead')),
    proposal     bigint,                             -- whose thread reads how it went; no key: erased with the archive
    tries        int         NOT NULL DEFAULT 0,
    doubtful     boolean     NOT NULL DEFAULT false, -- was tried, and may have arrived
    tried_until  timestamptz,                        -- doubtful: whoever tried it had ended by then; NULL: not known
    not_before   timestamptz NOT NULL,
    leased_by    uuid,                               -- the process that may be sending it right now
    leased_until timestamptz,                        -- never before not_before
    due          timestamptz GENERATED ALWAYS AS     -- from when on somebody may take it; NULL: nobody ever
                 (CASE WHEN state = 'pending' THEN COALESCE(leased_until, not_before) END) STORED,
    fault        text        NOT NULL DEFAULT '',    -- catalogue key of why it did not go
    receipt      jsonb,                              -- LINE message ids, or Slack channel and ts
    created_at   timestamptz NOT NULL,
    sent_at      timestamptz,
    first_seq    bigint                              -- its seq when it was put, if it was put behind something since
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
-- Two conditions for the same rows, so that the planner, for whom there are hardly any, never walks one index instead of
-- the other.
CREATE INDEX deliveries_lane_idx ON deliveries (lane, seq) WHERE state = 'pending';
CREATE INDEX deliveries_due_idx ON deliveries (due) WHERE due IS NOT NULL;
CREATE INDEX deliveries_dead_idx ON deliveries (seq DESC) WHERE state = 'dead';
CREATE INDEX deliveries_proposal_idx ON deliveries (proposal, seq DESC) WHERE proposal IS NOT NULL;

-- When a platform's requests were last found signed rightly, and wrongly: a wrong secret cannot be told in any other way.
CREATE TABLE signatures (
    platform    text        NOT NULL CONSTRAINT signatures_pkey PRIMARY KEY CONSTRAINT signatures_platform_check CHECK (platform IN ('line', 'slack')),
    verified_at timestamptz,
    refused_at  timestamptz
);
-- How far this database has come: one row, whose number grows as the desk works. Redis remembers it, too, so that a database
-- restored from a backup is known by being behind.
CREATE TABLE epoch (
    database uuid   NOT NULL DEFAULT gen_random_uuid() CONSTRAINT epoch_pkey PRIMARY KEY, -- the same in a restored copy
    number   bigint NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX epoch_one_key ON epoch ((true));
INSERT INTO epoch DEFAULT VALUES;

-- Each time that a restored backup was found. While one is not released, all deliveries are held.
CREATE TABLE restorations (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT restorations_pkey PRIMARY KEY,
    found_at    timestamptz NOT NULL,
    remembered  bigint      NOT NULL,                -- the epoch that Redis, or a process, had seen before; 0: none
    released_at timestamptz,                         -- NULL: all deliveries are held
    released    bigint      NOT NULL DEFAULT 0,      -- deliveries that the operator let go, and that were dropped instead
    dropped     bigint      NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX restorations_held_key ON restorations ((released_at IS NULL)) WHERE released_at IS NULL;
