package dev.tarn.engine.spark;

import dev.tarn.engine.statement.SqlCaches;
import org.apache.spark.SparkEnv;
import org.apache.spark.memory.MemoryMode;
import org.apache.spark.sql.catalyst.parser.AbstractParser$;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.storage.memory.MemoryStore;
import scala.Option;

/**
 * What the heap holds only so that the next statement is faster: blocks that Spark keeps (of cached
 * tables, broadcasts, states of Delta tables), which go to the disk, and what parsers have learnt.
 */
final class SpareMemory {
  private static final long LEAST_BLOCKS = 1 << 20;

  private SpareMemory() {}

  /** About how many bytes {@link #free} could free. */
  static long bytes() {
    SparkEnv spark = SparkEnv.get();
    long blocks = spark == null ? 0 : spark.memoryManager().onHeapStorageMemoryUsed();
    return blocks
        + AbstractParser$.MODULE$.getDFACacheNumStates()
            * AbstractParser$.MODULE$.BYTES_PER_DFA_STATE();
  }

  /** Frees as many bytes, or what there is. */
  static void free(long bytes) {
    AbstractParser$.MODULE$.clearParserCaches(new SqlBaseParser(null));
    SqlCaches.clear();
    SparkEnv spark = SparkEnv.get();
    if (spark == null) {
      return;
    }
    MemoryStore blocks = spark.blockManager().memoryStore();
    // Spark evicts all that it is asked for or nothing: blocks that are being read stay.
    long asked = Math.min(bytes, spark.memoryManager().onHeapStorageMemoryUsed());
    while (asked >= LEAST_BLOCKS
        && blocks.evictBlocksToFreeSpace(Option.empty(), asked, MemoryMode.ON_HEAP) == 0) {
      asked /= 2;
    }
  }
}
