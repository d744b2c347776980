CREATE TABLE connections (
  connection_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL PRIMARY KEY,
  connection_type TEXT NOT NULL,
  -- What may be shown, by name.
  options TEXT NOT NULL,
  -- Encrypted; null if there are none.
  secrets TEXT,
  properties TEXT NOT NULL,
  owner TEXT NOT NULL,
  comment TEXT,
  read_only INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);
