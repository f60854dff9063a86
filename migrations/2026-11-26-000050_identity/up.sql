-- Before the first release no table has rows that a lock could keep waiting.
-- squawk-ignore-file adding-foreign-key-constraint, constraint-missing-not-valid, require-concurrent-index-creation

CREATE TABLE attempts (
    subject bytea CONSTRAINT attempts_pkey PRIMARY KEY,
    clears_at timestamptz NOT NULL
);

COMMENT ON TABLE attempts IS 'How much was guessed at something lately: a leaky bucket, kept as the instant at which it is empty.';
COMMENT ON COLUMN attempts.subject IS 'What was guessed at, or from where: a keyed digest, so that the table names no address.';
COMMENT ON COLUMN attempts.clears_at IS 'When it is forgotten; each attempt moves it on by one interval of its pace.';

CREATE INDEX attempts_clears_at_idx ON attempts (clears_at);


CREATE TABLE devices (
    id uuid CONSTRAINT devices_pkey PRIMARY KEY,
    member_id uuid NOT NULL,
    token_digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    CONSTRAINT devices_token_digest_key UNIQUE (token_digest),
    CONSTRAINT devices_member_id_fkey FOREIGN KEY (member_id) REFERENCES members (id)
);

COMMENT ON TABLE devices IS 'Devices on which a member has signed in: what others guess does not keep them out.';
COMMENT ON COLUMN devices.id IS 'Its id.';
COMMENT ON COLUMN devices.member_id IS 'Who signed in on it.';
COMMENT ON COLUMN devices.token_digest IS 'SHA-256 of the device token, which has 256 random bits.';
COMMENT ON COLUMN devices.created_at IS 'When the member first signed in on it.';
COMMENT ON COLUMN devices.last_used_at IS 'When the member last signed in on it; forgotten when that is half a year ago.';

CREATE INDEX devices_member_id_idx ON devices (member_id);

CREATE INDEX devices_last_used_at_idx ON devices (last_used_at);


ALTER TABLE sessions
    ADD COLUMN device_id uuid,
    ADD COLUMN device_name text,
    ADD COLUMN user_agent text,
    ADD CONSTRAINT sessions_device_id_fkey FOREIGN KEY (device_id) REFERENCES devices (id) ON DELETE SET NULL;

COMMENT ON COLUMN sessions.device_id IS 'On which device; null when that is forgotten.';
COMMENT ON COLUMN sessions.device_name IS 'What the app calls the device; null when it did not say.';
COMMENT ON COLUMN sessions.user_agent IS 'The `User-Agent` of the sign-in; null when there was none.';

CREATE INDEX sessions_device_id_idx ON sessions (device_id);


CREATE TABLE password_resets (
    id uuid CONSTRAINT password_resets_pkey PRIMARY KEY,
    member_id uuid NOT NULL,
    email text NOT NULL,
    token_digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT password_resets_token_digest_key UNIQUE (token_digest),
    CONSTRAINT password_resets_member_id_fkey FOREIGN KEY (member_id) REFERENCES members (id)
);

COMMENT ON TABLE password_resets IS 'Tokens, sent by mail, with which a member sets a new password. All of a member''s go when one is used.';
COMMENT ON COLUMN password_resets.id IS 'Its id.';
COMMENT ON COLUMN password_resets.member_id IS 'Whose password it resets.';
COMMENT ON COLUMN password_resets.email IS 'To which address it was sent: it is good while that is the member''s.';
COMMENT ON COLUMN password_resets.token_digest IS 'SHA-256 of the token, which has 256 random bits.';
COMMENT ON COLUMN password_resets.created_at IS 'When it was asked for.';
COMMENT ON COLUMN password_resets.expires_at IS 'Until when it can be used.';

CREATE INDEX password_resets_member_id_idx ON password_resets (member_id);

CREATE INDEX password_resets_expires_at_idx ON password_resets (expires_at);


CREATE TABLE second_factors (
    member_id uuid CONSTRAINT second_factors_pkey PRIMARY KEY,
    sealed_secret bytea NOT NULL,
    confirmed_at timestamptz,
    last_step bigint,
    created_at timestamptz NOT NULL,
    CONSTRAINT second_factors_member_id_fkey FOREIGN KEY (member_id) REFERENCES members (id)
);

COMMENT ON TABLE second_factors IS 'Authenticator apps of members (TOTP, RFC 6238), one each.';
COMMENT ON COLUMN second_factors.member_id IS 'Whose it is.';
COMMENT ON COLUMN second_factors.sealed_secret IS 'The shared secret, sealed under a key derived from the master key.';
COMMENT ON COLUMN second_factors.confirmed_at IS 'When the first code proved that the app has the secret; null until then, and it is not asked for.';
COMMENT ON COLUMN second_factors.last_step IS 'The time step of the last code that was taken: none of it or before is taken again.';
COMMENT ON COLUMN second_factors.created_at IS 'When the secret was made.';


CREATE TABLE recovery_codes (
    member_id uuid NOT NULL,
    code_digest bytea NOT NULL,
    CONSTRAINT recovery_codes_pkey PRIMARY KEY (member_id, code_digest),
    CONSTRAINT recovery_codes_member_id_fkey FOREIGN KEY (member_id) REFERENCES second_factors (member_id) ON DELETE CASCADE
);

COMMENT ON TABLE recovery_codes IS 'Codes that stand in for an authenticator app that is lost; each goes when it is used.';
COMMENT ON COLUMN recovery_codes.member_id IS 'Whose it is.';
COMMENT ON COLUMN recovery_codes.code_digest IS 'HMAC-SHA-256 of the code, under a key derived from the master key.';
