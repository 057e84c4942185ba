-- What was put behind something keeps its first place, so that what was put after it does not overtake it meanwhile.
-- +goose Up

ALTER TABLE deliveries ADD COLUMN first_seq bigint;
