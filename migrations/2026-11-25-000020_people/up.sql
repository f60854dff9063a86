-- Before the first release no table has rows that a lock could keep waiting.
-- squawk-ignore-file constraint-missing-not-valid

ALTER TABLE firms
    ADD COLUMN retention_months integer,
    ADD COLUMN gift_limit_minor bigint,
    ADD COLUMN gift_limit_currency text,
    ADD CONSTRAINT firms_retention_months_check CHECK (retention_months BETWEEN 1 AND 1200),
    ADD CONSTRAINT firms_gift_limit_check CHECK (gift_limit_minor >= 0 AND (gift_limit_minor IS NULL) = (gift_limit_currency IS NULL));

COMMENT ON COLUMN firms.retention_months IS 'For how many months it keeps clients with whom nothing happens; null for ever.';
COMMENT ON COLUMN firms.gift_limit_minor IS 'What gifts and meals for one person may come to in twelve months, in minor units; null without a limit.';
COMMENT ON COLUMN firms.gift_limit_currency IS 'ISO 4217.';
