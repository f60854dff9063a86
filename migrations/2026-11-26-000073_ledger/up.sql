-- Before the first release no table has rows that a lock could keep waiting.
-- squawk-ignore-file adding-field-with-default, adding-foreign-key-constraint, constraint-missing-not-valid, require-concurrent-index-creation

ALTER TABLE introductions
    ADD COLUMN reached text,
    ADD COLUMN accepted_on date,
    ADD COLUMN introduced_on date,
    ADD COLUMN meeting_set_on date,
    ADD COLUMN met_on date,
    ADD COLUMN engaged_on date,
    ADD COLUMN core_story_id uuid,
    ADD COLUMN fit_band text GENERATED ALWAYS AS (fit ->> 'band') STORED;

COMMENT ON COLUMN introductions.reached IS 'The furthest of offered, accepted, introduced, meeting_set, met and engaged that it has reached, wherever it stands now; null for what was never offered.';
COMMENT ON COLUMN introductions.accepted_on IS 'When it was accepted in the world; null where that was skipped or not reached.';
COMMENT ON COLUMN introductions.introduced_on IS 'When the client and the receiver were introduced, likewise.';
COMMENT ON COLUMN introductions.meeting_set_on IS 'When they had a date, likewise.';
COMMENT ON COLUMN introductions.met_on IS 'When they met, likewise.';
COMMENT ON COLUMN introductions.engaged_on IS 'When the client engaged the receiver, likewise.';

COMMENT ON COLUMN introductions.core_story_id IS 'The version of the core story that the client was told at the outset; null where none was, or it is not known.';

COMMENT ON COLUMN introductions.fit_band IS 'The band of the fit that is kept.';

-- A report that was corrected counts no more; of several of one stage the last one says when.
UPDATE introductions i
   SET reached = h.reached, accepted_on = h.accepted_on, introduced_on = h.introduced_on, meeting_set_on = h.meeting_set_on,
       met_on = h.met_on, engaged_on = h.engaged_on
  FROM (SELECT s.introduction_id,
               (array_agg(s.stage ORDER BY array_position(ARRAY['offered', 'accepted', 'introduced', 'meeting_set', 'met', 'engaged'], s.stage) DESC))[1] AS reached,
               (array_agg(s.occurred_on ORDER BY s.version DESC) FILTER (WHERE s.stage = 'accepted'))[1] AS accepted_on,
               (array_agg(s.occurred_on ORDER BY s.version DESC) FILTER (WHERE s.stage = 'introduced'))[1] AS introduced_on,
               (array_agg(s.occurred_on ORDER BY s.version DESC) FILTER (WHERE s.stage = 'meeting_set'))[1] AS meeting_set_on,
               (array_agg(s.occurred_on ORDER BY s.version DESC) FILTER (WHERE s.stage = 'met'))[1] AS met_on,
               (array_agg(s.occurred_on ORDER BY s.version DESC) FILTER (WHERE s.stage = 'engaged'))[1] AS engaged_on
          FROM introduction_stages s
         WHERE s.stage IN ('offered', 'accepted', 'introduced', 'meeting_set', 'met', 'engaged')
           AND NOT EXISTS (SELECT FROM introduction_stages c WHERE c.introduction_id = s.introduction_id AND c.corrects = s.version)
         GROUP BY s.introduction_id) h
 WHERE i.id = h.introduction_id;

ALTER TABLE introductions
    ADD CONSTRAINT introductions_reached_check CHECK (
        (reached IS NULL) = (offered_at IS NULL)
        AND reached IN ('offered', 'accepted', 'introduced', 'meeting_set', 'met', 'engaged')),
    ADD CONSTRAINT introductions_core_story_id_fkey FOREIGN KEY (core_story_id) REFERENCES plan_versions (id);

CREATE INDEX introductions_core_story_id_idx ON introductions (core_story_id) WHERE core_story_id IS NOT NULL;

-- All that the ledger and the pipeline ask of an introduction: they read this index alone.
CREATE INDEX introductions_ledger_idx ON introductions (partnership_id, offered_at, id)
    INCLUDE (introducer_firm_id, stage, reached, reason, occurred_on, answered_at, accepted_on, introduced_on, meeting_set_on,
             met_on, engaged_on, expected_minor, expected_currency, realised_minor, realised_currency, core_story_id, fit_band);


CREATE TABLE contributions (
    id uuid CONSTRAINT contributions_pkey PRIMARY KEY,
    partnership_id uuid NOT NULL,
    by_firm_id uuid NOT NULL,
    to_firm_id uuid NOT NULL,
    kind text NOT NULL,
    words text NOT NULL,
    happened_on date NOT NULL,
    state text NOT NULL,
    reason text,
    recorded_by uuid NOT NULL,
    answered_by uuid,
    answered_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT contributions_kind_check CHECK (kind IN ('advice', 'teaching', 'content', 'other')),
    CONSTRAINT contributions_state_check CHECK (state IN ('proposed', 'confirmed', 'declined', 'withdrawn')),
    CONSTRAINT contributions_firms_check CHECK (by_firm_id <> to_firm_id),
    CONSTRAINT contributions_answered_check CHECK (
        (state IN ('confirmed', 'declined')) = (answered_at IS NOT NULL) AND (answered_by IS NULL) = (answered_at IS NULL)
        AND (reason IS NOT NULL) = (state = 'declined')),
    CONSTRAINT contributions_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT contributions_by_firm_id_fkey FOREIGN KEY (by_firm_id) REFERENCES firms (id),
    CONSTRAINT contributions_to_firm_id_fkey FOREIGN KEY (to_firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE contributions IS 'What one party gave the other besides clients; it counts once the other has confirmed it.';
COMMENT ON COLUMN contributions.id IS 'Its id.';
COMMENT ON COLUMN contributions.partnership_id IS 'The partnership.';
COMMENT ON COLUMN contributions.by_firm_id IS 'The party that gave it, and that recorded it.';
COMMENT ON COLUMN contributions.to_firm_id IS 'The party that it was given to, which answers.';
COMMENT ON COLUMN contributions.kind IS 'What kind of thing it was.';
COMMENT ON COLUMN contributions.words IS 'What it was; names no client.';
COMMENT ON COLUMN contributions.happened_on IS 'When it was given.';
COMMENT ON COLUMN contributions.state IS 'Where it stands.';
COMMENT ON COLUMN contributions.reason IS 'Why it was declined.';
COMMENT ON COLUMN contributions.recorded_by IS 'The member or API client that recorded it.';
COMMENT ON COLUMN contributions.answered_by IS 'The member who confirmed or declined it.';
COMMENT ON COLUMN contributions.answered_at IS 'When.';
COMMENT ON COLUMN contributions.created_at IS 'When it was recorded.';
COMMENT ON COLUMN contributions.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN contributions.version IS 'Counts changes.';

CREATE INDEX contributions_by_firm_id_idx ON contributions (by_firm_id, id);

CREATE INDEX contributions_to_firm_id_idx ON contributions (to_firm_id, id);

CREATE INDEX contributions_partnership_id_idx ON contributions (partnership_id, happened_on) INCLUDE (by_firm_id, kind, state, updated_at);
