CREATE TABLE service_principal_secrets (
  secret_id TEXT NOT NULL PRIMARY KEY,
  secret_hash TEXT NOT NULL UNIQUE,
  user_name TEXT NOT NULL REFERENCES users (user_name) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX secrets_of_service_principal ON service_principal_secrets (user_name);

-- Public halves only. A private key never leaves the data folder of the server that signs with it.
CREATE TABLE oauth_keys (
  kid TEXT NOT NULL PRIMARY KEY,
  public_jwk TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  signs_until BIGINT NOT NULL,
  published_until BIGINT NOT NULL
);

CREATE TABLE deployment (
  singleton INTEGER NOT NULL PRIMARY KEY CHECK (singleton = 1),
  deployment_id TEXT NOT NULL
);
