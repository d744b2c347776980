CREATE TABLE workspace_bindings (
  securable_type TEXT NOT NULL,
  securable_name TEXT NOT NULL,
  -- 0 says that there is none: without any row it is the workspace that isolated the securable.
  workspace_id BIGINT NOT NULL,
  read_only INTEGER NOT NULL,
  PRIMARY KEY (securable_type, securable_name, workspace_id)
);
