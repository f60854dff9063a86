DROP TABLE touchpoint_guests;

DROP TABLE touchpoints;
