package dev.tarn.govern.models;

/** A name for a version of a model that can move on to another. */
public record ModelAlias(String alias, int version) {}
