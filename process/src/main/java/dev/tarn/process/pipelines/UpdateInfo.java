package dev.tarn.process.pipelines;

import dev.tarn.process.updates.UpdateState;

/**
 * @param creationTime milliseconds
 */
public record UpdateInfo(
    String pipelineId,
    String updateId,
    UpdateState state,
    String cause,
    boolean fullRefresh,
    boolean validateOnly,
    long creationTime) {}
