CREATE TABLE audit_entries (
    seq bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_entries_pkey PRIMARY KEY,
    xid8 xid8 NOT NULL DEFAULT pg_current_xact_id(),
    firm_id uuid NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    kind text NOT NULL,
    resource_id uuid,
    partnership_id uuid,
    version integer,
    at timestamptz NOT NULL,
    CONSTRAINT audit_entries_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE audit_entries IS 'Who did what, for each firm that it concerns; only ever added to, and no client data, ever.';
COMMENT ON COLUMN audit_entries.seq IS 'The order within a transaction.';
COMMENT ON COLUMN audit_entries.xid8 IS 'The transaction; with seq it gives an order in which nothing is missed.';
COMMENT ON COLUMN audit_entries.firm_id IS 'The firm whose log it stands in.';
COMMENT ON COLUMN audit_entries.actor_id IS 'The member or API client that did it; null for the service, or for nobody known.';
COMMENT ON COLUMN audit_entries.action IS 'What was done.';
COMMENT ON COLUMN audit_entries.kind IS 'What kind of thing it was done to.';
COMMENT ON COLUMN audit_entries.resource_id IS 'Which one.';
COMMENT ON COLUMN audit_entries.partnership_id IS 'The partnership that it belongs to, if any.';
COMMENT ON COLUMN audit_entries.version IS 'Its version afterwards, where it has one.';
COMMENT ON COLUMN audit_entries.at IS 'When.';

CREATE INDEX audit_entries_firm_id_idx ON audit_entries (firm_id, xid8, seq);


CREATE TABLE audit_links (
    firm_id uuid NOT NULL,
    position bigint NOT NULL,
    entry_seq bigint NOT NULL,
    tag bytea NOT NULL,
    CONSTRAINT audit_links_pkey PRIMARY KEY (firm_id, position),
    CONSTRAINT audit_links_entry_seq_key UNIQUE (entry_seq),
    CONSTRAINT audit_links_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id),
    CONSTRAINT audit_links_entry_seq_fkey FOREIGN KEY (entry_seq) REFERENCES audit_entries (seq)
);

COMMENT ON TABLE audit_links IS 'The chain over a firm''s audit entries: each tag covers its entry and the tag before.';
COMMENT ON COLUMN audit_links.firm_id IS 'The firm.';
COMMENT ON COLUMN audit_links.position IS 'The place in the firm''s chain, from 1 on without gaps.';
COMMENT ON COLUMN audit_links.entry_seq IS 'The entry.';
COMMENT ON COLUMN audit_links.tag IS 'HMAC-SHA-256, under a key that is not in the database, of the tag before and the entry.';


CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is only added to';
END
$$;

COMMENT ON FUNCTION audit_is_only_added_to() IS 'Refuses whatever would change or remove a record of the audit log.';

CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();

CREATE TRIGGER audit_links_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_links
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();
