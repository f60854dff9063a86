ALTER TABLE firms
    DROP CONSTRAINT firms_gift_limit_check,
    DROP CONSTRAINT firms_retention_months_check,
    DROP COLUMN gift_limit_currency,
    DROP COLUMN gift_limit_minor,
    DROP COLUMN retention_months;
