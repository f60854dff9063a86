-- Before the first release no table has rows that a lock could keep waiting.
-- squawk-ignore-file require-concurrent-index-creation
CREATE INDEX action_steps_open_idx ON action_steps (partnership_id, due_on, id)
INCLUDE (owner_firm_id, owner_member_id, state, kind)
WHERE state IN ('proposed', 'planned', 'in_progress');
