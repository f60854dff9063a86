-- Before the first release no table has rows that a lock could keep waiting.
-- squawk-ignore-file adding-foreign-key-constraint, constraint-missing-not-valid, require-concurrent-index-creation

ALTER TABLE firms
    ADD COLUMN closed_at timestamptz,
    ADD COLUMN closed_reason text;

COMMENT ON COLUMN firms.closed_at IS 'When it closed; nobody of it signs in any more.';
COMMENT ON COLUMN firms.closed_reason IS 'Why it closed, for its own record.';
