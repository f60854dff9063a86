DROP FUNCTION plan_without;

DROP TABLE plan_waivers;

DROP TABLE plan_decisions;

DROP TABLE plan_versions;
