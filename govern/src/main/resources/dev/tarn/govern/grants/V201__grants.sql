CREATE TABLE grants (
  securable_type TEXT NOT NULL,
  full_name TEXT NOT NULL,
  principal TEXT NOT NULL,
  privilege TEXT NOT NULL,
  granted_by TEXT NOT NULL,
  granted_at BIGINT NOT NULL,
  PRIMARY KEY (securable_type, full_name, principal, privilege)
);

-- One row; rises with every change of a grant or a securable, in the same transaction.
CREATE TABLE policy_epoch (epoch BIGINT NOT NULL);
INSERT INTO policy_epoch (epoch) VALUES (1);
