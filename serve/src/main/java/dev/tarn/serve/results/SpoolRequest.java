package dev.tarn.serve.results;

import java.util.OptionalLong;

/**
 * How a result is to be kept.
 *
 * @param rowLimit most rows kept; the rest is cut off and the result says so
 * @param byteLimit most bytes kept, counted as Arrow
 * @param failBeyond refuse a result whose encoded size passes this many bytes
 * @param arrowTypes for format ARROW_STREAM: which types are Arrow's own, and which are text
 */
public record SpoolRequest(
    ResultFormat format,
    Compression compression,
    OptionalLong rowLimit,
    OptionalLong byteLimit,
    OptionalLong failBeyond,
    ArrowTypes arrowTypes) {}
