package dev.tarn.engine.duckdb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tarn.engine.sql.Profile;
import dev.tarn.engine.sql.ResultColumn;
import dev.tarn.engine.sql.ResultStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Small results of translations that are kept: whoever finds the translation finds its result, and
 * nobody else does.
 */
final class ResultCache {
  /** Of all bytes, what one result may take. */
  private static final int SHARE = 16;

  private static final int ENTRY_BYTES = 1_000;
  private static final Profile.Files NOTHING_READ = new Profile.Files(0, 0, 0, 0);

  private final long mostBytesEach;

  /** By the very object, and for no longer than it is kept. */
  private final Cache<PlanCache.Translated, Kept> results;

  private record Kept(
      List<ResultColumn> columns, byte[] arrowSchema, List<ResultStream.Batch> batches, int bytes) {
    /** Rows as if they had been computed. */
    ResultStream rows() {
      Iterator<ResultStream.Batch> rest = batches.iterator();
      return new ResultStream() {
        @Override
        public List<ResultColumn> columns() {
          return columns;
        }

        @Override
        public byte[] arrowSchema() {
          return arrowSchema.clone();
        }

        @Override
        public Optional<Batch> next() {
          return rest.hasNext() ? Optional.of(rest.next()) : Optional.empty();
        }

        @Override
        public String executor() {
          return "native";
        }

        @Override
        public Profile profile() {
          return new Profile(true, "", NOTHING_READ, 0, 0, 0, List.of());
        }

        @Override
        public void close() {}
      };
    }
  }

  /**
   * @param mostBytes of all results together; 0 to keep none
   */
  ResultCache(long mostBytes) {
    this.mostBytesEach = mostBytes / SHARE;
    this.results =
        Caffeine.newBuilder()
            .weakKeys()
            .maximumWeight(mostBytes)
            .weigher((PlanCache.Translated plan, Kept kept) -> ENTRY_BYTES + kept.bytes())
            .build();
  }

  /** The rows that the translation gave, if it was read to its end and they were few. */
  Optional<ResultStream> get(PlanCache.Translated plan) {
    return Optional.ofNullable(results.getIfPresent(plan)).map(Kept::rows);
  }

  /**
   * The same rows, which are kept once they have been read to the end. What reads no table is as
   * quickly computed as found.
   */
  ResultStream keeping(PlanCache.Translated plan, ResultStream rows) {
    return plan.repeatable() && !plan.tables().isEmpty() ? new Keeping(plan, rows) : rows;
  }

  void clear() {
    results.invalidateAll();
  }

  private final class Keeping implements ResultStream {
    private final PlanCache.Translated plan;
    private final ResultStream rows;
    private List<Batch> batches = new ArrayList<>();
    private long bytes;

    Keeping(PlanCache.Translated plan, ResultStream rows) {
      this.plan = plan;
      this.rows = rows;
    }

    @Override
    public Optional<Batch> next() {
      Optional<Batch> batch = rows.next();
      if (batches == null) {
        return batch;
      }
      if (batch.isEmpty()) {
        results.put(plan, new Kept(columns(), arrowSchema(), List.copyOf(batches), (int) bytes));
        batches = null;
      } else {
        bytes += batch.get().message().length;
        batches.add(batch.get());
        if (bytes > mostBytesEach) {
          batches = null;
        }
      }
      return batch;
    }

    @Override
    public List<ResultColumn> columns() {
      return rows.columns();
    }

    @Override
    public byte[] arrowSchema() {
      return rows.arrowSchema();
    }

    @Override
    public Duration planning() {
      return rows.planning();
    }

    @Override
    public String executor() {
      return rows.executor();
    }

    @Override
    public Profile profile() {
      return rows.profile();
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
