package dev.tarn.govern.commits;

import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a request must be to change a log. */
final class CommitChecks {
  /** {@code <version>.<uuid>.json}, as the protocol names staged commits. */
  private static final Pattern STAGED =
      Pattern.compile("(\\d{20})\\.[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\.json");

  private CommitChecks() {}

  static void of(TableInfo table, CommitRequest request) {
    requirePlace(table, request.tableUri());
    if (request.commit().isEmpty()
        && request.publishedVersion().isEmpty()
        && request.change().isEmpty()) {
      throw TarnException.invalid(
          "There is nothing to commit to table '"
              + table.name()
              + "': neither a commit nor a version up to which it is published.");
    }
    request.commit().ifPresent(commit -> requireStaged(table, commit));
  }

  static void requirePlace(TableInfo table, String tableUri) {
    if (tableUri != null && !ManagedLocations.same(tableUri, table.storageLocation())) {
      throw TarnException.invalid(
          "Table '" + table.name() + "' does not lie at '" + tableUri + "'.");
    }
  }

  /** A table's properties say which table it is. */
  static void requireSameTable(TableInfo table, Map<String, String> properties) {
    if (!table.tableId().equals(properties.get(Commits.TABLE_ID))) {
      throw TarnException.invalid(
          "Table '"
              + table.name()
              + "' must keep its property '"
              + Commits.TABLE_ID
              + "' = '"
              + table.tableId()
              + "'.");
    }
  }

  static void requireRange(long from, Optional<Long> to) {
    if (from < 0 || to.filter(end -> end < from).isPresent()) {
      throw TarnException.invalid(
          "Versions from "
              + from
              + to.map(end -> " to " + end).orElse("")
              + " cannot be. Begin at 0 or more, and end where it began or later.");
    }
  }

  private static void requireStaged(TableInfo table, RatifiedCommit commit) {
    Matcher name = STAGED.matcher(commit.fileName() == null ? "" : commit.fileName());
    if (commit.version() < 1
        || !name.matches()
        || Long.parseLong(name.group(1)) != commit.version()) {
      throw TarnException.invalid(
          "Version "
              + commit.version()
              + " of table '"
              + table.name()
              + "' cannot be committed from a file '"
              + commit.fileName()
              + "'. Versions from 1 on are, from <version as 20 digits>.<uuid>.json.");
    }
    if (commit.fileSize() < 1 || commit.timestamp() < 0 || commit.fileModificationTimestamp() < 0) {
      throw TarnException.invalid(
          "The commit of version "
              + commit.version()
              + " of table '"
              + table.name()
              + "' needs the size of its file, and times.");
    }
  }

  static TarnException conflict(TableInfo table, long version, long latest) {
    return new TarnException(
        ErrorCode.RESOURCE_CONFLICT,
        "40001",
        "Version "
            + version
            + " of table '"
            + table.name()
            + "' was committed by another writer; the latest is "
            + latest
            + ". Read the table again, and commit what is still right as the version after it.",
        null);
  }

  static void requireNext(TableInfo table, long version, long latest) {
    if (version != latest + 1) {
      throw TarnException.invalid(
          "Version "
              + version
              + " of table '"
              + table.name()
              + "' cannot be committed: the latest is "
              + latest
              + ".");
    }
  }

  /**
   * @param latest before the commit of this request, which cannot be published yet
   * @return 0 if the request says nothing
   */
  static long published(TableInfo table, long latest, CommitRequest request) {
    long published = request.publishedVersion().orElse(0L);
    if (published < 0 || published > latest) {
      throw TarnException.invalid(
          "Version "
              + published
              + " of table '"
              + table.name()
              + "' cannot be published: the latest is "
              + latest
              + ".");
    }
    return published;
  }

  static void requireRoom(TableInfo table, long unpublished) {
    if (unpublished > Commits.MOST_UNPUBLISHED) {
      throw new TarnException(
          ErrorCode.RESOURCE_EXHAUSTED,
          "Table '"
              + table.name()
              + "' has "
              + Commits.MOST_UNPUBLISHED
              + " commits that are not published. Publish them to _delta_log, say so with"
              + " latest_backfilled_version, and commit again.");
    }
  }
}
