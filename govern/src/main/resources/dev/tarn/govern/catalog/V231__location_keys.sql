-- The location's bytes in hexadecimal, which sort alike under every collation: what lies inside a
-- location is a range of them. Absent for rows from before.
ALTER TABLE tables ADD COLUMN storage_key TEXT;
ALTER TABLE volumes ADD COLUMN storage_key TEXT;
CREATE INDEX tables_storage_key ON tables (storage_key);
CREATE INDEX volumes_storage_key ON volumes (storage_key);
