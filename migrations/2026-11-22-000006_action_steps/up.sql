CREATE TABLE action_steps (
    id uuid CONSTRAINT action_steps_pkey PRIMARY KEY,
    partnership_id uuid NOT NULL,
    introduction_id uuid,
    owner_firm_id uuid NOT NULL,
    owner_member_id uuid,
    proposed_by_firm_id uuid NOT NULL,
    state text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    detail text,
    due_on date NOT NULL,
    promised_on date,
    proposed_due_on date,
    proposed_due_reason text,
    reason text,
    done_on date,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT action_steps_state_check CHECK (state IN ('proposed', 'planned', 'in_progress', 'done', 'declined', 'skipped', 'cancelled')),
    CONSTRAINT action_steps_kind_check CHECK (kind IN ('client_conversation', 'follow_up', 'internal')),
    CONSTRAINT action_steps_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT action_steps_introduction_id_fkey FOREIGN KEY (introduction_id) REFERENCES introductions (id),
    CONSTRAINT action_steps_owner_firm_id_fkey FOREIGN KEY (owner_firm_id) REFERENCES firms (id),
    CONSTRAINT action_steps_owner_member_id_fkey FOREIGN KEY (owner_member_id) REFERENCES members (id),
    CONSTRAINT action_steps_proposed_by_firm_id_fkey FOREIGN KEY (proposed_by_firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE action_steps IS 'What one party will do by a date; together they are a partnership''s timeline.';
COMMENT ON COLUMN action_steps.id IS 'Its id.';
COMMENT ON COLUMN action_steps.partnership_id IS 'The partnership.';
COMMENT ON COLUMN action_steps.introduction_id IS 'The introduction that it is about, if any.';
COMMENT ON COLUMN action_steps.owner_firm_id IS 'The party that will do it.';
COMMENT ON COLUMN action_steps.owner_member_id IS 'The member who will do it, where known.';
COMMENT ON COLUMN action_steps.proposed_by_firm_id IS 'The party that wrote it down.';
COMMENT ON COLUMN action_steps.state IS 'Where it stands.';
COMMENT ON COLUMN action_steps.kind IS 'What kind of step it is.';
COMMENT ON COLUMN action_steps.title IS 'What is to be done; names no client.';
COMMENT ON COLUMN action_steps.detail IS 'More about it.';
COMMENT ON COLUMN action_steps.due_on IS 'The date it is due, in the owner firm''s zone.';
COMMENT ON COLUMN action_steps.promised_on IS 'The first date that the owner promised; never changes.';
COMMENT ON COLUMN action_steps.proposed_due_on IS 'Another date that the other party has proposed.';
COMMENT ON COLUMN action_steps.proposed_due_reason IS 'Why the other party proposed it.';
COMMENT ON COLUMN action_steps.reason IS 'Why it was declined.';
COMMENT ON COLUMN action_steps.done_on IS 'When it was done in the world.';
COMMENT ON COLUMN action_steps.created_at IS 'When it was written down.';
COMMENT ON COLUMN action_steps.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN action_steps.version IS 'Counts changes.';

CREATE INDEX action_steps_partnership_id_idx ON action_steps (partnership_id, id);

CREATE INDEX action_steps_due_on_idx ON action_steps (partnership_id, due_on, id);

CREATE INDEX action_steps_owner_firm_id_idx ON action_steps (owner_firm_id, id);

CREATE INDEX action_steps_introduction_id_idx ON action_steps (introduction_id);

CREATE INDEX action_steps_owner_member_id_idx ON action_steps (owner_member_id);

CREATE INDEX action_steps_proposed_by_firm_id_idx ON action_steps (proposed_by_firm_id);


CREATE TABLE action_step_moves (
    step_id uuid NOT NULL,
    version integer NOT NULL,
    from_on date NOT NULL,
    to_on date NOT NULL,
    reason text NOT NULL,
    moved_by_firm_id uuid NOT NULL,
    moved_by uuid NOT NULL,
    moved_at timestamptz NOT NULL,
    CONSTRAINT action_step_moves_pkey PRIMARY KEY (step_id, version),
    CONSTRAINT action_step_moves_step_id_fkey FOREIGN KEY (step_id) REFERENCES action_steps (id) ON DELETE CASCADE,
    CONSTRAINT action_step_moves_moved_by_firm_id_fkey FOREIGN KEY (moved_by_firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE action_step_moves IS 'Every change of a step''s date, with its reason.';
COMMENT ON COLUMN action_step_moves.step_id IS 'The step.';
COMMENT ON COLUMN action_step_moves.version IS 'The version of the step that this made.';
COMMENT ON COLUMN action_step_moves.from_on IS 'The date before.';
COMMENT ON COLUMN action_step_moves.to_on IS 'The date after.';
COMMENT ON COLUMN action_step_moves.reason IS 'Why.';
COMMENT ON COLUMN action_step_moves.moved_by_firm_id IS 'The party that moved it.';
COMMENT ON COLUMN action_step_moves.moved_by IS 'The member or API client that moved it.';
COMMENT ON COLUMN action_step_moves.moved_at IS 'When.';

CREATE INDEX action_step_moves_moved_by_firm_id_idx ON action_step_moves (moved_by_firm_id);
