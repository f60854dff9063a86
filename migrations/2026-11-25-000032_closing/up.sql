ALTER TABLE firms
    ADD COLUMN closed_at timestamptz,
    ADD COLUMN closed_reason text;

COMMENT ON COLUMN firms.closed_at IS 'When it closed; nobody of it signs in any more.';
COMMENT ON COLUMN firms.closed_reason IS 'Why it closed, for its own record.';
