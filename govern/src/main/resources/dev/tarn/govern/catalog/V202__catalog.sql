CREATE TABLE catalogs (
  name TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  comment TEXT,
  properties TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE schemas (
  catalog_name TEXT NOT NULL REFERENCES catalogs (name),
  name TEXT NOT NULL,
  owner TEXT NOT NULL,
  comment TEXT,
  properties TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (catalog_name, name)
);

CREATE TABLE tables (
  table_id TEXT NOT NULL UNIQUE,
  catalog_name TEXT NOT NULL,
  schema_name TEXT NOT NULL,
  name TEXT NOT NULL,
  table_type TEXT NOT NULL,
  data_source_format TEXT,
  storage_location TEXT UNIQUE,
  owner TEXT NOT NULL,
  comment TEXT,
  columns_json TEXT NOT NULL,
  properties TEXT NOT NULL,
  view_definition TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (catalog_name, schema_name, name),
  FOREIGN KEY (catalog_name, schema_name) REFERENCES schemas (catalog_name, name)
);

CREATE TABLE volumes (
  volume_id TEXT NOT NULL UNIQUE,
  catalog_name TEXT NOT NULL,
  schema_name TEXT NOT NULL,
  name TEXT NOT NULL,
  volume_type TEXT NOT NULL,
  storage_location TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  comment TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (catalog_name, schema_name, name),
  FOREIGN KEY (catalog_name, schema_name) REFERENCES schemas (catalog_name, name)
);
