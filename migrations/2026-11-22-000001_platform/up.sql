CREATE TABLE signing_keys (
    kid text CONSTRAINT signing_keys_pkey PRIMARY KEY,
    sealed_private_key bytea NOT NULL,
    public_jwk jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    signs_from timestamptz NOT NULL,
    verifies_until timestamptz
);

COMMENT ON TABLE signing_keys IS 'Keys that sign access tokens; rotated with overlap.';
COMMENT ON COLUMN signing_keys.kid IS 'Thumbprint of the public key (RFC 7638).';
COMMENT ON COLUMN signing_keys.sealed_private_key IS 'The private key (PKCS #8), sealed under the master key.';
COMMENT ON COLUMN signing_keys.public_jwk IS 'The public key as it is published.';
COMMENT ON COLUMN signing_keys.created_at IS 'When it was made.';
COMMENT ON COLUMN signing_keys.signs_from IS 'From when on it signs; it is published before.';
COMMENT ON COLUMN signing_keys.verifies_until IS 'Until when tokens that it signed are good; null while it is current.';


CREATE TABLE idempotency_keys (
    principal_id uuid NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    digest bytea NOT NULL,
    status integer NOT NULL,
    resource_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (principal_id, operation, key)
);

COMMENT ON TABLE idempotency_keys IS 'Requests that were carried out, for a day, so that a repeated one is not carried out again.';
COMMENT ON COLUMN idempotency_keys.principal_id IS 'The member or API client that sent it.';
COMMENT ON COLUMN idempotency_keys.operation IS 'Method and pattern of the operation.';
COMMENT ON COLUMN idempotency_keys.key IS 'The header''s key (key:…), or the id that the client made (id:…).';
COMMENT ON COLUMN idempotency_keys.digest IS 'SHA-256 of path and body.';
COMMENT ON COLUMN idempotency_keys.status IS 'The HTTP status that was answered.';
COMMENT ON COLUMN idempotency_keys.resource_id IS 'What was made or changed.';
COMMENT ON COLUMN idempotency_keys.created_at IS 'When it was carried out.';

CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);


CREATE TABLE jobs (
    id uuid CONSTRAINT jobs_pkey PRIMARY KEY,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    run_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    claimed_until timestamptz,
    last_error text,
    created_at timestamptz NOT NULL
);

COMMENT ON TABLE jobs IS 'Work to be done after the transaction that asked for it; a row is removed when it is done.';
COMMENT ON COLUMN jobs.id IS 'Its id.';
COMMENT ON COLUMN jobs.kind IS 'Which work.';
COMMENT ON COLUMN jobs.payload IS 'What it is about; ids alone, no client data.';
COMMENT ON COLUMN jobs.run_at IS 'Not before this instant.';
COMMENT ON COLUMN jobs.attempts IS 'How often it was begun.';
COMMENT ON COLUMN jobs.claimed_until IS 'Until when a worker has it; after that it is free again.';
COMMENT ON COLUMN jobs.last_error IS 'Why the last attempt failed.';
COMMENT ON COLUMN jobs.created_at IS 'When it was asked for.';

CREATE INDEX jobs_run_at_idx ON jobs (run_at);


CREATE TABLE mails (
    id uuid CONSTRAINT mails_pkey PRIMARY KEY,
    recipient text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    sent_at timestamptz
);

COMMENT ON TABLE mails IS 'The outbox: mail to be sent or, without SMTP, to be read here.';
COMMENT ON COLUMN mails.id IS 'Its id.';
COMMENT ON COLUMN mails.recipient IS 'The address.';
COMMENT ON COLUMN mails.subject IS 'The subject; names no client.';
COMMENT ON COLUMN mails.body IS 'The text; names no client. Empty once it was sent, since it may hold a token.';
COMMENT ON COLUMN mails.created_at IS 'When it was written.';
COMMENT ON COLUMN mails.sent_at IS 'When a mail server took it.';

CREATE INDEX mails_created_at_idx ON mails (created_at);
