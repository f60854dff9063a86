DROP TABLE action_step_evidence;
DROP TABLE action_step_states;
ALTER TABLE action_steps DROP CONSTRAINT action_steps_conversation_check, DROP CONSTRAINT action_steps_follows_check, DROP CONSTRAINT action_steps_cancel_agreed_check;
ALTER TABLE action_steps DROP COLUMN channel, DROP COLUMN topic, DROP COLUMN follows_id, DROP COLUMN section, DROP COLUMN cancel_agreed;
COMMENT ON COLUMN action_steps.reason IS 'Why it was declined.';
