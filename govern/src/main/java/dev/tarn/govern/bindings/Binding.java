package dev.tarn.govern.bindings;

/**
 * A workspace that reaches an isolated securable.
 *
 * @param readOnly whether nothing can be changed from there
 */
public record Binding(long workspaceId, boolean readOnly) {}
