-- Minutes and places in an order stay small.
-- squawk-ignore-file prefer-bigint-over-smallint
CREATE TABLE meeting_series (
    partnership_id uuid CONSTRAINT meeting_series_pkey PRIMARY KEY,
    plan_version_id uuid NOT NULL,
    laid_until date NOT NULL,
    laid_at timestamptz NOT NULL,
    CONSTRAINT meeting_series_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT meeting_series_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES plan_versions (id)
);

COMMENT ON TABLE meeting_series IS 'How far the weekly conversations of each partnership that is at work are laid out.';
COMMENT ON COLUMN meeting_series.partnership_id IS 'The partnership.';
COMMENT ON COLUMN meeting_series.plan_version_id IS 'The version of the communication protocol that they are laid out from.';
COMMENT ON COLUMN meeting_series.laid_until IS 'The first date, in UTC, that they are not laid out for.';
COMMENT ON COLUMN meeting_series.laid_at IS 'When they were last laid out.';

CREATE INDEX meeting_series_plan_version_id_idx ON meeting_series (plan_version_id);


CREATE TABLE meetings (
    id uuid CONSTRAINT meetings_pkey PRIMARY KEY,
    partnership_id uuid NOT NULL,
    plan_version_id uuid,
    occurrence_on date NOT NULL,
    first_starts_at timestamptz NOT NULL,
    starts_at timestamptz NOT NULL,
    time_zone text NOT NULL,
    length_minutes smallint NOT NULL,
    state text NOT NULL,
    moved_reason text,
    skipped_reason text,
    held_at timestamptz,
    attended_by_proposer uuid[] NOT NULL DEFAULT '{}',
    attended_by_recipient uuid[] NOT NULL DEFAULT '{}',
    topics text[] NOT NULL DEFAULT '{}',
    minutes_text text,
    created_by uuid,
    closed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT meetings_occurrence_key UNIQUE (partnership_id, plan_version_id, occurrence_on),
    CONSTRAINT meetings_state_check CHECK (state IN ('planned', 'held', 'skipped', 'cancelled')),
    CONSTRAINT meetings_length_check CHECK (length_minutes BETWEEN 1 AND 1440),
    CONSTRAINT meetings_moved_check CHECK (moved_reason IS NOT NULL OR starts_at = first_starts_at),
    CONSTRAINT meetings_skipped_check CHECK ((state = 'skipped') = (skipped_reason IS NOT NULL)),
    CONSTRAINT meetings_held_check CHECK (
        (state = 'held') = (held_at IS NOT NULL)
        AND (state = 'held' OR (topics = '{}' AND attended_by_proposer = '{}' AND attended_by_recipient = '{}'))),
    CONSTRAINT meetings_topics_check CHECK (topics <@ ARRAY[
        'business_understanding', 'ideal_client', 'expectations', 'service_models', 'core_story', 'action_steps',
        'introductions', 'results', 'team', 'personal']),
    CONSTRAINT meetings_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT meetings_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES plan_versions (id)
);

COMMENT ON TABLE meetings IS 'Conversations of the two parties: the weekly ones that the agreed protocol lays out, and those besides.';
COMMENT ON COLUMN meetings.id IS 'Its id.';
COMMENT ON COLUMN meetings.partnership_id IS 'The partnership.';
COMMENT ON COLUMN meetings.plan_version_id IS 'The version of the communication protocol that laid it out; null for one besides.';
COMMENT ON COLUMN meetings.occurrence_on IS 'The date by the rule, in the zone of the meeting, wherever it was moved (the RECURRENCE-ID of RFC 5545).';
COMMENT ON COLUMN meetings.first_starts_at IS 'When it was first to begin.';
COMMENT ON COLUMN meetings.starts_at IS 'When it is to begin.';
COMMENT ON COLUMN meetings.time_zone IS 'The zone of its clock.';
COMMENT ON COLUMN meetings.length_minutes IS 'How long it is.';
COMMENT ON COLUMN meetings.state IS 'Where it stands.';
COMMENT ON COLUMN meetings.moved_reason IS 'Why it was last moved; names no client.';
COMMENT ON COLUMN meetings.skipped_reason IS 'Why it was skipped; names no client.';
COMMENT ON COLUMN meetings.held_at IS 'When it began.';
COMMENT ON COLUMN meetings.attended_by_proposer IS 'The members of the firm that proposed the partnership who took part.';
COMMENT ON COLUMN meetings.attended_by_recipient IS 'The members of the other firm who took part.';
COMMENT ON COLUMN meetings.topics IS 'What was spoken about, as whoever recorded it says.';
COMMENT ON COLUMN meetings.minutes_text IS 'The minutes, which both read; they name no client.';
COMMENT ON COLUMN meetings.created_by IS 'The member or API client that entered it; null for the service.';
COMMENT ON COLUMN meetings.closed_by IS 'The member or API client that recorded that it was held or skipped; null for the service.';
COMMENT ON COLUMN meetings.created_at IS 'When it was entered.';
COMMENT ON COLUMN meetings.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN meetings.version IS 'Counts changes.';

CREATE INDEX meetings_partnership_id_idx ON meetings (partnership_id, starts_at, id);

CREATE INDEX meetings_plan_version_id_idx ON meetings (plan_version_id) WHERE plan_version_id IS NOT NULL;


CREATE TABLE agenda_items (
    id uuid CONSTRAINT agenda_items_pkey PRIMARY KEY,
    partnership_id uuid NOT NULL,
    firm_id uuid NOT NULL,
    meeting_id uuid,
    carried_from_id uuid,
    resolved_in_id uuid,
    topic text,
    title text NOT NULL,
    detail text,
    is_parked boolean NOT NULL,
    resolution text,
    resolved_by uuid,
    resolved_at timestamptz,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT agenda_items_topic_check CHECK (topic IN (
        'business_understanding', 'ideal_client', 'expectations', 'service_models', 'core_story', 'action_steps',
        'introductions', 'results', 'team', 'personal')),
    CONSTRAINT agenda_items_resolved_check CHECK (
        (resolved_at IS NULL) = (resolved_by IS NULL) AND (resolved_at IS NOT NULL OR (resolution IS NULL AND resolved_in_id IS NULL))),
    CONSTRAINT agenda_items_parked_check CHECK (NOT is_parked OR meeting_id IS NULL),
    CONSTRAINT agenda_items_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT agenda_items_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id),
    CONSTRAINT agenda_items_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES meetings (id),
    CONSTRAINT agenda_items_carried_from_id_fkey FOREIGN KEY (carried_from_id) REFERENCES meetings (id),
    CONSTRAINT agenda_items_resolved_in_id_fkey FOREIGN KEY (resolved_in_id) REFERENCES meetings (id)
);

COMMENT ON TABLE agenda_items IS 'What either party wants to speak about, besides what the records bring up by themselves.';
COMMENT ON COLUMN agenda_items.id IS 'Its id.';
COMMENT ON COLUMN agenda_items.partnership_id IS 'The partnership.';
COMMENT ON COLUMN agenda_items.firm_id IS 'The party that wrote it.';
COMMENT ON COLUMN agenda_items.meeting_id IS 'The meeting on whose agenda it stands; null for the next one, whichever that is.';
COMMENT ON COLUMN agenda_items.carried_from_id IS 'The meeting on whose agenda it first stood, where it was carried over.';
COMMENT ON COLUMN agenda_items.resolved_in_id IS 'The meeting that resolved it.';
COMMENT ON COLUMN agenda_items.topic IS 'The element of the agreement that it belongs to.';
COMMENT ON COLUMN agenda_items.title IS 'What it is; names no client.';
COMMENT ON COLUMN agenda_items.detail IS 'More about it; names no client.';
COMMENT ON COLUMN agenda_items.is_parked IS 'Whether it is in the parking lot, and so on no agenda.';
COMMENT ON COLUMN agenda_items.resolution IS 'What came of it; names no client.';
COMMENT ON COLUMN agenda_items.resolved_by IS 'The member or API client that resolved it.';
COMMENT ON COLUMN agenda_items.resolved_at IS 'When.';
COMMENT ON COLUMN agenda_items.created_by IS 'The member or API client that wrote it.';
COMMENT ON COLUMN agenda_items.created_at IS 'When it was written.';
COMMENT ON COLUMN agenda_items.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN agenda_items.version IS 'Counts changes.';

CREATE INDEX agenda_items_partnership_id_idx ON agenda_items (partnership_id, id);

CREATE INDEX agenda_items_open_idx ON agenda_items (partnership_id) WHERE resolved_at IS NULL;

CREATE INDEX agenda_items_firm_id_idx ON agenda_items (firm_id);

CREATE INDEX agenda_items_meeting_id_idx ON agenda_items (meeting_id) WHERE meeting_id IS NOT NULL;

CREATE INDEX agenda_items_carried_from_id_idx ON agenda_items (carried_from_id) WHERE carried_from_id IS NOT NULL;

CREATE INDEX agenda_items_resolved_in_id_idx ON agenda_items (resolved_in_id) WHERE resolved_in_id IS NOT NULL;


CREATE TABLE meeting_notes (
    meeting_id uuid NOT NULL,
    firm_id uuid NOT NULL,
    body text,
    written_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT meeting_notes_pkey PRIMARY KEY (meeting_id, firm_id),
    CONSTRAINT meeting_notes_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES meetings (id),
    CONSTRAINT meeting_notes_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE meeting_notes IS 'What each party notes of a meeting for itself; the other never learns of it.';
COMMENT ON COLUMN meeting_notes.meeting_id IS 'The meeting.';
COMMENT ON COLUMN meeting_notes.firm_id IS 'The firm whose note it is.';
COMMENT ON COLUMN meeting_notes.body IS 'The note; null once it is cleared.';
COMMENT ON COLUMN meeting_notes.written_by IS 'The member or API client that last wrote it.';
COMMENT ON COLUMN meeting_notes.created_at IS 'When it was first written.';
COMMENT ON COLUMN meeting_notes.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN meeting_notes.version IS 'Counts changes.';

CREATE INDEX meeting_notes_firm_id_idx ON meeting_notes (firm_id);


CREATE TABLE meeting_outcomes (
    id uuid CONSTRAINT meeting_outcomes_pkey PRIMARY KEY,
    meeting_id uuid NOT NULL,
    kind text NOT NULL,
    action_step_id uuid,
    introduction_id uuid,
    recorded_by_firm_id uuid NOT NULL,
    recorded_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT meeting_outcomes_action_step_id_key UNIQUE (action_step_id),
    CONSTRAINT meeting_outcomes_introduction_id_key UNIQUE (introduction_id),
    CONSTRAINT meeting_outcomes_kind_check CHECK (
        kind IN ('action_step', 'introduction')
        AND (kind = 'action_step') = (action_step_id IS NOT NULL) AND (kind = 'introduction') = (introduction_id IS NOT NULL)),
    CONSTRAINT meeting_outcomes_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES meetings (id),
    CONSTRAINT meeting_outcomes_action_step_id_fkey FOREIGN KEY (action_step_id) REFERENCES action_steps (id),
    CONSTRAINT meeting_outcomes_introduction_id_fkey FOREIGN KEY (introduction_id) REFERENCES introductions (id),
    CONSTRAINT meeting_outcomes_recorded_by_firm_id_fkey FOREIGN KEY (recorded_by_firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE meeting_outcomes IS 'What was agreed in a meeting: the action steps and introductions that came of it.';
COMMENT ON COLUMN meeting_outcomes.id IS 'Its id.';
COMMENT ON COLUMN meeting_outcomes.meeting_id IS 'The meeting.';
COMMENT ON COLUMN meeting_outcomes.kind IS 'What came of it.';
COMMENT ON COLUMN meeting_outcomes.action_step_id IS 'The action step.';
COMMENT ON COLUMN meeting_outcomes.introduction_id IS 'The introduction; the other party sees it from the offer on.';
COMMENT ON COLUMN meeting_outcomes.recorded_by_firm_id IS 'The party that recorded it.';
COMMENT ON COLUMN meeting_outcomes.recorded_by IS 'The member or API client that recorded it.';
COMMENT ON COLUMN meeting_outcomes.created_at IS 'When.';

CREATE INDEX meeting_outcomes_meeting_id_idx ON meeting_outcomes (meeting_id, id);

CREATE INDEX meeting_outcomes_recorded_by_firm_id_idx ON meeting_outcomes (recorded_by_firm_id);
