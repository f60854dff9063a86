DROP TABLE action_step_moves;
DROP TABLE action_steps;
