CREATE TABLE plan_versions (
    id uuid CONSTRAINT plan_versions_pkey PRIMARY KEY,
    partnership_id uuid NOT NULL,
    section text NOT NULL,
    firm_id uuid NOT NULL,
    number integer,
    state text NOT NULL,
    body jsonb NOT NULL,
    counters_id uuid,
    reason text,
    written_by uuid NOT NULL,
    proposed_by uuid,
    proposed_at timestamptz,
    answered_by uuid,
    closed_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT plan_versions_section_check CHECK (section IN ('business_understanding', 'ideal_client', 'success_definition', 'service_models', 'core_story', 'communication_protocol')),
    CONSTRAINT plan_versions_state_check CHECK (state IN ('draft', 'proposed', 'agreed', 'countered', 'withdrawn')),
    CONSTRAINT plan_versions_proposed_check CHECK ((state = 'draft') = (number IS NULL) AND (state = 'draft') = (proposed_at IS NULL)),
    CONSTRAINT plan_versions_closed_check CHECK ((state IN ('draft', 'proposed')) = (closed_at IS NULL)),
    CONSTRAINT plan_versions_number_key UNIQUE (partnership_id, section, number),
    CONSTRAINT plan_versions_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT plan_versions_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id),
    CONSTRAINT plan_versions_counters_id_fkey FOREIGN KEY (counters_id) REFERENCES plan_versions (id)
);

COMMENT ON TABLE plan_versions IS 'Versions of the sections of plans: drafts of one party, proposals, and what both have agreed.';
COMMENT ON COLUMN plan_versions.id IS 'Its id.';
COMMENT ON COLUMN plan_versions.partnership_id IS 'The partnership.';
COMMENT ON COLUMN plan_versions.section IS 'The section.';
COMMENT ON COLUMN plan_versions.firm_id IS 'The party that drafted and proposed it.';
COMMENT ON COLUMN plan_versions.number IS 'Counts the proposals of a section; null for a draft, which the other party does not see.';
COMMENT ON COLUMN plan_versions.state IS 'Where it stands.';
COMMENT ON COLUMN plan_versions.body IS 'What it says. `us` is the party that proposed the partnership, `them` the other.';
COMMENT ON COLUMN plan_versions.counters_id IS 'The proposal of the other party that this answers.';
COMMENT ON COLUMN plan_versions.reason IS 'Why it was taken back.';
COMMENT ON COLUMN plan_versions.written_by IS 'The member or API client that drafted it.';
COMMENT ON COLUMN plan_versions.proposed_by IS 'The member who proposed it.';
COMMENT ON COLUMN plan_versions.proposed_at IS 'When it was proposed.';
COMMENT ON COLUMN plan_versions.answered_by IS 'The member who agreed to it, countered it or took it back.';
COMMENT ON COLUMN plan_versions.closed_at IS 'When it was agreed, countered or taken back.';
COMMENT ON COLUMN plan_versions.created_at IS 'When it was drafted.';
COMMENT ON COLUMN plan_versions.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN plan_versions.version IS 'Counts changes.';

-- At most one proposal of a section waits for an answer.
CREATE UNIQUE INDEX plan_versions_open_key ON plan_versions (partnership_id, section) WHERE state = 'proposed';

CREATE INDEX plan_versions_agreed_idx ON plan_versions (partnership_id, section, number DESC) WHERE state = 'agreed';

CREATE INDEX plan_versions_partnership_id_idx ON plan_versions (partnership_id, id);

CREATE INDEX plan_versions_firm_id_idx ON plan_versions (firm_id);

CREATE INDEX plan_versions_counters_id_idx ON plan_versions (counters_id) WHERE counters_id IS NOT NULL;


CREATE TABLE plan_decisions (
    id uuid CONSTRAINT plan_decisions_pkey PRIMARY KEY,
    partnership_id uuid NOT NULL,
    firm_id uuid NOT NULL,
    decision text NOT NULL,
    reason text NOT NULL,
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL,
    CONSTRAINT plan_decisions_decision_check CHECK (decision IN ('proceed', 'do_not_proceed')),
    CONSTRAINT plan_decisions_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT plan_decisions_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE plan_decisions IS 'Each party''s decisions whether the partnership makes sense for its business; its newest counts.';
COMMENT ON COLUMN plan_decisions.id IS 'Its id.';
COMMENT ON COLUMN plan_decisions.partnership_id IS 'The partnership.';
COMMENT ON COLUMN plan_decisions.firm_id IS 'The party that decided.';
COMMENT ON COLUMN plan_decisions.decision IS 'What it decided.';
COMMENT ON COLUMN plan_decisions.reason IS 'Why.';
COMMENT ON COLUMN plan_decisions.decided_by IS 'The member who decided.';
COMMENT ON COLUMN plan_decisions.decided_at IS 'When.';

CREATE INDEX plan_decisions_partnership_id_idx ON plan_decisions (partnership_id, id);

CREATE INDEX plan_decisions_firm_id_idx ON plan_decisions (firm_id);


CREATE TABLE plan_waivers (
    id uuid CONSTRAINT plan_waivers_pkey PRIMARY KEY,
    partnership_id uuid NOT NULL,
    section text NOT NULL,
    firm_id uuid NOT NULL,
    reason text NOT NULL,
    waived_by uuid NOT NULL,
    waived_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT plan_waivers_section_check CHECK (section IN ('business_understanding', 'ideal_client', 'success_definition', 'service_models', 'core_story', 'communication_protocol')),
    CONSTRAINT plan_waivers_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT plan_waivers_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE plan_waivers IS 'Sections that a party goes without. A section is waived when both parties waive it.';
COMMENT ON COLUMN plan_waivers.id IS 'Its id.';
COMMENT ON COLUMN plan_waivers.partnership_id IS 'The partnership.';
COMMENT ON COLUMN plan_waivers.section IS 'The section.';
COMMENT ON COLUMN plan_waivers.firm_id IS 'The party that waives it.';
COMMENT ON COLUMN plan_waivers.reason IS 'Why.';
COMMENT ON COLUMN plan_waivers.waived_by IS 'The member who waived it.';
COMMENT ON COLUMN plan_waivers.waived_at IS 'When.';
COMMENT ON COLUMN plan_waivers.withdrawn_at IS 'When it was taken back; null while it stands.';
COMMENT ON COLUMN plan_waivers.version IS 'Counts changes.';

CREATE UNIQUE INDEX plan_waivers_standing_key ON plan_waivers (partnership_id, section, firm_id) WHERE withdrawn_at IS NULL;

CREATE INDEX plan_waivers_partnership_id_idx ON plan_waivers (partnership_id, id);

CREATE INDEX plan_waivers_firm_id_idx ON plan_waivers (firm_id);


-- Recursive, so in a language whose functions may name themselves before they are there.
CREATE FUNCTION plan_without(value jsonb, pattern text) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE jsonb_typeof(value)
        WHEN 'string' THEN to_jsonb(regexp_replace(value #>> '{}', pattern, '[erased]', 'gi'))
        WHEN 'array' THEN coalesce((SELECT jsonb_agg(plan_without(a.item, pattern) ORDER BY a.place)
                                      FROM jsonb_array_elements(value) WITH ORDINALITY a (item, place)), '[]')
        WHEN 'object' THEN coalesce((SELECT jsonb_object_agg(o.name, CASE
                                              WHEN o.name IN ('section', 'weekday', 'time_zone', 'members', 'balance_measure',
                                                              'kind', 'party', 'introducer', 'direction') THEN o.item
                                              ELSE plan_without(o.item, pattern) END)
                                       FROM jsonb_each(value) o (name, item)), '{}')
        ELSE value END;
END
$$;

COMMENT ON FUNCTION plan_without IS 'A body without what a regular expression finds in its texts; what is no free text stays.';
