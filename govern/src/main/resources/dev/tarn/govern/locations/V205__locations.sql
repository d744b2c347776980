CREATE TABLE external_locations (
  location_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  comment TEXT,
  read_only INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);
