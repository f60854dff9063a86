DROP TABLE vitalities;
