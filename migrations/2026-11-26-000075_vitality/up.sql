CREATE TABLE vitalities (
    partnership_id uuid CONSTRAINT vitalities_pkey PRIMARY KEY,
    level text,
    since timestamptz,
    judged_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 0,
    CONSTRAINT vitalities_level_check CHECK (level IN ('thriving', 'steady', 'fading', 'lapsed')),
    CONSTRAINT vitalities_since_check CHECK ((level IS NULL) = (since IS NULL)),
    CONSTRAINT vitalities_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id)
);

COMMENT ON TABLE vitalities IS 'How alive each partnership was when it was last judged, so that it is told when that turns.';
COMMENT ON COLUMN vitalities.partnership_id IS 'The partnership.';
COMMENT ON COLUMN vitalities.level IS 'How alive it was; null before the first time.';
COMMENT ON COLUMN vitalities.since IS 'When it was first found so.';
COMMENT ON COLUMN vitalities.judged_at IS 'When it was last judged.';
COMMENT ON COLUMN vitalities.version IS 'Counts the turns.';

CREATE INDEX vitalities_judged_at_idx ON vitalities (judged_at);
