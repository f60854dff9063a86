DROP TABLE consents;
DROP TABLE client_external_ids;
DROP TABLE clients;
