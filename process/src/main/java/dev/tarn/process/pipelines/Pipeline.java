package dev.tarn.process.pipelines;

/**
 * A pipeline as it is kept.
 *
 * @param creator who made it; its updates run with this principal's grants
 * @param createdAt milliseconds
 */
record Pipeline(String id, PipelineSpec spec, String creator, long createdAt) {}
