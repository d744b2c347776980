-- One row, made when it is first asked for.
CREATE TABLE metastore (
  singleton INTEGER NOT NULL PRIMARY KEY,
  metastore_id TEXT NOT NULL,
  name TEXT NOT NULL,
  external_access_enabled INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  updated_by TEXT,
  updated_at BIGINT NOT NULL
);
