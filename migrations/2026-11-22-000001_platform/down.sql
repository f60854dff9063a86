DROP TABLE mails;
DROP TABLE jobs;
DROP TABLE idempotency_keys;
DROP TABLE signing_keys;
