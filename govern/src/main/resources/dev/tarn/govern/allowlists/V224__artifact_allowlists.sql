CREATE TABLE artifact_allowlists (
  artifact_type TEXT NOT NULL PRIMARY KEY,
  -- A JSON array of prefixes.
  prefixes TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at BIGINT NOT NULL
);
