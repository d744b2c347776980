CREATE TABLE warehouses (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  cluster_size TEXT NOT NULL,
  min_num_clusters INTEGER NOT NULL,
  max_num_clusters INTEGER NOT NULL,
  auto_stop_mins INTEGER NOT NULL,
  creator_name TEXT NOT NULL,
  stopped INTEGER NOT NULL,
  starter INTEGER NOT NULL,
  created_at BIGINT NOT NULL
);
