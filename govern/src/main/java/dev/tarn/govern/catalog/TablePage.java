package dev.tarn.govern.catalog;

import java.util.List;
import java.util.Optional;

/**
 * Some of the tables of a schema, by name.
 *
 * @param next what to ask for the next page with; empty if there is none
 */
public record TablePage(List<TableInfo> tables, Optional<String> next) {}
