package dev.tarn.serve.statements;

/**
 * A statement as the API shows it.
 *
 * @param manifest only when SUCCEEDED
 * @param result the first chunk; only when SUCCEEDED
 */
public record StatementResponse(
    String statementId, StatementStatus status, ResultManifest manifest, ResultData result) {}
