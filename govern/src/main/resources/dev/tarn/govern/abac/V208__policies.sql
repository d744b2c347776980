CREATE TABLE policies (
  policy_id TEXT NOT NULL UNIQUE,
  securable_type TEXT NOT NULL,
  full_name TEXT NOT NULL,
  -- In lower case.
  name TEXT NOT NULL,
  -- JSON: whom it is for, which tables and columns, and what it does with them.
  definition TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (securable_type, full_name, name)
);
