ALTER TABLE introductions ADD COLUMN fit jsonb;

COMMENT ON COLUMN introductions.fit IS 'How well the client fitted when it was offered, and against which version of the ideal client; null where none was agreed.';
