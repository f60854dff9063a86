DROP TABLE meeting_outcomes;

DROP TABLE meeting_notes;

DROP TABLE agenda_items;

DROP TABLE meetings;

DROP TABLE meeting_series;
