CREATE TABLE calendar_feeds (
    member_id uuid CONSTRAINT calendar_feeds_pkey PRIMARY KEY,
    firm_id uuid NOT NULL,
    secret_digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT calendar_feeds_secret_digest_key UNIQUE (secret_digest),
    CONSTRAINT calendar_feeds_secret_digest_check CHECK (octet_length(secret_digest) = 32),
    CONSTRAINT calendar_feeds_member_id_fkey FOREIGN KEY (member_id) REFERENCES members (id),
    CONSTRAINT calendar_feeds_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE calendar_feeds IS 'Secret addresses under which calendar programs read what is a member''s.';
COMMENT ON COLUMN calendar_feeds.member_id IS 'The member; each has one at most.';
COMMENT ON COLUMN calendar_feeds.firm_id IS 'The member''s firm.';
COMMENT ON COLUMN calendar_feeds.secret_digest IS 'SHA-256 of the secret in the address.';
COMMENT ON COLUMN calendar_feeds.created_at IS 'When it was made.';

CREATE INDEX calendar_feeds_firm_id_idx ON calendar_feeds (firm_id);
