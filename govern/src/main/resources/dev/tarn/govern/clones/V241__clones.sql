-- Files of other tables that shallow clones were made of, per clone and statement: digests, see ClonedFiles.
CREATE TABLE cloned_files (
  table_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  digests BYTEA NOT NULL,
  PRIMARY KEY (table_id, number)
);
