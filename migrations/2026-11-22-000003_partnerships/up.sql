CREATE TABLE partnerships (
    id uuid CONSTRAINT partnerships_pkey PRIMARY KEY,
    state text NOT NULL,
    proposer_firm_id uuid NOT NULL,
    proposer_lead_id uuid NOT NULL,
    recipient_firm_id uuid,
    recipient_lead_id uuid,
    recipient_email text NOT NULL,
    message text,
    reason text,
    ended_by_firm_id uuid,
    answered_at timestamptz,
    closed_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT partnerships_state_check CHECK (state IN ('proposed', 'exploring', 'active', 'paused', 'declined', 'withdrawn', 'expired', 'ended')),
    CONSTRAINT partnerships_firms_check CHECK (recipient_firm_id <> proposer_firm_id),
    CONSTRAINT partnerships_recipient_check CHECK ((recipient_firm_id IS NULL) = (recipient_lead_id IS NULL)),
    CONSTRAINT partnerships_answered_check CHECK (recipient_firm_id IS NOT NULL OR state IN ('proposed', 'withdrawn', 'expired')),
    CONSTRAINT partnerships_proposer_firm_id_fkey FOREIGN KEY (proposer_firm_id) REFERENCES firms (id),
    CONSTRAINT partnerships_proposer_lead_id_fkey FOREIGN KEY (proposer_lead_id) REFERENCES members (id),
    CONSTRAINT partnerships_recipient_firm_id_fkey FOREIGN KEY (recipient_firm_id) REFERENCES firms (id),
    CONSTRAINT partnerships_recipient_lead_id_fkey FOREIGN KEY (recipient_lead_id) REFERENCES members (id),
    CONSTRAINT partnerships_ended_by_firm_id_fkey FOREIGN KEY (ended_by_firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE partnerships IS 'Relationships between exactly two parties: a firm and its lead member each.';
COMMENT ON COLUMN partnerships.id IS 'Its id.';
COMMENT ON COLUMN partnerships.state IS 'Where it stands.';
COMMENT ON COLUMN partnerships.proposer_firm_id IS 'The party that proposed it.';
COMMENT ON COLUMN partnerships.proposer_lead_id IS 'That party''s lead member.';
COMMENT ON COLUMN partnerships.recipient_firm_id IS 'The other party; null until the address belongs to a member.';
COMMENT ON COLUMN partnerships.recipient_lead_id IS 'The other party''s lead member.';
COMMENT ON COLUMN partnerships.recipient_email IS 'The address that it was proposed to.';
COMMENT ON COLUMN partnerships.message IS 'What the proposer wrote to the recipient.';
COMMENT ON COLUMN partnerships.reason IS 'Why it was declined or ended.';
COMMENT ON COLUMN partnerships.ended_by_firm_id IS 'The party that ended it.';
COMMENT ON COLUMN partnerships.answered_at IS 'When it was accepted or declined.';
COMMENT ON COLUMN partnerships.closed_at IS 'When it was declined, withdrawn or ended.';
COMMENT ON COLUMN partnerships.created_at IS 'When it was proposed.';
COMMENT ON COLUMN partnerships.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN partnerships.version IS 'Counts changes.';

CREATE UNIQUE INDEX partnerships_leads_key ON partnerships
    (least(proposer_lead_id, recipient_lead_id), greatest(proposer_lead_id, recipient_lead_id))
    WHERE recipient_lead_id IS NOT NULL AND state IN ('proposed', 'exploring', 'active', 'paused');

CREATE UNIQUE INDEX partnerships_proposed_key ON partnerships (proposer_lead_id, recipient_email)
    WHERE state = 'proposed';

CREATE INDEX partnerships_proposer_firm_id_idx ON partnerships (proposer_firm_id, id);

CREATE INDEX partnerships_recipient_firm_id_idx ON partnerships (recipient_firm_id, id);

CREATE INDEX partnerships_proposer_lead_id_idx ON partnerships (proposer_lead_id);

CREATE INDEX partnerships_recipient_lead_id_idx ON partnerships (recipient_lead_id);

CREATE INDEX partnerships_ended_by_firm_id_idx ON partnerships (ended_by_firm_id);


CREATE TABLE invitations (
    id uuid CONSTRAINT invitations_pkey PRIMARY KEY,
    partnership_id uuid NOT NULL,
    email text NOT NULL,
    token_digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT invitations_token_digest_key UNIQUE (token_digest),
    CONSTRAINT invitations_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id)
);

COMMENT ON TABLE invitations IS 'Single-use leave for somebody without an account to sign a firm up and find a proposal there.';
COMMENT ON COLUMN invitations.id IS 'Its id.';
COMMENT ON COLUMN invitations.partnership_id IS 'The proposal.';
COMMENT ON COLUMN invitations.email IS 'The address that it was sent to, and that signs up.';
COMMENT ON COLUMN invitations.token_digest IS 'SHA-256 of the token in the mail.';
COMMENT ON COLUMN invitations.created_at IS 'When it was sent.';
COMMENT ON COLUMN invitations.expires_at IS 'Until when it can be used.';
COMMENT ON COLUMN invitations.used_at IS 'When it was used.';

CREATE INDEX invitations_partnership_id_idx ON invitations (partnership_id);
