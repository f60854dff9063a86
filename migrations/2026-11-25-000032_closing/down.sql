ALTER TABLE firms DROP COLUMN closed_at, DROP COLUMN closed_reason;
