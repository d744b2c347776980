package dev.tarn.govern.catalog;

/** What kind of table it is; {@code VIEW} alone has no storage. */
public enum TableType {
  MANAGED,
  EXTERNAL,
  VIEW,
  MATERIALIZED_VIEW,
  STREAMING_TABLE
}
