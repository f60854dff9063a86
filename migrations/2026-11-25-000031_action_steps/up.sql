-- Before the first release no table has rows that a lock could keep waiting.
-- squawk-ignore-file adding-foreign-key-constraint, constraint-missing-not-valid, require-concurrent-index-creation

ALTER TABLE action_steps
    ADD COLUMN channel text,
    ADD COLUMN topic text,
    ADD COLUMN follows_id uuid,
    ADD COLUMN section text,
    ADD COLUMN cancel_agreed boolean,
    ADD CONSTRAINT action_steps_channel_check CHECK (channel IN ('in_person', 'phone', 'video', 'email', 'other')),
    ADD CONSTRAINT action_steps_section_check CHECK (section IN ('business_understanding', 'ideal_client', 'success_definition', 'service_models', 'core_story', 'communication_protocol')),
    ADD CONSTRAINT action_steps_conversation_check CHECK (kind = 'client_conversation' OR (channel IS NULL AND topic IS NULL)),
    ADD CONSTRAINT action_steps_follows_check CHECK (follows_id IS NULL OR (kind = 'follow_up' AND follows_id <> id)),
    ADD CONSTRAINT action_steps_cancel_agreed_check CHECK (cancel_agreed IS NULL OR state = 'cancelled'),
    ADD CONSTRAINT action_steps_follows_id_fkey FOREIGN KEY (follows_id) REFERENCES action_steps (id);

COMMENT ON COLUMN action_steps.reason IS 'Why it, or another date for it, was declined; why it was skipped, cancelled or opened again.';
COMMENT ON COLUMN action_steps.channel IS 'How the client is spoken to; of conversations alone.';
COMMENT ON COLUMN action_steps.topic IS 'What the client is spoken to about; of conversations alone, names no client.';
COMMENT ON COLUMN action_steps.follows_id IS 'The step that a follow-up follows, if any.';
COMMENT ON COLUMN action_steps.section IS 'The section of the plan that it belongs to, if any.';
COMMENT ON COLUMN action_steps.cancel_agreed IS 'Of a promise that its owner cancelled: whether the other party agreed; null for all else.';

CREATE INDEX action_steps_follows_id_idx ON action_steps (follows_id);


CREATE TABLE action_step_states (
    step_id uuid NOT NULL,
    version integer NOT NULL,
    from_state text,
    to_state text NOT NULL,
    reason text,
    recorded_by_firm_id uuid NOT NULL,
    recorded_by uuid,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT action_step_states_pkey PRIMARY KEY (step_id, version),
    CONSTRAINT action_step_states_step_id_fkey FOREIGN KEY (step_id) REFERENCES action_steps (id) ON DELETE CASCADE,
    CONSTRAINT action_step_states_recorded_by_firm_id_fkey FOREIGN KEY (recorded_by_firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE action_step_states IS 'Every state that a step came into: who brought it there, when and why.';
COMMENT ON COLUMN action_step_states.step_id IS 'The step.';
COMMENT ON COLUMN action_step_states.version IS 'The version of the step that this made.';
COMMENT ON COLUMN action_step_states.from_state IS 'The state before; null for the first.';
COMMENT ON COLUMN action_step_states.to_state IS 'The state after.';
COMMENT ON COLUMN action_step_states.reason IS 'Why, where a reason was asked for.';
COMMENT ON COLUMN action_step_states.recorded_by_firm_id IS 'The party that did it.';
COMMENT ON COLUMN action_step_states.recorded_by IS 'The member or API client that did it; null where the step is older than this history.';
COMMENT ON COLUMN action_step_states.recorded_at IS 'When.';

CREATE INDEX action_step_states_recorded_by_firm_id_idx ON action_step_states (recorded_by_firm_id);

-- Of steps that are older than this history only the last state is known.
INSERT INTO action_step_states (step_id, version, to_state, reason, recorded_by_firm_id, recorded_at)
SELECT id, version, state, reason, CASE WHEN state IN ('proposed', 'planned') THEN proposed_by_firm_id ELSE owner_firm_id END, updated_at
  FROM action_steps;


CREATE TABLE action_step_evidence (
    id uuid CONSTRAINT action_step_evidence_pkey PRIMARY KEY,
    step_id uuid NOT NULL,
    kind text NOT NULL,
    body text,
    url text,
    added_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT action_step_evidence_kind_check CHECK (kind IN ('note', 'link')),
    CONSTRAINT action_step_evidence_content_check CHECK ((kind = 'note' AND body IS NOT NULL AND url IS NULL) OR (kind = 'link' AND url IS NOT NULL)),
    CONSTRAINT action_step_evidence_step_id_fkey FOREIGN KEY (step_id) REFERENCES action_steps (id) ON DELETE CASCADE
);

COMMENT ON TABLE action_step_evidence IS 'What the owner of a step shows for it; only ever added to.';
COMMENT ON COLUMN action_step_evidence.id IS 'Its id.';
COMMENT ON COLUMN action_step_evidence.step_id IS 'The step.';
COMMENT ON COLUMN action_step_evidence.kind IS 'A note or a link.';
COMMENT ON COLUMN action_step_evidence.body IS 'The note, or what is said of the link; names no client.';
COMMENT ON COLUMN action_step_evidence.url IS 'Where the link leads; https alone.';
COMMENT ON COLUMN action_step_evidence.added_by IS 'The member or API client that added it.';
COMMENT ON COLUMN action_step_evidence.created_at IS 'When.';

CREATE INDEX action_step_evidence_step_id_idx ON action_step_evidence (step_id, id);
