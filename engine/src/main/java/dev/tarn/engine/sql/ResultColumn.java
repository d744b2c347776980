package dev.tarn.engine.sql;

/**
 * @param typeText the type in SQL, such as {@code DECIMAL(10,2)} or {@code ARRAY<INT>}
 */
public record ResultColumn(String name, String typeText, boolean nullable) {}
