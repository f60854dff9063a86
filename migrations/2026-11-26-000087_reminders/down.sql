DROP INDEX action_steps_promised_due_idx;
DROP TABLE action_step_reminders;
