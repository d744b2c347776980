CREATE TABLE registered_models (
  model_id TEXT NOT NULL UNIQUE,
  catalog_name TEXT NOT NULL,
  schema_name TEXT NOT NULL,
  name TEXT NOT NULL,
  owner TEXT NOT NULL,
  comment TEXT,
  storage_location TEXT NOT NULL,
  -- The number that the next version gets: none is given twice.
  next_version INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (catalog_name, schema_name, name),
  FOREIGN KEY (catalog_name, schema_name) REFERENCES schemas (catalog_name, name)
);

CREATE TABLE model_versions (
  model_id TEXT NOT NULL REFERENCES registered_models (model_id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  version_id TEXT NOT NULL UNIQUE,
  source TEXT,
  run_id TEXT,
  status TEXT NOT NULL,
  comment TEXT,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (model_id, version)
);

CREATE TABLE model_aliases (
  model_id TEXT NOT NULL REFERENCES registered_models (model_id) ON DELETE CASCADE,
  alias TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (model_id, alias)
);
