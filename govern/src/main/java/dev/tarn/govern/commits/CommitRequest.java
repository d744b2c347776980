package dev.tarn.govern.commits;

import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.catalog.TableInfo;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a writer asks of the log of a table.
 *
 * @param tableUri where the writer believes the table to lie, or null
 * @param commit to ratify
 * @param publishedVersion up to which commits lie in {@code _delta_log} under their own names
 * @param etag the state of the table that the writer asks for
 * @param change of what the catalog says of the table, in the same transaction; given the table as
 *     it stands
 */
public record CommitRequest(
    String tableUri,
    Optional<RatifiedCommit> commit,
    Optional<Long> publishedVersion,
    Optional<String> etag,
    Optional<Function<TableInfo, TableChange>> change) {}
