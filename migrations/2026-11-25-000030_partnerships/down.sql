DROP TABLE partnership_notes;
DROP TABLE partnership_terms;
DROP INDEX partnerships_proposed_idx;
ALTER TABLE partnerships DROP CONSTRAINT partnerships_paused_check;
ALTER TABLE partnerships DROP COLUMN paused_by_firm_id, DROP COLUMN paused_at;
COMMENT ON COLUMN partnerships.reason IS 'Why it was declined or ended.';
COMMENT ON COLUMN partnerships.closed_at IS 'When it was declined, withdrawn or ended.';
