-- Where managed tables, volumes and models of a catalog or schema lie, unless where its parent's do: what was
-- asked for, the folder below it that is theirs alone, and that folder's bytes in hexadecimal.
ALTER TABLE catalogs ADD COLUMN storage_root TEXT;
ALTER TABLE catalogs ADD COLUMN storage_location TEXT;
ALTER TABLE catalogs ADD COLUMN storage_key TEXT;
ALTER TABLE schemas ADD COLUMN storage_root TEXT;
ALTER TABLE schemas ADD COLUMN storage_location TEXT;
ALTER TABLE schemas ADD COLUMN storage_key TEXT;
CREATE INDEX catalogs_storage_key ON catalogs (storage_key);
CREATE INDEX schemas_storage_key ON schemas (storage_key);

-- Such folders whose catalog or schema is gone, until nothing in them can come back.
CREATE TABLE retired_storage (
  storage_location TEXT NOT NULL PRIMARY KEY,
  storage_key TEXT NOT NULL,
  gone_at BIGINT NOT NULL
);
CREATE INDEX retired_storage_key ON retired_storage (storage_key);
