DROP TABLE cascade_moves;
DROP TABLE cascades;
DROP TABLE action_step_predecessors;
ALTER TABLE action_steps DROP COLUMN length_days;
DROP TABLE holidays;
DROP TABLE work_calendars;
