DROP INDEX action_steps_open_idx;
