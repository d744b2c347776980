-- One row; rises with every change of principals, groups and tokens, in the same transaction.
CREATE TABLE identity_epoch (epoch BIGINT NOT NULL);
INSERT INTO identity_epoch (epoch) VALUES (1);
