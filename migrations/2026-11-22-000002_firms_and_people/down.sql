DROP TABLE api_clients;
DROP TABLE sessions;
DROP TABLE members;
DROP TABLE firms;
