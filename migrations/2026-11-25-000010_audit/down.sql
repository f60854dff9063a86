DROP TABLE audit_entries;
DROP FUNCTION audit_is_only_added_to();
