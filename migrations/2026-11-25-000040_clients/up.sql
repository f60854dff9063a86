-- Before the first release no table has rows that a lock could keep waiting.
-- squawk-ignore-file adding-foreign-key-constraint, constraint-missing-not-valid, require-concurrent-index-creation

ALTER TABLE clients
    ADD COLUMN held_at timestamptz,
    ADD COLUMN held_by uuid,
    ADD COLUMN hold_reason text,
    ADD COLUMN erased_at timestamptz,
    ADD CONSTRAINT clients_hold_check CHECK ((held_at IS NULL) = (hold_reason IS NULL)),
    ADD CONSTRAINT clients_erased_check CHECK (erased_at IS NULL OR held_at IS NULL);

COMMENT ON COLUMN clients.held_at IS 'When a legal hold was laid on the record; null without. A held client can''t be erased.';
COMMENT ON COLUMN clients.held_by IS 'The member who laid the hold.';
COMMENT ON COLUMN clients.hold_reason IS 'Why it is held; names no client.';
COMMENT ON COLUMN clients.erased_at IS 'When the person was erased: nothing but counted facts is left, and no operation on clients finds it.';

CREATE INDEX clients_updated_at_idx ON clients (firm_id, updated_at) WHERE erased_at IS NULL AND held_at IS NULL;

CREATE INDEX consents_expires_at_idx ON consents (expires_at) WHERE withdrawn_at IS NULL AND expires_at IS NOT NULL;
