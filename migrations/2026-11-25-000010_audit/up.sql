CREATE TABLE audit_entries (
    seq bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_entries_pkey PRIMARY KEY,
    firm_id uuid NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    kind text NOT NULL,
    resource_id uuid,
    partnership_id uuid,
    version integer,
    at timestamptz NOT NULL,
    position bigint,
    tag bytea,
    CONSTRAINT audit_entries_link_check CHECK ((position IS NULL) = (tag IS NULL)),
    CONSTRAINT audit_entries_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE audit_entries IS 'Who did what, for each firm that it concerns; only ever added to, and no client data, ever.';
COMMENT ON COLUMN audit_entries.seq IS 'The order in which they were written.';
COMMENT ON COLUMN audit_entries.firm_id IS 'The firm whose log it stands in.';
COMMENT ON COLUMN audit_entries.actor_id IS 'The member or API client that did it; null for the service, or for nobody known.';
COMMENT ON COLUMN audit_entries.action IS 'What was done.';
COMMENT ON COLUMN audit_entries.kind IS 'What kind of thing it was done to.';
COMMENT ON COLUMN audit_entries.resource_id IS 'Which one.';
COMMENT ON COLUMN audit_entries.partnership_id IS 'The partnership that it belongs to, if any.';
COMMENT ON COLUMN audit_entries.version IS 'Its version afterwards, where it has one.';
COMMENT ON COLUMN audit_entries.at IS 'When.';
COMMENT ON COLUMN audit_entries.position IS 'The place in the firm''s chain, from 1 on without gaps; null until it is chained, a few seconds later.';
COMMENT ON COLUMN audit_entries.tag IS 'HMAC-SHA-256, under a key that is not in the database, of the tag before and the entry.';

CREATE INDEX audit_entries_firm_id_idx ON audit_entries (firm_id, seq);

CREATE UNIQUE INDEX audit_entries_position_key ON audit_entries (firm_id, position);

CREATE INDEX audit_entries_unchained_idx ON audit_entries (seq) WHERE position IS NULL;


CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL
       AND (NEW.seq, NEW.firm_id, NEW.actor_id, NEW.action, NEW.kind, NEW.resource_id, NEW.partnership_id, NEW.version, NEW.at)
           IS NOT DISTINCT FROM
           (OLD.seq, OLD.firm_id, OLD.actor_id, OLD.action, OLD.kind, OLD.resource_id, OLD.partnership_id, OLD.version, OLD.at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit log is only added to';
END
$$;

COMMENT ON FUNCTION audit_is_only_added_to() IS 'Refuses whatever would change or remove an entry of the audit log; an entry is chained once.';

CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to();

CREATE TRIGGER audit_entries_are_not_emptied BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();
