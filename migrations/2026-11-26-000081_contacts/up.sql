-- Minutes and places in an order stay small.
-- squawk-ignore-file prefer-bigint-over-smallint
CREATE TABLE contacts (
    id uuid CONSTRAINT contacts_pkey PRIMARY KEY,
    partnership_id uuid NOT NULL,
    by_firm_id uuid NOT NULL,
    to_firm_id uuid NOT NULL,
    member_id uuid,
    name text NOT NULL,
    role text NOT NULL,
    email text,
    phone text,
    phone_e164 text,
    reasons text[] NOT NULL,
    reason_details text[] NOT NULL,
    preference smallint NOT NULL,
    away_from_on date,
    away_to_on date,
    written_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT contacts_firms_check CHECK (by_firm_id <> to_firm_id),
    CONSTRAINT contacts_phone_check CHECK (phone_e164 IS NULL OR phone IS NOT NULL),
    CONSTRAINT contacts_reasons_check CHECK (
        cardinality(reasons) > 0 AND cardinality(reasons) = cardinality(reason_details)
        AND reasons <@ ARRAY[
            'new_introduction', 'client_question', 'investments', 'tax', 'estate', 'insurance', 'scheduling', 'documents',
            'compliance', 'billing', 'other']),
    CONSTRAINT contacts_preference_check CHECK (preference BETWEEN 1 AND 100),
    CONSTRAINT contacts_away_check CHECK (
        away_to_on IS NULL OR (away_from_on IS NOT NULL AND away_from_on <= away_to_on)),
    CONSTRAINT contacts_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT contacts_by_firm_id_fkey FOREIGN KEY (by_firm_id) REFERENCES firms (id),
    CONSTRAINT contacts_to_firm_id_fkey FOREIGN KEY (to_firm_id) REFERENCES firms (id),
    CONSTRAINT contacts_member_id_fkey FOREIGN KEY (member_id) REFERENCES members (id)
);

COMMENT ON TABLE contacts IS 'Teammates of one party whom the other may call, and what about.';
COMMENT ON COLUMN contacts.id IS 'Its id.';
COMMENT ON COLUMN contacts.partnership_id IS 'The partnership in which the other may call.';
COMMENT ON COLUMN contacts.by_firm_id IS 'The firm whose teammate it is, and that writes it.';
COMMENT ON COLUMN contacts.to_firm_id IS 'The firm that may call.';
COMMENT ON COLUMN contacts.member_id IS 'The member who it is, where the teammate signs in.';
COMMENT ON COLUMN contacts.name IS 'The teammate''s name.';
COMMENT ON COLUMN contacts.role IS 'What the teammate does; names no client.';
COMMENT ON COLUMN contacts.email IS 'E-mail address.';
COMMENT ON COLUMN contacts.phone IS 'Phone number as it was written.';
COMMENT ON COLUMN contacts.phone_e164 IS 'The same in E.164; null where it can''t be read as a number.';
COMMENT ON COLUMN contacts.reasons IS 'What to call the teammate about, the most important first, each once.';
COMMENT ON COLUMN contacts.reason_details IS 'What is said of each reason, in the same order; names no client.';
COMMENT ON COLUMN contacts.preference IS 'Of two who are called for the same reason, the lower is called first.';
COMMENT ON COLUMN contacts.away_from_on IS 'The first date on which not to call, in the zone of the firm whose teammate it is.';
COMMENT ON COLUMN contacts.away_to_on IS 'The last such date; null for no end that is known.';
COMMENT ON COLUMN contacts.written_by IS 'The member or API client that wrote it.';
COMMENT ON COLUMN contacts.created_at IS 'When it was made.';
COMMENT ON COLUMN contacts.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN contacts.version IS 'Counts changes.';

CREATE INDEX contacts_partnership_id_idx ON contacts (partnership_id, id);

CREATE INDEX contacts_by_firm_id_idx ON contacts (by_firm_id);

CREATE INDEX contacts_to_firm_id_idx ON contacts (to_firm_id);

-- A teammate who signs in is one contact of a partnership.
CREATE UNIQUE INDEX contacts_member_id_key ON contacts (member_id, partnership_id);
