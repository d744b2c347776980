CREATE TABLE users (
  user_name TEXT NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL
);

CREATE TABLE user_groups (
  group_name TEXT NOT NULL PRIMARY KEY,
  created_at BIGINT NOT NULL
);

CREATE TABLE group_members (
  group_name TEXT NOT NULL REFERENCES user_groups (group_name),
  user_name TEXT NOT NULL REFERENCES users (user_name),
  PRIMARY KEY (group_name, user_name)
);

CREATE TABLE tokens (
  token_id TEXT NOT NULL PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  user_name TEXT NOT NULL REFERENCES users (user_name),
  comment TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT
);

CREATE INDEX tokens_of_user ON tokens (user_name);
