package dev.tarn.serve.history;

import java.util.List;
import java.util.Optional;

/** What to list; what is empty does not restrict. Times are milliseconds since 1970, inclusive. */
public record QueryFilter(
    Optional<Long> startedFrom,
    Optional<Long> startedTo,
    List<String> statementIds,
    List<QueryStatus> statuses,
    List<String> userNames,
    List<String> warehouseIds) {
  public static final QueryFilter NONE =
      new QueryFilter(
          Optional.empty(), Optional.empty(), List.of(), List.of(), List.of(), List.of());
}
