package dev.tarn.govern.catalog;

/** What kind of table it is; {@code VIEW} and {@code FOREIGN} have no storage. */
public enum TableType {
  MANAGED,
  EXTERNAL,
  VIEW,
  MATERIALIZED_VIEW,
  STREAMING_TABLE,
  /** Of another system, which alone changes it. */
  FOREIGN
}
