-- Which tables, views and files the rows of a table or view come from, and which columns its columns.
CREATE TABLE lineage (
  target_table TEXT NOT NULL,
  -- Empty where the whole table is meant.
  target_column TEXT NOT NULL,
  -- Empty for files.
  source_table TEXT NOT NULL,
  source_column TEXT NOT NULL,
  -- Empty for tables and views.
  source_path TEXT NOT NULL,
  -- What ran the last statement that said so, such as a pipeline, and as whom.
  entity_type TEXT,
  entity_id TEXT,
  entity_run_id TEXT,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (target_table, target_column, source_table, source_column, source_path)
);
CREATE INDEX lineage_source ON lineage (source_table, source_column);
