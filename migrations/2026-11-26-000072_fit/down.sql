ALTER TABLE introductions DROP COLUMN fit;
