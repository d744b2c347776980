CREATE INDEX grants_principal ON grants (principal);
