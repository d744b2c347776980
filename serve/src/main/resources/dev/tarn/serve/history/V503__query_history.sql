CREATE TABLE query_history (
  id TEXT NOT NULL PRIMARY KEY,
  server TEXT NOT NULL,
  user_name TEXT NOT NULL,
  warehouse_id TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX query_history_started ON query_history (started_at, id);
CREATE INDEX query_history_user ON query_history (user_name, started_at);
