-- Primary and foreign keys, and what Delta checks, for whoever browses.
CREATE TABLE table_constraints (
  table_name TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- JSON arrays of names.
  columns_json TEXT NOT NULL,
  timeseries_json TEXT NOT NULL,
  parent_table TEXT,
  parent_columns_json TEXT NOT NULL,
  rely INTEGER NOT NULL,
  expression TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (table_name, name)
);
CREATE INDEX table_constraints_parent ON table_constraints (parent_table);
