-- Before the first release no table has rows that a lock could keep waiting; a rating has five values.
-- squawk-ignore-file adding-foreign-key-constraint, constraint-missing-not-valid, require-concurrent-index-creation, prefer-bigint-over-smallint

ALTER TABLE introductions
    ADD COLUMN previous_id uuid,
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN outcome_words text,
    ADD COLUMN outcome_rating smallint,
    ADD COLUMN outcome_at timestamptz,
    ADD CONSTRAINT introductions_outcome_check CHECK ((outcome_words IS NULL) = (outcome_at IS NULL) AND outcome_rating BETWEEN 1 AND 5),
    ADD CONSTRAINT introductions_previous_id_fkey FOREIGN KEY (previous_id) REFERENCES introductions (id);

COMMENT ON COLUMN introductions.previous_id IS 'The closed introduction of the same client to the same firm that this one follows.';
COMMENT ON COLUMN introductions.expires_at IS 'Until when an offer can be answered.';
COMMENT ON COLUMN introductions.outcome_words IS 'What the client gained, in the receiver''s words.';
COMMENT ON COLUMN introductions.outcome_rating IS 'What the client gave it, 1 to 5.';
COMMENT ON COLUMN introductions.outcome_at IS 'When the outcome was recorded.';

CREATE INDEX introductions_previous_id_idx ON introductions (previous_id) WHERE previous_id IS NOT NULL;

CREATE INDEX introductions_expires_at_idx ON introductions (expires_at) WHERE stage = 'offered';

ALTER TABLE introduction_stages
    ADD COLUMN came_from text,
    ADD COLUMN reported_by_firm_id uuid,
    ADD COLUMN corrects integer,
    ADD COLUMN correction_reason text,
    ADD CONSTRAINT introduction_stages_corrects_check CHECK ((corrects IS NULL) = (correction_reason IS NULL)),
    ADD CONSTRAINT introduction_stages_came_from_check CHECK (came_from IN ('draft', 'offered', 'accepted', 'introduced', 'meeting_set', 'met')),
    ADD CONSTRAINT introduction_stages_reported_by_firm_id_fkey FOREIGN KEY (reported_by_firm_id) REFERENCES firms (id);

COMMENT ON COLUMN introduction_stages.came_from IS 'The stage before; null for the draft.';
COMMENT ON COLUMN introduction_stages.reported_by_firm_id IS 'The party whose report the stage is, which may correct it; null for who recorded it.';
COMMENT ON COLUMN introduction_stages.corrects IS 'The version whose report this replaces; null for a report that replaces none.';
COMMENT ON COLUMN introduction_stages.correction_reason IS 'Why it was corrected.';

CREATE INDEX introduction_stages_reported_by_firm_id_idx ON introduction_stages (reported_by_firm_id) WHERE reported_by_firm_id IS NOT NULL;


CREATE TABLE disclosures (
    seq bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT disclosures_pkey PRIMARY KEY,
    principal_id uuid NOT NULL,
    client_id uuid NOT NULL,
    consent_id uuid NOT NULL,
    hour timestamptz NOT NULL,
    introduction_id uuid NOT NULL,
    firm_id uuid NOT NULL,
    partner_firm_id uuid NOT NULL,
    disclosed_at timestamptz NOT NULL,
    CONSTRAINT disclosures_principal_id_key UNIQUE (principal_id, client_id, consent_id, hour),
    CONSTRAINT disclosures_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id),
    CONSTRAINT disclosures_consent_id_fkey FOREIGN KEY (consent_id) REFERENCES consents (id),
    CONSTRAINT disclosures_introduction_id_fkey FOREIGN KEY (introduction_id) REFERENCES introductions (id),
    CONSTRAINT disclosures_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id),
    CONSTRAINT disclosures_partner_firm_id_fkey FOREIGN KEY (partner_firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE disclosures IS 'Whose identity was made known to whom in another firm, when, on which consent: one row for a principal, client, consent and hour, written by the statement that reads.';
COMMENT ON COLUMN disclosures.seq IS 'The order in which they were written.';
COMMENT ON COLUMN disclosures.principal_id IS 'The member or API client of the partner firm that read it.';
COMMENT ON COLUMN disclosures.client_id IS 'The client.';
COMMENT ON COLUMN disclosures.consent_id IS 'The consent on which it was made known.';
COMMENT ON COLUMN disclosures.hour IS 'The hour, in UTC, for which the row stands.';
COMMENT ON COLUMN disclosures.introduction_id IS 'The introduction through which it was read first in that hour.';
COMMENT ON COLUMN disclosures.firm_id IS 'The firm that serves the client.';
COMMENT ON COLUMN disclosures.partner_firm_id IS 'The firm that it was made known to.';
COMMENT ON COLUMN disclosures.disclosed_at IS 'When it was first read in that hour.';

CREATE INDEX disclosures_firm_id_idx ON disclosures (firm_id, seq);

CREATE INDEX disclosures_partner_firm_id_idx ON disclosures (partner_firm_id, seq);

CREATE INDEX disclosures_client_id_idx ON disclosures (client_id);

CREATE INDEX disclosures_consent_id_idx ON disclosures (consent_id);

CREATE INDEX disclosures_introduction_id_idx ON disclosures (introduction_id);
