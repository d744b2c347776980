package dev.tarn.engine.translation;

/**
 * What the session decides about the meaning of expressions.
 *
 * @param ansi Spark's {@code spark.sql.ansi.enabled}; only true is translated
 * @param timeZone the session's zone as an IANA name; DuckDB's connection must be set to the same
 * @param caseSensitive whether names of columns and fields differ by case
 */
public record SessionRules(boolean ansi, String timeZone, boolean caseSensitive) {}
