package dev.tarn.govern.catalog;

/**
 * A column of a foreign table.
 *
 * @param info as the catalog shows it
 * @param sql what the other system is asked for it, in its own SQL
 * @param compared whether it compares and sorts the values as they are compared and sorted here
 */
public record ForeignColumn(ColumnInfo info, String sql, boolean compared) {}
