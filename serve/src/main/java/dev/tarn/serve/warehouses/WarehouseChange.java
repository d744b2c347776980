package dev.tarn.serve.warehouses;

/** Body of a request to create or edit a warehouse; what is null takes the default or stays. */
public record WarehouseChange(
    String name,
    String clusterSize,
    Integer minNumClusters,
    Integer maxNumClusters,
    Integer autoStopMins) {}
