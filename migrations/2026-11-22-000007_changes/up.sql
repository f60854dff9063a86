CREATE TABLE changes (
    firm_id uuid NOT NULL,
    xid8 xid8 NOT NULL DEFAULT pg_current_xact_id(),
    seq bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    resource_id uuid NOT NULL,
    action text NOT NULL,
    version integer NOT NULL,
    partnership_id uuid,
    actor_id uuid,
    at timestamptz NOT NULL,
    CONSTRAINT changes_pkey PRIMARY KEY (firm_id, xid8, seq),
    CONSTRAINT changes_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE changes IS 'The change feed: one row for each firm that sees the change; no client data, ever.';
COMMENT ON COLUMN changes.firm_id IS 'The firm that sees it.';
COMMENT ON COLUMN changes.xid8 IS 'The transaction; with seq it gives an order in which nothing is missed.';
COMMENT ON COLUMN changes.seq IS 'The order within a transaction.';
COMMENT ON COLUMN changes.kind IS 'What kind of thing was changed.';
COMMENT ON COLUMN changes.resource_id IS 'Which one.';
COMMENT ON COLUMN changes.action IS 'What happened to it.';
COMMENT ON COLUMN changes.version IS 'Its version after the change.';
COMMENT ON COLUMN changes.partnership_id IS 'The partnership that it belongs to, if any.';
COMMENT ON COLUMN changes.actor_id IS 'The member or API client that did it; null for the service.';
COMMENT ON COLUMN changes.at IS 'When.';
