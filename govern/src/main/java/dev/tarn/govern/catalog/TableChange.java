package dev.tarn.govern.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What to change of a table; what is empty stays as it is. */
public record TableChange(
    Optional<TableType> tableType,
    Optional<String> comment,
    Optional<List<ColumnInfo>> columns,
    Optional<Map<String, String>> properties) {}
