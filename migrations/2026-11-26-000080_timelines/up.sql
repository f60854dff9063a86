-- Before the first release no table has rows that a lock could keep waiting.
-- squawk-ignore-file constraint-missing-not-valid
CREATE TABLE work_calendars (
    firm_id uuid CONSTRAINT work_calendars_pkey PRIMARY KEY,
    weekend text[] NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT work_calendars_weekend_check CHECK (
        weekend <@ '{monday,tuesday,wednesday,thursday,friday,saturday,sunday}'::text[] AND cardinality(weekend) <= 6
    ),
    CONSTRAINT work_calendars_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE work_calendars IS 'On which days of the week a firm works; a firm without a row works from Monday to Friday.';
COMMENT ON COLUMN work_calendars.firm_id IS 'The firm.';
COMMENT ON COLUMN work_calendars.weekend IS 'The days of the week on which it does not work.';
COMMENT ON COLUMN work_calendars.updated_at IS 'When it was last changed, its holidays included.';
COMMENT ON COLUMN work_calendars.version IS 'Counts changes, its holidays included.';

CREATE TABLE holidays (
    firm_id uuid NOT NULL,
    holiday_on date NOT NULL,
    name text NOT NULL,
    CONSTRAINT holidays_pkey PRIMARY KEY (firm_id, holiday_on),
    CONSTRAINT holidays_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE holidays IS 'Dates on which a firm does not work.';
COMMENT ON COLUMN holidays.firm_id IS 'The firm.';
COMMENT ON COLUMN holidays.holiday_on IS 'The date.';
COMMENT ON COLUMN holidays.name IS 'What it is.';

ALTER TABLE action_steps ADD COLUMN length_days integer NOT NULL DEFAULT 1;
ALTER TABLE action_steps ADD CONSTRAINT action_steps_length_days_check CHECK (length_days BETWEEN 1 AND 1000);

COMMENT ON COLUMN action_steps.length_days IS 'How many business days of its owner it is expected to take.';

CREATE TABLE action_step_predecessors (
    step_id uuid NOT NULL,
    predecessor_id uuid NOT NULL,
    lag_count integer NOT NULL,
    lag_unit text NOT NULL,
    CONSTRAINT action_step_predecessors_pkey PRIMARY KEY (step_id, predecessor_id),
    CONSTRAINT action_step_predecessors_self_check CHECK (step_id <> predecessor_id),
    CONSTRAINT action_step_predecessors_lag_check CHECK (lag_count BETWEEN 0 AND 1000 AND lag_unit IN ('days', 'business_days')),
    CONSTRAINT action_step_predecessors_step_id_fkey FOREIGN KEY (step_id) REFERENCES action_steps (id),
    CONSTRAINT action_step_predecessors_predecessor_id_fkey FOREIGN KEY (predecessor_id) REFERENCES action_steps (id)
);

COMMENT ON TABLE action_step_predecessors IS 'Which step begins only after which other of the same partnership is finished; there are no cycles.';
COMMENT ON COLUMN action_step_predecessors.step_id IS 'The step that begins.';
COMMENT ON COLUMN action_step_predecessors.predecessor_id IS 'The step that is finished before.';
COMMENT ON COLUMN action_step_predecessors.lag_count IS 'How long after that it begins at the earliest.';
COMMENT ON COLUMN action_step_predecessors.lag_unit IS 'Whether days are counted or business days of its owner.';

CREATE INDEX action_step_predecessors_predecessor_id_idx ON action_step_predecessors (predecessor_id);

CREATE TABLE cascades (
    id uuid CONSTRAINT cascades_pkey PRIMARY KEY,
    partnership_id uuid NOT NULL,
    step_id uuid NOT NULL,
    firm_id uuid NOT NULL,
    reason text NOT NULL,
    made_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    undone_by uuid,
    undone_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT cascades_undone_check CHECK ((undone_by IS NULL) = (undone_at IS NULL)),
    CONSTRAINT cascades_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT cascades_step_id_fkey FOREIGN KEY (step_id) REFERENCES action_steps (id),
    CONSTRAINT cascades_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE cascades IS 'A step that was moved together with those that wait for it.';
COMMENT ON COLUMN cascades.id IS 'Its id.';
COMMENT ON COLUMN cascades.partnership_id IS 'The partnership.';
COMMENT ON COLUMN cascades.step_id IS 'The step that was moved.';
COMMENT ON COLUMN cascades.firm_id IS 'The party that moved it.';
COMMENT ON COLUMN cascades.reason IS 'Why; both parties read it.';
COMMENT ON COLUMN cascades.made_by IS 'The member or API client that moved it.';
COMMENT ON COLUMN cascades.created_at IS 'When.';
COMMENT ON COLUMN cascades.undone_by IS 'The member or API client that undid it.';
COMMENT ON COLUMN cascades.undone_at IS 'When it was undone.';
COMMENT ON COLUMN cascades.version IS 'Counts changes.';

CREATE INDEX cascades_partnership_id_idx ON cascades (partnership_id, id);
CREATE INDEX cascades_step_id_idx ON cascades (step_id);
CREATE INDEX cascades_firm_id_idx ON cascades (firm_id);

CREATE TABLE cascade_moves (
    cascade_id uuid NOT NULL,
    step_id uuid NOT NULL,
    place integer NOT NULL,
    from_on date NOT NULL,
    to_on date NOT NULL,
    effect text NOT NULL,
    proposed_before_on date,
    proposed_before_reason text,
    CONSTRAINT cascade_moves_pkey PRIMARY KEY (cascade_id, step_id),
    CONSTRAINT cascade_moves_effect_check CHECK (effect IN ('moved', 'proposed', 'left')),
    CONSTRAINT cascade_moves_cascade_id_fkey FOREIGN KEY (cascade_id) REFERENCES cascades (id),
    CONSTRAINT cascade_moves_step_id_fkey FOREIGN KEY (step_id) REFERENCES action_steps (id)
);

COMMENT ON TABLE cascade_moves IS 'What became of each step in a cascade, and what stood there before.';
COMMENT ON COLUMN cascade_moves.cascade_id IS 'The cascade.';
COMMENT ON COLUMN cascade_moves.step_id IS 'The step.';
COMMENT ON COLUMN cascade_moves.place IS 'Its place in the order in which they follow one another.';
COMMENT ON COLUMN cascade_moves.from_on IS 'The date before.';
COMMENT ON COLUMN cascade_moves.to_on IS 'The date after, or the date proposed.';
COMMENT ON COLUMN cascade_moves.effect IS 'Whether it was moved, a date was proposed to its owner, or it was left since nobody may move it yet.';
COMMENT ON COLUMN cascade_moves.proposed_before_on IS 'The date that was proposed before, if any.';
COMMENT ON COLUMN cascade_moves.proposed_before_reason IS 'Why that was proposed.';

CREATE INDEX cascade_moves_step_id_idx ON cascade_moves (step_id);
