ALTER TABLE members
    DROP COLUMN locale,
    DROP COLUMN time_zone,
    DROP COLUMN phone;

DROP TABLE member_invitations;

DROP TABLE sign_ups;
