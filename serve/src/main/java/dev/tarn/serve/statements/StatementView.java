package dev.tarn.serve.statements;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.serve.results.SpooledResult;

/**
 * A statement at one moment.
 *
 * @param failure why it FAILED; null in every other state
 * @param result its whole result; null unless it SUCCEEDED
 */
public record StatementView(
    String id, StatementState state, TarnException failure, SpooledResult result) {}
