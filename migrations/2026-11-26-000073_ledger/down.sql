DROP TABLE contributions;

DROP INDEX introductions_ledger_idx;

ALTER TABLE introductions
    DROP CONSTRAINT introductions_reached_check,
    DROP COLUMN reached,
    DROP COLUMN accepted_on,
    DROP COLUMN introduced_on,
    DROP COLUMN meeting_set_on,
    DROP COLUMN met_on,
    DROP COLUMN engaged_on,
    DROP COLUMN core_story_id,
    DROP COLUMN fit_band;
