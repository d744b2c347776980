package dev.tarn.serve.results;

/**
 * One file of a spooled result.
 *
 * @param rowOffset rows in the chunks before
 * @param byteCount size as it travels, compressed if the result is
 */
public record Chunk(int index, long rowOffset, long rowCount, long byteCount) {}
