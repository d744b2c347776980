package dev.tarn.engine.sql;

import java.util.Optional;

/**
 * A statement parameter.
 *
 * @param name of a {@code :name} marker; empty for the next {@code ?} marker
 * @param value as text, null for SQL NULL
 * @param type SQL type to cast the text to, such as {@code DECIMAL(10,2)}; {@code STRING} by
 *     default
 */
public record Parameter(Optional<String> name, String value, String type) {}
