DROP TABLE metric_readings;
