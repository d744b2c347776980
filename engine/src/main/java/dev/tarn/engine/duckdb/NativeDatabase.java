package dev.tarn.engine.duckdb;

import dev.tarn.engine.evaluation.SparkFunctions;
import dev.tarn.engine.snapshot.SnapshotTables;
import dev.tarn.engine.sql.ComputeShare;
import java.nio.file.Path;

/** A database of DuckDB with what only it knows, and so what only its statements can share. */
final class NativeDatabase {
  private final ComputeShare share;
  private final Path spillFolder;
  private final DuckDatabase database;
  private final DeletedRows deletedRows;
  private final SparkFunctions functions;
  private final PlanCache plans;
  private int statements;
  private boolean retired;
  private long usedNanos = System.nanoTime();

  NativeDatabase(
      ComputeShare share, Path spillFolder, long memoryBytes, int threads, SnapshotTables tables) {
    this.share = share;
    this.spillFolder = spillFolder;
    this.database = new DuckDatabase(spillFolder, memoryBytes, threads);
    this.deletedRows = new DeletedRows(database);
    this.functions = new SparkFunctions(database::connect, database::stopped);
    this.plans = new PlanCache(tables);
  }

  ComputeShare share() {
    return share;
  }

  Path spillFolder() {
    return spillFolder;
  }

  DuckDatabase duck() {
    return database;
  }

  DeletedRows deletedRows() {
    return deletedRows;
  }

  SparkFunctions functions() {
    return functions;
  }

  PlanCache plans() {
    return plans;
  }

  synchronized void enter() {
    statements++;
    usedNanos = System.nanoTime();
  }

  /** Whether nobody needs it any longer. */
  synchronized boolean leave() {
    statements--;
    usedNanos = System.nanoTime();
    return retired && statements == 0;
  }

  /** Whether nobody needs it any longer, now that no new statement comes. */
  synchronized boolean retire() {
    boolean first = !retired;
    retired = true;
    return first && statements == 0;
  }

  /**
   * @param nanos how long ago is lately
   */
  synchronized boolean usedLately(long nanos) {
    return statements > 0 || System.nanoTime() - usedNanos < nanos;
  }
}
