package dev.tarn.govern.search;

import dev.tarn.govern.grants.Securable;
import java.util.List;

/**
 * What is searched of a securable.
 *
 * @param tableType of a table, else null
 * @param comment or null
 * @param columns names of a table's columns
 * @param columnComments those that there are
 * @param tags keys and values, of the securable and of its columns
 */
record SearchEntry(
    Securable securable,
    String tableType,
    String owner,
    String comment,
    List<String> columns,
    List<String> columnComments,
    List<String> tags) {}
