CREATE TABLE functions (
  function_id TEXT NOT NULL UNIQUE,
  catalog_name TEXT NOT NULL,
  schema_name TEXT NOT NULL,
  name TEXT NOT NULL,
  owner TEXT NOT NULL,
  comment TEXT,
  definition TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (catalog_name, schema_name, name),
  FOREIGN KEY (catalog_name, schema_name) REFERENCES schemas (catalog_name, name)
);
