-- Service principals live beside users: both are named in grants, own tokens and belong to groups.
ALTER TABLE users ADD COLUMN principal_type TEXT NOT NULL DEFAULT 'USER';
ALTER TABLE users ADD COLUMN display_name TEXT;
ALTER TABLE users ADD COLUMN external_id TEXT;
ALTER TABLE users ADD COLUMN active INTEGER NOT NULL DEFAULT 1;

ALTER TABLE user_groups ADD COLUMN group_id BIGINT;
ALTER TABLE user_groups ADD COLUMN external_id TEXT;

-- Users, service principals and groups take their ids from one row, so that none is given twice.
CREATE TABLE directory_ids (
  singleton INTEGER NOT NULL PRIMARY KEY CHECK (singleton = 1),
  last_id BIGINT NOT NULL
);
UPDATE user_groups SET group_id = (SELECT coalesce(max(u.user_id), 1000) FROM users u)
  + (SELECT count(*) FROM user_groups g WHERE g.group_name <= user_groups.group_name);
INSERT INTO directory_ids
  SELECT 1, coalesce((SELECT max(user_id) FROM users), 1000)
    + (SELECT count(*) FROM user_groups);
CREATE UNIQUE INDEX groups_by_id ON user_groups (group_id);

-- What belongs to a principal goes with it.
CREATE TABLE memberships (
  group_name TEXT NOT NULL REFERENCES user_groups (group_name) ON DELETE CASCADE,
  user_name TEXT NOT NULL REFERENCES users (user_name) ON DELETE CASCADE,
  PRIMARY KEY (group_name, user_name)
);
INSERT INTO memberships SELECT group_name, user_name FROM group_members;
DROP TABLE group_members;
CREATE INDEX memberships_of_user ON memberships (user_name);

CREATE TABLE nested_groups (
  group_name TEXT NOT NULL REFERENCES user_groups (group_name) ON DELETE CASCADE,
  member_group TEXT NOT NULL REFERENCES user_groups (group_name) ON DELETE CASCADE,
  PRIMARY KEY (group_name, member_group)
);
CREATE INDEX nested_groups_of_member ON nested_groups (member_group);

CREATE TABLE access_tokens (
  token_id TEXT NOT NULL PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  user_name TEXT NOT NULL REFERENCES users (user_name) ON DELETE CASCADE,
  comment TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  created_by TEXT NOT NULL,
  last_used_day BIGINT
);
INSERT INTO access_tokens
  SELECT token_id, token_hash, user_name, comment, created_at, expires_at, user_name, NULL
  FROM tokens;
DROP TABLE tokens;
CREATE INDEX access_tokens_of_user ON access_tokens (user_name);
