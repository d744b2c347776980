-- Tables that can come back: their row of "tables", column by column, as JSON.
CREATE TABLE dropped_tables (
  table_id TEXT NOT NULL PRIMARY KEY,
  catalog_name TEXT NOT NULL,
  schema_name TEXT NOT NULL,
  name TEXT NOT NULL,
  table_type TEXT NOT NULL,
  owner TEXT NOT NULL,
  registration TEXT NOT NULL,
  dropped_by TEXT NOT NULL,
  dropped_at BIGINT NOT NULL,
  gone_at BIGINT NOT NULL
);
CREATE INDEX dropped_tables_by_schema ON dropped_tables (catalog_name, schema_name, name);

-- Files of managed tables and volumes that nothing leads to any more.
CREATE TABLE discarded_files (
  storage_location TEXT NOT NULL PRIMARY KEY,
  gone_at BIGINT NOT NULL
);

-- Who registered a table.
ALTER TABLE tables ADD COLUMN created_by TEXT;
