package dev.tarn.kernel.http;

/** What a caller must be before a route's handler runs. Privileges on securables come on top. */
public enum Access {
  /** No login: discovery, health, signed links. */
  PUBLIC,
  /** Any principal with a valid token. */
  AUTHENTICATED,
  /** A metastore administrator. */
  ADMINISTRATOR
}
