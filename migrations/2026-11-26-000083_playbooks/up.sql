CREATE TABLE playbooks (
    id uuid CONSTRAINT playbooks_pkey PRIMARY KEY,
    firm_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    archived_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT playbooks_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE playbooks IS 'A firm''s templates of whole timelines; what each says stands in its versions.';
COMMENT ON COLUMN playbooks.id IS 'Its id.';
COMMENT ON COLUMN playbooks.firm_id IS 'The firm whose it is; no other sees it.';
COMMENT ON COLUMN playbooks.created_at IS 'When it was written.';
COMMENT ON COLUMN playbooks.updated_at IS 'When its last version was written.';
COMMENT ON COLUMN playbooks.archived_at IS 'When it was put away; null while it can be applied.';
COMMENT ON COLUMN playbooks.version IS 'The number of its last version.';

CREATE INDEX playbooks_firm_id_idx ON playbooks (firm_id, id);

CREATE TABLE playbook_versions (
    playbook_id uuid NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    description text,
    applies_to text NOT NULL,
    skips_days_off boolean NOT NULL,
    steps jsonb NOT NULL,
    written_by uuid NOT NULL,
    written_at timestamptz NOT NULL,
    CONSTRAINT playbook_versions_pkey PRIMARY KEY (playbook_id, version),
    CONSTRAINT playbook_versions_applies_to_check CHECK (applies_to IN ('partnership', 'introduction')),
    CONSTRAINT playbook_versions_playbook_id_fkey FOREIGN KEY (playbook_id) REFERENCES playbooks (id)
);

COMMENT ON TABLE playbook_versions IS 'What a playbook said at each time; a version never changes.';
COMMENT ON COLUMN playbook_versions.playbook_id IS 'The playbook.';
COMMENT ON COLUMN playbook_versions.version IS 'Its number, from 1.';
COMMENT ON COLUMN playbook_versions.name IS 'What it is called.';
COMMENT ON COLUMN playbook_versions.description IS 'What it is for.';
COMMENT ON COLUMN playbook_versions.applies_to IS 'Whether it lays out the timeline of a partnership or of an introduction.';
COMMENT ON COLUMN playbook_versions.skips_days_off IS 'Whether its dates fall on business days alone.';
COMMENT ON COLUMN playbook_versions.steps IS 'Its steps, in their order.';
COMMENT ON COLUMN playbook_versions.written_by IS 'The member or API client that wrote it.';
COMMENT ON COLUMN playbook_versions.written_at IS 'When.';

CREATE TABLE playbook_applications (
    id uuid CONSTRAINT playbook_applications_pkey PRIMARY KEY,
    firm_id uuid NOT NULL,
    playbook_id uuid NOT NULL,
    playbook_version integer NOT NULL,
    partnership_id uuid NOT NULL,
    introduction_id uuid,
    start_on date NOT NULL,
    applied_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT playbook_applications_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id),
    CONSTRAINT playbook_applications_version_fkey FOREIGN KEY (playbook_id, playbook_version) REFERENCES playbook_versions (playbook_id, version),
    CONSTRAINT playbook_applications_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT playbook_applications_introduction_id_fkey FOREIGN KEY (introduction_id) REFERENCES introductions (id)
);

COMMENT ON TABLE playbook_applications IS 'Where a playbook was laid out. The other party sees the steps, and not that a playbook made them.';
COMMENT ON COLUMN playbook_applications.id IS 'Its id.';
COMMENT ON COLUMN playbook_applications.firm_id IS 'The firm whose playbook it is.';
COMMENT ON COLUMN playbook_applications.playbook_id IS 'The playbook.';
COMMENT ON COLUMN playbook_applications.playbook_version IS 'Which version of it.';
COMMENT ON COLUMN playbook_applications.partnership_id IS 'The partnership.';
COMMENT ON COLUMN playbook_applications.introduction_id IS 'The introduction, if it is about one.';
COMMENT ON COLUMN playbook_applications.start_on IS 'From which date it was laid out.';
COMMENT ON COLUMN playbook_applications.applied_by IS 'The member or API client that applied it.';
COMMENT ON COLUMN playbook_applications.created_at IS 'When.';

CREATE INDEX playbook_applications_firm_id_idx ON playbook_applications (firm_id);
CREATE INDEX playbook_applications_playbook_id_idx ON playbook_applications (playbook_id, playbook_version);
CREATE INDEX playbook_applications_partnership_id_idx ON playbook_applications (partnership_id, firm_id, id);
CREATE INDEX playbook_applications_introduction_id_idx ON playbook_applications (introduction_id);

CREATE TABLE playbook_application_steps (
    application_id uuid NOT NULL,
    step_id uuid NOT NULL,
    place integer NOT NULL,
    key text NOT NULL,
    CONSTRAINT playbook_application_steps_pkey PRIMARY KEY (application_id, step_id),
    CONSTRAINT playbook_application_steps_application_id_fkey FOREIGN KEY (application_id) REFERENCES playbook_applications (id),
    CONSTRAINT playbook_application_steps_step_id_fkey FOREIGN KEY (step_id) REFERENCES action_steps (id)
);

COMMENT ON TABLE playbook_application_steps IS 'Which action steps were laid out.';
COMMENT ON COLUMN playbook_application_steps.application_id IS 'The application.';
COMMENT ON COLUMN playbook_application_steps.step_id IS 'The action step.';
COMMENT ON COLUMN playbook_application_steps.place IS 'Its place in the playbook.';
COMMENT ON COLUMN playbook_application_steps.key IS 'Its key in the playbook.';

CREATE INDEX playbook_application_steps_step_id_idx ON playbook_application_steps (step_id);
