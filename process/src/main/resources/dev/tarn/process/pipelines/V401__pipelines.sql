CREATE TABLE pipelines (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  name VARCHAR(1024) NOT NULL,
  spec TEXT NOT NULL,
  creator VARCHAR(255) NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE pipeline_updates (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  pipeline_id VARCHAR(64) NOT NULL,
  state VARCHAR(32) NOT NULL,
  full_refresh INTEGER NOT NULL,
  validate_only INTEGER NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE INDEX pipeline_updates_of ON pipeline_updates (pipeline_id, created_at);

CREATE TABLE pipeline_events (
  pipeline_id VARCHAR(64) NOT NULL,
  sequence BIGINT NOT NULL,
  update_id VARCHAR(64) NOT NULL,
  level VARCHAR(16) NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (pipeline_id, sequence)
);
