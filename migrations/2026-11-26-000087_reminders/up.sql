-- Before the first release no table has rows that a lock could keep waiting.
-- squawk-ignore-file require-concurrent-index-creation
CREATE TABLE action_step_reminders (
    step_id uuid NOT NULL,
    due_on date NOT NULL,
    kind text NOT NULL,
    member_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT action_step_reminders_pkey PRIMARY KEY (step_id, due_on, kind),
    CONSTRAINT action_step_reminders_kind_check CHECK (kind IN ('ahead', 'overdue')),
    CONSTRAINT action_step_reminders_step_id_fkey FOREIGN KEY (step_id) REFERENCES action_steps (id),
    CONSTRAINT action_step_reminders_member_id_fkey FOREIGN KEY (member_id) REFERENCES members (id)
);

COMMENT ON TABLE action_step_reminders IS 'Which reminders of promised steps went out; each once for each date.';
COMMENT ON COLUMN action_step_reminders.step_id IS 'The step.';
COMMENT ON COLUMN action_step_reminders.due_on IS 'The date of which it reminded.';
COMMENT ON COLUMN action_step_reminders.kind IS 'Whether the date was still to come, or past.';
COMMENT ON COLUMN action_step_reminders.member_id IS 'Who was reminded.';
COMMENT ON COLUMN action_step_reminders.created_at IS 'When.';

CREATE INDEX action_step_reminders_member_id_idx ON action_step_reminders (member_id);
CREATE INDEX action_steps_promised_due_idx ON action_steps (owner_firm_id, due_on) WHERE state IN ('planned', 'in_progress');
