CREATE TABLE introductions (
    id uuid CONSTRAINT introductions_pkey PRIMARY KEY,
    partnership_id uuid NOT NULL,
    introducer_firm_id uuid NOT NULL,
    receiver_firm_id uuid NOT NULL,
    client_id uuid NOT NULL,
    reference text NOT NULL,
    stage text NOT NULL,
    summary text,
    expected_minor bigint,
    expected_currency text,
    realised_minor bigint,
    realised_currency text,
    reason text,
    reason_note text,
    occurred_on date,
    offered_at timestamptz,
    answered_at timestamptz,
    closed_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT introductions_stage_check CHECK (stage IN ('draft', 'offered', 'accepted', 'introduced', 'meeting_set', 'met', 'engaged', 'not_engaged', 'declined', 'expired', 'withdrawn')),
    CONSTRAINT introductions_firms_check CHECK (introducer_firm_id <> receiver_firm_id),
    CONSTRAINT introductions_expected_check CHECK (expected_minor >= 0 AND (expected_minor IS NULL) = (expected_currency IS NULL)),
    CONSTRAINT introductions_realised_check CHECK (realised_minor >= 0 AND (realised_minor IS NULL) = (realised_currency IS NULL)),
    CONSTRAINT introductions_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT introductions_introducer_firm_id_fkey FOREIGN KEY (introducer_firm_id) REFERENCES firms (id),
    CONSTRAINT introductions_receiver_firm_id_fkey FOREIGN KEY (receiver_firm_id) REFERENCES firms (id),
    CONSTRAINT introductions_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id)
);

COMMENT ON TABLE introductions IS 'One party introduces one of its clients to the other.';
COMMENT ON COLUMN introductions.id IS 'Its id.';
COMMENT ON COLUMN introductions.partnership_id IS 'The partnership.';
COMMENT ON COLUMN introductions.introducer_firm_id IS 'The party that introduces its client.';
COMMENT ON COLUMN introductions.receiver_firm_id IS 'The party that the client is introduced to.';
COMMENT ON COLUMN introductions.client_id IS 'The introducer''s client.';
COMMENT ON COLUMN introductions.reference IS 'A short name that says nothing about the client, for documents and mail.';
COMMENT ON COLUMN introductions.stage IS 'How far it has come.';
COMMENT ON COLUMN introductions.summary IS 'Why the two should meet; both parties see it once offered.';
COMMENT ON COLUMN introductions.expected_minor IS 'Expected value in minor units.';
COMMENT ON COLUMN introductions.expected_currency IS 'ISO 4217.';
COMMENT ON COLUMN introductions.realised_minor IS 'Realised value in minor units.';
COMMENT ON COLUMN introductions.realised_currency IS 'ISO 4217.';
COMMENT ON COLUMN introductions.reason IS 'Why it was declined or came to nothing, as a code.';
COMMENT ON COLUMN introductions.reason_note IS 'The same in words.';
COMMENT ON COLUMN introductions.occurred_on IS 'When the present stage was reached in the world.';
COMMENT ON COLUMN introductions.offered_at IS 'When it was offered.';
COMMENT ON COLUMN introductions.answered_at IS 'When the receiver first answered.';
COMMENT ON COLUMN introductions.closed_at IS 'When it was closed; null while open.';
COMMENT ON COLUMN introductions.created_at IS 'When it was drafted.';
COMMENT ON COLUMN introductions.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN introductions.version IS 'Counts changes.';

CREATE UNIQUE INDEX introductions_open_key ON introductions (client_id, receiver_firm_id)
    WHERE stage IN ('draft', 'offered', 'accepted', 'introduced', 'meeting_set', 'met');

CREATE UNIQUE INDEX introductions_reference_key ON introductions (partnership_id, reference);

CREATE INDEX introductions_introducer_firm_id_idx ON introductions (introducer_firm_id, id);

CREATE INDEX introductions_receiver_firm_id_idx ON introductions (receiver_firm_id, id);

CREATE INDEX introductions_partnership_id_idx ON introductions (partnership_id, id);

CREATE INDEX introductions_client_id_idx ON introductions (client_id);


CREATE TABLE introduction_external_ids (
    firm_id uuid NOT NULL,
    system text NOT NULL,
    external_id text NOT NULL,
    introduction_id uuid NOT NULL,
    CONSTRAINT introduction_external_ids_pkey PRIMARY KEY (firm_id, system, external_id),
    CONSTRAINT introduction_external_ids_introduction_id_key UNIQUE (introduction_id, firm_id, system) INCLUDE (external_id),
    CONSTRAINT introduction_external_ids_introduction_id_fkey FOREIGN KEY (introduction_id) REFERENCES introductions (id) ON DELETE CASCADE,
    CONSTRAINT introduction_external_ids_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE introduction_external_ids IS 'Ids of introductions in either party''s other systems.';
COMMENT ON COLUMN introduction_external_ids.firm_id IS 'The firm whose system it is.';
COMMENT ON COLUMN introduction_external_ids.system IS 'The other system.';
COMMENT ON COLUMN introduction_external_ids.external_id IS 'The id there.';
COMMENT ON COLUMN introduction_external_ids.introduction_id IS 'The introduction.';


CREATE TABLE introduction_stages (
    introduction_id uuid NOT NULL,
    version integer NOT NULL,
    stage text NOT NULL,
    occurred_on date NOT NULL,
    reason text,
    reason_note text,
    recorded_by_firm_id uuid NOT NULL,
    recorded_by uuid,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT introduction_stages_pkey PRIMARY KEY (introduction_id, version),
    CONSTRAINT introduction_stages_stage_check CHECK (stage IN ('draft', 'offered', 'accepted', 'introduced', 'meeting_set', 'met', 'engaged', 'not_engaged', 'declined', 'expired', 'withdrawn')),
    CONSTRAINT introduction_stages_introduction_id_fkey FOREIGN KEY (introduction_id) REFERENCES introductions (id) ON DELETE CASCADE,
    CONSTRAINT introduction_stages_recorded_by_firm_id_fkey FOREIGN KEY (recorded_by_firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE introduction_stages IS 'Every stage that an introduction was put to: who, when recorded, when it happened.';
COMMENT ON COLUMN introduction_stages.introduction_id IS 'The introduction.';
COMMENT ON COLUMN introduction_stages.version IS 'The version of the introduction that this made.';
COMMENT ON COLUMN introduction_stages.stage IS 'The stage.';
COMMENT ON COLUMN introduction_stages.occurred_on IS 'When it happened.';
COMMENT ON COLUMN introduction_stages.reason IS 'Why, as a code, where one is asked for.';
COMMENT ON COLUMN introduction_stages.reason_note IS 'Why, in words.';
COMMENT ON COLUMN introduction_stages.recorded_by_firm_id IS 'The party that recorded it.';
COMMENT ON COLUMN introduction_stages.recorded_by IS 'The member or API client that recorded it; null for the service.';
COMMENT ON COLUMN introduction_stages.recorded_at IS 'When it was recorded.';

CREATE INDEX introduction_stages_recorded_by_firm_id_idx ON introduction_stages (recorded_by_firm_id);
