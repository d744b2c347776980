-- Where tables are being made whose commits the catalog will ratify; a row goes when the table is there.
CREATE TABLE staging_tables (
  table_id TEXT NOT NULL PRIMARY KEY,
  catalog_name TEXT NOT NULL,
  schema_name TEXT NOT NULL,
  name TEXT NOT NULL,
  staging_location TEXT NOT NULL UNIQUE,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

-- Delta tables whose commits the catalog ratifies: the last version there is, and the last one that
-- lies in _delta_log under its own name.
CREATE TABLE managed_logs (
  table_id TEXT NOT NULL PRIMARY KEY,
  latest_version BIGINT NOT NULL,
  published_version BIGINT NOT NULL
);

-- Ratified commits: those not yet published, and the last of the others, so that one sent again is known.
CREATE TABLE ratified_commits (
  table_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  committed_at BIGINT NOT NULL,
  file_name TEXT NOT NULL,
  file_size BIGINT NOT NULL,
  file_modified_at BIGINT NOT NULL,
  PRIMARY KEY (table_id, version)
);
