package dev.tarn.engine;

import java.lang.management.ManagementFactory;

/**
 * Settings of the section {@code engine}.
 *
 * @param sparkMaster where Spark runs its tasks; {@code local[*]} is this JVM with all its cores
 * @param sqlShufflePartitions partitions after a shuffle; the number of cores by default
 * @param nativeMemoryMb memory that all native queries together take before they spill to disk; by
 *     default half of what the machine has beside this JVM's heap
 * @param resultCacheMb heap that the results of queries may take that are kept to answer the same
 *     query again; 32 by default, 0 to keep none
 * @param fileCacheMb disk that copies of remote files may take; 10 240 by default
 */
public record EngineConfig(
    String sparkMaster,
    Integer sqlShufflePartitions,
    Long nativeMemoryMb,
    Integer resultCacheMb,
    Integer fileCacheMb) {
  private static final int RESULT_CACHE_MB = 32;
  private static final int FILE_CACHE_MB = 10_240;
  private static final long LEAST_MB = 512;
  private static final int MEGABYTE = 1 << 20;

  public EngineConfig {
    sparkMaster = sparkMaster == null ? "local[*]" : sparkMaster;
    sqlShufflePartitions =
        sqlShufflePartitions == null
            ? Integer.valueOf(Math.max(2, Runtime.getRuntime().availableProcessors()))
            : sqlShufflePartitions;
    nativeMemoryMb = nativeMemoryMb == null ? Long.valueOf(defaultMemoryMb()) : nativeMemoryMb;
    resultCacheMb = resultCacheMb == null ? Integer.valueOf(RESULT_CACHE_MB) : resultCacheMb;
    fileCacheMb = fileCacheMb == null ? Integer.valueOf(FILE_CACHE_MB) : fileCacheMb;
  }

  private static long defaultMemoryMb() {
    long machine =
        ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getTotalMemorySize();
    return Math.max(LEAST_MB, (machine - Runtime.getRuntime().maxMemory()) / 2 / MEGABYTE);
  }

  public long nativeMemoryBytes() {
    return nativeMemoryMb * MEGABYTE;
  }

  public long fileCacheBytes() {
    return (long) fileCacheMb * MEGABYTE;
  }

  public long resultCacheBytes() {
    return (long) resultCacheMb * MEGABYTE;
  }
}
