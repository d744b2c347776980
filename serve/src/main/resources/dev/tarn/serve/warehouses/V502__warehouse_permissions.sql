ALTER TABLE warehouses ADD COLUMN options TEXT;

CREATE TABLE warehouse_permissions (
  warehouse_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  principal TEXT NOT NULL,
  level TEXT NOT NULL,
  PRIMARY KEY (warehouse_id, kind, principal)
);
INSERT INTO warehouse_permissions (warehouse_id, kind, principal, level)
  SELECT id, 'USER', creator_name, 'IS_OWNER' FROM warehouses;
INSERT INTO warehouse_permissions (warehouse_id, kind, principal, level)
  SELECT id, 'GROUP', 'users', 'CAN_USE' FROM warehouses;

CREATE TABLE warehouse_settings (
  name TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL
);
CREATE TABLE warehouse_overrides (
  principal TEXT NOT NULL PRIMARY KEY,
  type TEXT NOT NULL,
  warehouse_id TEXT
);
