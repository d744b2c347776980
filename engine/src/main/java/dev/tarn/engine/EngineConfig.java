package dev.tarn.engine;

/**
 * Settings of the section {@code engine}.
 *
 * @param sparkMaster where Spark runs its tasks; {@code local[*]} is this JVM with all its cores
 * @param sqlShufflePartitions partitions after a shuffle; the number of cores by default
 */
public record EngineConfig(String sparkMaster, Integer sqlShufflePartitions) {
  public EngineConfig {
    sparkMaster = sparkMaster == null ? "local[*]" : sparkMaster;
    sqlShufflePartitions =
        sqlShufflePartitions == null
            ? Integer.valueOf(Math.max(2, Runtime.getRuntime().availableProcessors()))
            : sqlShufflePartitions;
  }
}
