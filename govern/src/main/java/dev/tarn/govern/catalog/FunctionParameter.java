package dev.tarn.govern.catalog;

/**
 * A parameter of a function, or a column of the table that it returns.
 *
 * @param typeText the type as SQL writes it
 * @param typeJson the type as Spark's schema JSON writes it
 * @param position from 0
 * @param defaultText an expression of SQL, or null
 * @param comment or null
 */
public record FunctionParameter(
    String name,
    String typeText,
    String typeJson,
    int position,
    String defaultText,
    String comment) {}
