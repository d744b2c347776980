CREATE TABLE credentials (
  credential_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL PRIMARY KEY,
  purpose TEXT NOT NULL,
  kind TEXT NOT NULL,
  identity TEXT NOT NULL,
  -- Encrypted; null for what has none.
  secret TEXT,
  owner TEXT NOT NULL,
  comment TEXT,
  read_only INTEGER NOT NULL,
  isolated INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- Null for those reached with the server's own settings.
ALTER TABLE external_locations ADD COLUMN credential_id TEXT;
