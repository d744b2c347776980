ALTER TABLE catalogs ADD COLUMN catalog_id TEXT;
ALTER TABLE catalogs ADD COLUMN isolated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE catalogs ADD COLUMN created_by TEXT;
ALTER TABLE catalogs ADD COLUMN updated_by TEXT;
ALTER TABLE schemas ADD COLUMN schema_id TEXT;
ALTER TABLE schemas ADD COLUMN created_by TEXT;
ALTER TABLE schemas ADD COLUMN updated_by TEXT;
