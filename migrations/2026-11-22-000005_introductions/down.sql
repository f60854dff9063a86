DROP TABLE introduction_stages;
DROP TABLE introduction_external_ids;
DROP TABLE introductions;
