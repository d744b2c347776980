package dev.tarn.govern.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What was found.
 *
 * @param securableType such as {@code TABLE}
 * @param tableType of a table or view, else null
 * @param comment or null
 * @param matchedColumns names of columns that have a word that was asked for
 * @param browseOnly whether all that the caller may is to know of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SearchHit(
    String securableType,
    String fullName,
    String name,
    String tableType,
    String owner,
    String comment,
    List<String> matchedColumns,
    boolean browseOnly) {}
