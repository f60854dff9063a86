-- Before the first release no table has rows that a lock could keep waiting.
ALTER TABLE mails ADD COLUMN html text NOT NULL DEFAULT '';

COMMENT ON COLUMN mails.html IS 'The same as the text, as HTML. Empty once it was sent.';
