-- What the latest changes were about, for other servers on the same database. An epoch that is
-- not here was about anything.
CREATE TABLE policy_changes (
  epoch BIGINT NOT NULL,
  name TEXT NOT NULL,
  inside INTEGER NOT NULL
);
CREATE INDEX policy_changes_epoch ON policy_changes (epoch);
