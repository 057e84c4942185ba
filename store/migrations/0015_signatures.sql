-- When the platforms' requests were last found signed rightly, and wrongly: a wrong secret cannot be told in any other way.
-- +goose Up

CREATE TABLE signatures (
    platform    text        NOT NULL CONSTRAINT signatures_pkey PRIMARY KEY CONSTRAINT signatures_platform_check CHECK (platform IN ('line', 'slack')),
    verified_at timestamptz,
    refused_at  timestamptz
);
