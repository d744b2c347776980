-- Both null for a catalog whose tables are Tarn's own.
ALTER TABLE catalogs ADD COLUMN connection_id TEXT;
ALTER TABLE catalogs ADD COLUMN options TEXT;
