CREATE TABLE pipeline_flows (
  pipeline_id VARCHAR(64) NOT NULL,
  flow VARCHAR(1024) NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (pipeline_id, flow)
);

CREATE TABLE pipeline_tables (
  dataset VARCHAR(1024) NOT NULL PRIMARY KEY,
  pipeline_id VARCHAR(64) NOT NULL
);

CREATE TABLE pipeline_resets (
  pipeline_id VARCHAR(64) NOT NULL,
  dataset VARCHAR(1024) NOT NULL,
  PRIMARY KEY (pipeline_id, dataset)
);
