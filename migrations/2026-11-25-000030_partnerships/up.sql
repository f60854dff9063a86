-- Before the first release no table has rows that a lock could keep waiting.
-- squawk-ignore-file adding-foreign-key-constraint, constraint-missing-not-valid, require-concurrent-index-creation

ALTER TABLE partnerships
    ADD COLUMN paused_by_firm_id uuid,
    ADD COLUMN paused_at timestamptz,
    ADD CONSTRAINT partnerships_paused_check CHECK ((state = 'paused') = (paused_at IS NOT NULL) AND (paused_by_firm_id IS NULL) = (paused_at IS NULL)),
    ADD CONSTRAINT partnerships_paused_by_firm_id_fkey FOREIGN KEY (paused_by_firm_id) REFERENCES firms (id);

COMMENT ON COLUMN partnerships.reason IS 'Why it was declined, paused or ended.';
COMMENT ON COLUMN partnerships.closed_at IS 'When it was declined, withdrawn, ended, or had expired.';
COMMENT ON COLUMN partnerships.paused_by_firm_id IS 'The party that paused it, while it is paused.';
COMMENT ON COLUMN partnerships.paused_at IS 'Since when it is paused.';

CREATE INDEX partnerships_paused_by_firm_id_idx ON partnerships (paused_by_firm_id);

CREATE INDEX partnerships_proposed_idx ON partnerships (created_at) WHERE state = 'proposed';


CREATE TABLE partnership_terms (
    partnership_id uuid NOT NULL,
    version integer NOT NULL,
    exclusive boolean,
    clients_informed boolean,
    review_on date,
    compensation_kind text,
    compensation_basis_points integer,
    compensation_amount_minor bigint,
    compensation_currency text,
    compensation_paid_by_firm_id uuid,
    compensation_disclosed boolean,
    compensation_note text,
    changed_by_firm_id uuid NOT NULL,
    changed_by uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT partnership_terms_pkey PRIMARY KEY (partnership_id, version),
    CONSTRAINT partnership_terms_compensation_kind_check CHECK (compensation_kind IN ('none', 'fee_share', 'flat_fee', 'other')),
    CONSTRAINT partnership_terms_compensation_basis_points_check CHECK (compensation_basis_points BETWEEN 1 AND 10000),
    CONSTRAINT partnership_terms_compensation_amount_check CHECK ((compensation_amount_minor IS NULL) = (compensation_currency IS NULL)),
    CONSTRAINT partnership_terms_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT partnership_terms_compensation_paid_by_firm_id_fkey FOREIGN KEY (compensation_paid_by_firm_id) REFERENCES firms (id),
    CONSTRAINT partnership_terms_changed_by_firm_id_fkey FOREIGN KEY (changed_by_firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE partnership_terms IS 'The terms of a partnership, every version of them; the one with the highest number is in force.';
COMMENT ON COLUMN partnership_terms.partnership_id IS 'The partnership.';
COMMENT ON COLUMN partnership_terms.version IS 'Counts changes, from 1 on.';
COMMENT ON COLUMN partnership_terms.exclusive IS 'Whether the two work with nobody else in this field; null where they have not said.';
COMMENT ON COLUMN partnership_terms.clients_informed IS 'Whether clients are told of the arrangement; null where they have not said.';
COMMENT ON COLUMN partnership_terms.review_on IS 'When the two look at it again.';
COMMENT ON COLUMN partnership_terms.compensation_kind IS 'How introductions are paid for, if at all; null where they have not said.';
COMMENT ON COLUMN partnership_terms.compensation_basis_points IS 'The share of the fee, in hundredths of a per cent.';
COMMENT ON COLUMN partnership_terms.compensation_amount_minor IS 'The flat fee, in minor units of its currency.';
COMMENT ON COLUMN partnership_terms.compensation_currency IS 'ISO 4217.';
COMMENT ON COLUMN partnership_terms.compensation_paid_by_firm_id IS 'The party that pays; null where it is whichever receives.';
COMMENT ON COLUMN partnership_terms.compensation_disclosed IS 'Whether clients are told of the compensation.';
COMMENT ON COLUMN partnership_terms.compensation_note IS 'What else is to be said of it.';
COMMENT ON COLUMN partnership_terms.changed_by_firm_id IS 'The party that wrote this version.';
COMMENT ON COLUMN partnership_terms.changed_by IS 'The member who wrote it.';
COMMENT ON COLUMN partnership_terms.changed_at IS 'When.';

CREATE INDEX partnership_terms_compensation_paid_by_firm_id_idx ON partnership_terms (compensation_paid_by_firm_id);

CREATE INDEX partnership_terms_changed_by_firm_id_idx ON partnership_terms (changed_by_firm_id);


CREATE TABLE partnership_notes (
    id uuid CONSTRAINT partnership_notes_pkey PRIMARY KEY,
    partnership_id uuid NOT NULL,
    firm_id uuid NOT NULL,
    written_by uuid NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT partnership_notes_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT partnership_notes_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE partnership_notes IS 'What one party notes of a partnership for itself; the other never sees a sign of it.';
COMMENT ON COLUMN partnership_notes.id IS 'Its id.';
COMMENT ON COLUMN partnership_notes.partnership_id IS 'The partnership.';
COMMENT ON COLUMN partnership_notes.firm_id IS 'The party whose note it is.';
COMMENT ON COLUMN partnership_notes.written_by IS 'The member or API client that wrote it.';
COMMENT ON COLUMN partnership_notes.body IS 'The note.';
COMMENT ON COLUMN partnership_notes.created_at IS 'When it was written.';
COMMENT ON COLUMN partnership_notes.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN partnership_notes.version IS 'Counts changes.';

CREATE INDEX partnership_notes_partnership_id_idx ON partnership_notes (partnership_id, firm_id, id);

CREATE INDEX partnership_notes_firm_id_idx ON partnership_notes (firm_id);
