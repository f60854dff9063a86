-- Minutes and places in an order stay small.
-- squawk-ignore-file prefer-bigint-over-smallint
CREATE TABLE touchpoints (
    id uuid CONSTRAINT touchpoints_pkey PRIMARY KEY,
    partnership_id uuid NOT NULL,
    by_firm_id uuid NOT NULL,
    to_firm_id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    planned_on date,
    happened_on date,
    place text,
    note text,
    visibility text NOT NULL,
    is_paid_by_author boolean,
    cost_minor bigint,
    cost_currency text,
    recorded_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT touchpoints_firms_check CHECK (by_firm_id <> to_firm_id),
    CONSTRAINT touchpoints_kind_check CHECK (kind IN ('meal', 'coffee', 'event', 'call', 'gift', 'other')),
    CONSTRAINT touchpoints_state_check CHECK (state IN ('planned', 'held', 'cancelled')),
    CONSTRAINT touchpoints_visibility_check CHECK (visibility IN ('shared', 'private')),
    CONSTRAINT touchpoints_dates_check CHECK (
        (state = 'held') = (happened_on IS NOT NULL) AND (happened_on IS NOT NULL OR planned_on IS NOT NULL)),
    CONSTRAINT touchpoints_cost_check CHECK (
        (cost_minor IS NULL) = (cost_currency IS NULL) AND (cost_minor IS NULL OR (cost_minor >= 0 AND is_paid_by_author IS TRUE))),
    CONSTRAINT touchpoints_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT touchpoints_by_firm_id_fkey FOREIGN KEY (by_firm_id) REFERENCES firms (id),
    CONSTRAINT touchpoints_to_firm_id_fkey FOREIGN KEY (to_firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE touchpoints IS 'Time spent personally within a partnership: a meal, a coffee, a gift.';
COMMENT ON COLUMN touchpoints.id IS 'Its id.';
COMMENT ON COLUMN touchpoints.partnership_id IS 'The partnership.';
COMMENT ON COLUMN touchpoints.by_firm_id IS 'The party that wrote it, and that alone changes it.';
COMMENT ON COLUMN touchpoints.to_firm_id IS 'The other party; it sees what is shared.';
COMMENT ON COLUMN touchpoints.kind IS 'What kind of thing it was.';
COMMENT ON COLUMN touchpoints.state IS 'Whether it is planned, was held or was cancelled.';
COMMENT ON COLUMN touchpoints.planned_on IS 'The date it is, or was, planned for.';
COMMENT ON COLUMN touchpoints.happened_on IS 'When it was, once it was held.';
COMMENT ON COLUMN touchpoints.place IS 'Where; names no client.';
COMMENT ON COLUMN touchpoints.note IS 'What is noted of it; names no client.';
COMMENT ON COLUMN touchpoints.visibility IS 'Whether both parties see it, or the one that wrote it alone.';
COMMENT ON COLUMN touchpoints.is_paid_by_author IS 'Whether the party that wrote it paid, or the other; null where nobody did, or it is not said.';
COMMENT ON COLUMN touchpoints.cost_minor IS 'What the party that wrote it paid, in minor units.';
COMMENT ON COLUMN touchpoints.cost_currency IS 'The currency of it (ISO 4217).';
COMMENT ON COLUMN touchpoints.recorded_by IS 'The member or API client that wrote it.';
COMMENT ON COLUMN touchpoints.created_at IS 'When it was recorded.';
COMMENT ON COLUMN touchpoints.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN touchpoints.version IS 'Counts changes.';

CREATE INDEX touchpoints_partnership_id_idx ON touchpoints (partnership_id, id);

-- What a firm gave in twelve months.
CREATE INDEX touchpoints_by_firm_id_idx ON touchpoints (by_firm_id, happened_on);

CREATE INDEX touchpoints_to_firm_id_idx ON touchpoints (to_firm_id);

CREATE TABLE touchpoint_guests (
    touchpoint_id uuid NOT NULL,
    place smallint NOT NULL,
    firm_id uuid NOT NULL,
    member_id uuid,
    name text,
    share_minor bigint NOT NULL,
    CONSTRAINT touchpoint_guests_pkey PRIMARY KEY (touchpoint_id, place),
    CONSTRAINT touchpoint_guests_name_check CHECK ((member_id IS NULL) <> (name IS NULL)),
    CONSTRAINT touchpoint_guests_share_minor_check CHECK (share_minor >= 0),
    CONSTRAINT touchpoint_guests_touchpoint_id_fkey FOREIGN KEY (touchpoint_id) REFERENCES touchpoints (id) ON DELETE CASCADE,
    CONSTRAINT touchpoint_guests_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id),
    CONSTRAINT touchpoint_guests_member_id_fkey FOREIGN KEY (member_id) REFERENCES members (id)
);

COMMENT ON TABLE touchpoint_guests IS 'Who was there, or is to be, and what of the cost counts as received by each.';
COMMENT ON COLUMN touchpoint_guests.touchpoint_id IS 'The touchpoint.';
COMMENT ON COLUMN touchpoint_guests.place IS 'The place in the list of guests, from 0.';
COMMENT ON COLUMN touchpoint_guests.firm_id IS 'The guest''s firm, one of the two.';
COMMENT ON COLUMN touchpoint_guests.member_id IS 'The guest, where it is a member.';
COMMENT ON COLUMN touchpoint_guests.name IS 'The guest''s name, where it is no member; names no client.';
COMMENT ON COLUMN touchpoint_guests.share_minor IS 'What of the cost counts as received by the guest, in minor units; 0 for guests of the firm that paid.';

CREATE INDEX touchpoint_guests_firm_id_idx ON touchpoint_guests (firm_id);

CREATE INDEX touchpoint_guests_member_id_idx ON touchpoint_guests (member_id);
