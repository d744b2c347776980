package dev.tarn.engine.sql;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One principal's session: current catalog and schema, settings, temporary views. Statements of one
 * session run one after another; {@link #cancel} may come from any thread.
 */
public interface SqlSession extends AutoCloseable {
  /**
   * Runs one statement and returns when its first rows can be read (a command has then happened).
   *
   * @param statementId the caller's id, which {@link #cancel} names; never used again
   * @throws dev.tarn.kernel.error.TarnException with an SQLSTATE, if the statement is wrong, not
   *     permitted, cancelled or fails
   */
  ResultStream execute(String statementId, String sql, List<Parameter> parameters);

  /**
   * How long a statement of this session may run, as its setting {@code statement_timeout} says.
   */
  default Optional<Duration> statementTimeout() {
    return Optional.empty();
  }

  /** How far a running statement is; empty if it does not run, or nobody can tell. */
  default Optional<Progress> progress(String statementId) {
    return Optional.empty();
  }

  /** Stops a running statement; its {@code execute} or {@code next} throws CANCELLED. */
  void cancel(String statementId);

  @Override
  void close();
}
