DROP TABLE disclosures;

ALTER TABLE introduction_stages
    DROP CONSTRAINT introduction_stages_reported_by_firm_id_fkey,
    DROP CONSTRAINT introduction_stages_came_from_check,
    DROP CONSTRAINT introduction_stages_corrects_check,
    DROP COLUMN correction_reason,
    DROP COLUMN corrects,
    DROP COLUMN reported_by_firm_id,
    DROP COLUMN came_from;

ALTER TABLE introductions
    DROP CONSTRAINT introductions_previous_id_fkey,
    DROP CONSTRAINT introductions_outcome_check,
    DROP COLUMN outcome_at,
    DROP COLUMN outcome_rating,
    DROP COLUMN outcome_words,
    DROP COLUMN expires_at,
    DROP COLUMN previous_id;
