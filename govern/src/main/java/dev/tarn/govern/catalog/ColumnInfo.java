package dev.tarn.govern.catalog;

/**
 * One column of a table.
 *
 * @param typeText the type as SQL writes it: {@code decimal(10,2)}
 * @param typeJson the type as Spark's schema JSON writes it
 * @param position from 0
 * @param comment or null
 */
public record ColumnInfo(
    String name,
    String typeText,
    String typeJson,
    int position,
    boolean nullable,
    String comment) {}
