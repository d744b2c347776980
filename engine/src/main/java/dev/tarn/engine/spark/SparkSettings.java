package dev.tarn.engine.spark;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Spark set up for one machine and one process; the reasons stand beside what is not obvious. */
final class SparkSettings {
  private SparkSettings() {}

  static Map<String, String> of(String master, int shufflePartitions, Path dataFolder) {
    Map<String, String> s = new TreeMap<>();
    boolean here = master.matches("local(\\[(\\*|\\d+)])?");
    s.put("spark.master", here ? SharedCluster.MASTER : master);
    // A statement that runs out of memory must not take the server with it.
    s.put("spark.executor.killOnFatalError.depth", "0");
    // Far below the mark at which HeapGuard stops statements: the server itself needs some too.
    s.put("spark.memory.fraction", "0.4");
    // ORDER BY … LIMIT keeps as many rows on the heap, uncounted; with more it is a sort, and
    // spills.
    s.put("spark.sql.execution.topKSortFallbackThreshold", "10000");
    if (here) {
      s.put("spark.plugins", TaskWatch.class.getName());
    }
    // Of results only a cluster's are collected; else this bounds what a broadcast collects.
    long heap = Runtime.getRuntime().maxMemory();
    s.put("spark.driver.maxResultSize", here ? Long.toString(heap / 4) : "0");
    s.put("spark.sql.maxBroadcastTableSize", Long.toString(heap / 8));
    s.put("spark.app.name", "tarn");
    s.put("spark.driver.bindAddress", "127.0.0.1");
    s.put("spark.driver.host", "127.0.0.1");
    s.put("spark.local.dir", dataFolder.resolve("tmp").resolve("spark").toString());
    s.put(
        "spark.sql.warehouse.dir",
        dataFolder.resolve("tmp").resolve("warehouse").toUri().toString());
    s.put("spark.scheduler.mode", "FAIR");

    s.put("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    s.put("spark.sql.defaultCatalog", "main");
    s.put("spark.sql.sources.default", "delta");
    s.put("spark.sql.ansi.enabled", "true");
    s.put("spark.sql.scripting.cursorEnabled", "true");
    s.put("spark.sql.scripting.continueHandlerEnabled", "true");
    // The columns of SHOW TABLES, SHOW SCHEMAS and DESCRIBE SCHEMA as Databricks names them.
    s.put("spark.sql.legacy.keepCommandOutputSchema", "true");
    s.put("spark.sql.session.timeZone", "UTC");
    // ${env:…} and ${system:…} in a statement would read the server's own environment.
    s.put("spark.sql.variable.substitute", "false");
    // Files are read through read_files, which checks the path.
    s.put("spark.sql.runSQLOnFiles", "false");

    // The defaults are for clusters: 50 tasks to read a table's log, 200 after each shuffle.
    s.put("spark.databricks.delta.snapshotPartitions", "2");
    s.put("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2");
    s.put("spark.sql.shuffle.partitions", Integer.toString(shufflePartitions));
    s.put("spark.default.parallelism", Integer.toString(shufflePartitions));
    s.put("spark.databricks.delta.stalenessLimit", "0");

    // Nobody looks at Spark's own web page; what it would remember is memory for data.
    s.put("spark.ui.enabled", "false");
    s.put("spark.ui.showConsoleProgress", "false");
    s.put("spark.ui.retainedJobs", "20");
    s.put("spark.ui.retainedStages", "20");
    s.put("spark.ui.retainedTasks", "100");
    s.put("spark.sql.ui.retainedExecutions", "10");
    s.put("spark.sql.streaming.ui.enabled", "false");
    s.put("spark.sql.streaming.numRecentProgressUpdates", "10");
    return s;
  }
}
