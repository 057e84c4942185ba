-- What a dead process has left is taken over at once, and not only when its leases have run out.
-- +goose Up

CREATE TABLE processes (
    id   uuid   NOT NULL CONSTRAINT processes_pkey PRIMARY KEY, -- as in deliveries.leased_by
    beat bigint NOT NULL                                        -- goes up each second while the process lives
);
