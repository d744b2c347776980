package dev.tarn.serve.warehouses;

import com.fasterxml.jackson.databind.JsonNode;

/** Body of a request to create or edit a warehouse; what is null takes the default or stays. */
public record WarehouseChange(
    String name,
    String clusterSize,
    Integer minNumClusters,
    Integer maxNumClusters,
    Integer autoStopMins,
    JsonNode tags,
    JsonNode channel,
    String spotInstancePolicy,
    Boolean enablePhoton,
    Boolean enableServerlessCompute,
    String warehouseType,
    String instanceProfileArn) {}
