CREATE TABLE tag_assignments (
  securable_type TEXT NOT NULL,
  full_name TEXT NOT NULL,
  -- Empty if the tag is on the securable itself.
  column_name TEXT NOT NULL,
  tag_key TEXT NOT NULL,
  -- Empty for a tag without a value.
  tag_value TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (securable_type, full_name, column_name, tag_key)
);

CREATE TABLE tag_policies (
  policy_id TEXT NOT NULL UNIQUE,
  tag_key TEXT NOT NULL PRIMARY KEY,
  description TEXT,
  -- A JSON array of strings; empty if any value will do.
  allowed_values TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
