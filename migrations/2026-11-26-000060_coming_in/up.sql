CREATE TABLE sign_ups (
    id uuid CONSTRAINT sign_ups_pkey PRIMARY KEY,
    email text NOT NULL,
    token_digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT sign_ups_token_digest_key UNIQUE (token_digest)
);

COMMENT ON TABLE sign_ups IS 'Requests to sign a firm up: single-use leave for whoever reads the mail of an address. There is one for an address that has an account as well, of which nobody was told the token.';
COMMENT ON COLUMN sign_ups.id IS 'Its id.';
COMMENT ON COLUMN sign_ups.email IS 'The address that the mail went to, and that the first admin signs in with.';
COMMENT ON COLUMN sign_ups.token_digest IS 'SHA-256 of the token in the mail.';
COMMENT ON COLUMN sign_ups.created_at IS 'When it was asked for.';
COMMENT ON COLUMN sign_ups.expires_at IS 'Until when it can be used; then it is forgotten.';
COMMENT ON COLUMN sign_ups.used_at IS 'When it was used.';

CREATE INDEX sign_ups_email_idx ON sign_ups (email, created_at);

CREATE INDEX sign_ups_expires_at_idx ON sign_ups (expires_at);


CREATE TABLE member_invitations (
    id uuid CONSTRAINT member_invitations_pkey PRIMARY KEY,
    firm_id uuid NOT NULL,
    email text NOT NULL,
    name text,
    role text NOT NULL,
    token_digest bytea NOT NULL,
    invited_by uuid NOT NULL,
    member_id uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    revoked_at timestamptz,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT member_invitations_token_digest_key UNIQUE (token_digest),
    CONSTRAINT member_invitations_role_check CHECK (role IN ('admin', 'advisor', 'assistant', 'compliance')),
    CONSTRAINT member_invitations_accepted_check CHECK ((accepted_at IS NULL) = (member_id IS NULL)),
    CONSTRAINT member_invitations_over_check CHECK (accepted_at IS NULL OR revoked_at IS NULL),
    CONSTRAINT member_invitations_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id),
    CONSTRAINT member_invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES members (id),
    -- The invitation is used up before the member is made, in one statement that says whose it is.
    CONSTRAINT member_invitations_member_id_fkey FOREIGN KEY (member_id) REFERENCES members (id) DEFERRABLE INITIALLY DEFERRED
);

COMMENT ON TABLE member_invitations IS 'Single-use leave for somebody to become a member of a firm. There is one for an address that has an account as well, of which nobody was told the token.';
COMMENT ON COLUMN member_invitations.id IS 'Its id.';
COMMENT ON COLUMN member_invitations.firm_id IS 'The firm that invites.';
COMMENT ON COLUMN member_invitations.email IS 'The address that the mail went to, and that the member signs in with.';
COMMENT ON COLUMN member_invitations.name IS 'What the firm calls the invited one; null where it leaves that to them.';
COMMENT ON COLUMN member_invitations.role IS 'What the member may do in the firm.';
COMMENT ON COLUMN member_invitations.token_digest IS 'SHA-256 of the token in the mail.';
COMMENT ON COLUMN member_invitations.invited_by IS 'The member who invites.';
COMMENT ON COLUMN member_invitations.member_id IS 'Who it made a member; null until it is accepted.';
COMMENT ON COLUMN member_invitations.created_at IS 'When it was sent.';
COMMENT ON COLUMN member_invitations.expires_at IS 'Until when it can be accepted.';
COMMENT ON COLUMN member_invitations.accepted_at IS 'When it was accepted.';
COMMENT ON COLUMN member_invitations.revoked_at IS 'When it was revoked, or another to the same address took its place.';
COMMENT ON COLUMN member_invitations.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN member_invitations.version IS 'Counts changes.';

CREATE INDEX member_invitations_firm_id_idx ON member_invitations (firm_id, id);

CREATE INDEX member_invitations_email_idx ON member_invitations (email, firm_id, created_at);

CREATE INDEX member_invitations_invited_by_idx ON member_invitations (invited_by);

CREATE INDEX member_invitations_member_id_idx ON member_invitations (member_id) WHERE member_id IS NOT NULL;

CREATE UNIQUE INDEX member_invitations_open_key ON member_invitations (firm_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;


ALTER TABLE members
    ADD COLUMN phone text,
    ADD COLUMN time_zone text,
    ADD COLUMN locale text;

COMMENT ON COLUMN members.phone IS 'E.164; null where the member gave none.';
COMMENT ON COLUMN members.time_zone IS 'IANA zone in which the member reads times; null for the firm''s.';
COMMENT ON COLUMN members.locale IS 'BCP 47 tag of the language that the member reads; null where the member named none.';
