package dev.tarn.govern.catalog;

/**
 * A column of a foreign table.
 *
 * @param info as the catalog shows it
 * @param sql what the other system is asked for it, in its own SQL
 */
public record ForeignColumn(ColumnInfo info, String sql) {}
