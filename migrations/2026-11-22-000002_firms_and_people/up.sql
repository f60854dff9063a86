CREATE TABLE firms (
    id uuid CONSTRAINT firms_pkey PRIMARY KEY,
    name text NOT NULL,
    time_zone text NOT NULL,
    country text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1
);

COMMENT ON TABLE firms IS 'Tenants: one practice each, invisible to firms that it has no partnership with.';
COMMENT ON COLUMN firms.id IS 'Its id.';
COMMENT ON COLUMN firms.name IS 'Its name, as its partners see it.';
COMMENT ON COLUMN firms.time_zone IS 'IANA zone in which its dates are meant.';
COMMENT ON COLUMN firms.country IS 'ISO 3166-1 alpha-2; where a phone number without a country code is dialled.';
COMMENT ON COLUMN firms.created_at IS 'When it signed up.';
COMMENT ON COLUMN firms.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN firms.version IS 'Counts changes.';


CREATE TABLE members (
    id uuid CONSTRAINT members_pkey PRIMARY KEY,
    firm_id uuid NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL,
    deactivated_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT members_email_key UNIQUE (email),
    CONSTRAINT members_role_check CHECK (role IN ('admin', 'advisor', 'assistant', 'compliance')),
    CONSTRAINT members_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE members IS 'People who sign in, each in one firm.';
COMMENT ON COLUMN members.id IS 'Its id.';
COMMENT ON COLUMN members.firm_id IS 'The member''s firm.';
COMMENT ON COLUMN members.name IS 'The member''s name.';
COMMENT ON COLUMN members.email IS 'The address to sign in with, in lower case.';
COMMENT ON COLUMN members.password_hash IS 'Argon2id, as a PHC string.';
COMMENT ON COLUMN members.role IS 'What the member may do in the firm.';
COMMENT ON COLUMN members.deactivated_at IS 'When the member left; null while active.';
COMMENT ON COLUMN members.created_at IS 'When the member joined.';
COMMENT ON COLUMN members.updated_at IS 'When the record was last changed.';
COMMENT ON COLUMN members.version IS 'Counts changes.';

CREATE INDEX members_firm_id_idx ON members (firm_id, id);


CREATE TABLE sessions (
    id uuid CONSTRAINT sessions_pkey PRIMARY KEY,
    member_id uuid NOT NULL,
    generation integer NOT NULL DEFAULT 0,
    rotated_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT sessions_member_id_fkey FOREIGN KEY (member_id) REFERENCES members (id)
);

COMMENT ON TABLE sessions IS 'Sign-ins of members. The refresh token is derived from id and generation; none is stored.';
COMMENT ON COLUMN sessions.id IS 'Its id; `sid` of the access tokens.';
COMMENT ON COLUMN sessions.member_id IS 'Who signed in.';
COMMENT ON COLUMN sessions.generation IS 'How often the refresh token was exchanged.';
COMMENT ON COLUMN sessions.rotated_at IS 'When it was last exchanged; the one before is good for ten seconds more.';
COMMENT ON COLUMN sessions.created_at IS 'When the member signed in.';
COMMENT ON COLUMN sessions.expires_at IS 'When it ends unless it is used before: each exchange moves it on by 30 days.';
COMMENT ON COLUMN sessions.revoked_at IS 'When it was ended: sign-out, or reuse of a refresh token.';

CREATE INDEX sessions_member_id_idx ON sessions (member_id);

CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);


CREATE TABLE api_clients (
    id uuid CONSTRAINT api_clients_pkey PRIMARY KEY,
    firm_id uuid NOT NULL,
    name text NOT NULL,
    secret_digest bytea NOT NULL,
    scopes text[] NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT api_clients_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id),
    CONSTRAINT api_clients_created_by_fkey FOREIGN KEY (created_by) REFERENCES members (id)
);

COMMENT ON TABLE api_clients IS 'Machines of a firm, such as its CRM.';
COMMENT ON COLUMN api_clients.id IS 'Its id; `client_id` in OAuth.';
COMMENT ON COLUMN api_clients.firm_id IS 'The firm that it acts for.';
COMMENT ON COLUMN api_clients.name IS 'What the firm calls it.';
COMMENT ON COLUMN api_clients.secret_digest IS 'SHA-256 of the secret, which has 256 random bits.';
COMMENT ON COLUMN api_clients.scopes IS 'What it was granted.';
COMMENT ON COLUMN api_clients.created_by IS 'The member who made it.';
COMMENT ON COLUMN api_clients.created_at IS 'When it was made.';
COMMENT ON COLUMN api_clients.revoked_at IS 'When it was revoked; null while it may sign in.';

CREATE INDEX api_clients_firm_id_idx ON api_clients (firm_id, id);

CREATE INDEX api_clients_created_by_idx ON api_clients (created_by);
