package dev.tarn.serve.statements;

import dev.tarn.engine.sql.Parameter;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlEngine;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.serve.metadata.MetadataCommands;
import dev.tarn.serve.results.Results;
import dev.tarn.serve.results.SpooledResult;
import dev.tarn.serve.sessions.Session;
import dev.tarn.serve.warehouses.Warehouse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.BiFunction;

/** What a statement does when its turn has come: it runs, and its result is kept. */
final class StatementWork {
  private final SqlEngine engine;
  private final MetadataCommands metadata;
  private final Results results;
  private final BiFunction<Execution, Duration, Future<?>> limits;

  /**
   * @param limits stops a statement when its time is over
   */
  StatementWork(
      SqlEngine engine,
      MetadataCommands metadata,
      Results results,
      BiFunction<Execution, Duration, Future<?>> limits) {
    this.engine = engine;
    this.metadata = metadata;
    this.results = results;
    this.limits = limits;
  }

  SpooledResult run(
      Execution execution,
      Optional<Session> session,
      Warehouse warehouse,
      StatementChecks checked) {
    if (session.isPresent()) {
      return run(execution, session.get().sql(), checked);
    }
    ExecuteStatement request = execution.request();
    SessionDefaults defaults =
        new SessionDefaults(
            Optional.ofNullable(request.catalog()),
            Optional.ofNullable(request.schema()),
            Map.of());
    try (SqlSession own = engine.openSession(execution.principal(), defaults, warehouse.share())) {
      return run(execution, own, checked);
    }
  }

  private SpooledResult run(Execution execution, SqlSession session, StatementChecks checked) {
    String sql = checked.statement();
    execution.runsIn(session);
    if (execution.stopping()) {
      throw new TarnException(ErrorCode.CANCELLED, "57014", "The statement was cancelled.", null);
    }
    List<Parameter> parameters = checked.parameters();
    Optional<ResultStream> known = metadata.answer(execution.principal(), sql);
    Optional<Future<?>> alarm =
        session.statementTimeout().map(time -> limits.apply(execution, time));
    try {
      return spool(
          execution,
          known.isPresent() ? known.get() : session.execute(execution.id(), sql, parameters),
          checked);
    } finally {
      alarm.ifPresent(each -> each.cancel(false));
    }
  }

  SpooledResult spool(Execution execution, ResultStream rows, StatementChecks checked) {
    try (ResultStream stream = rows) {
      execution.phases().firstRows(stream.planning(), stream.executor());
      try {
        return results.spool(execution.id(), stream, checked.spool(), execution::stopping);
      } finally {
        execution.phases().ran(stream.profile());
      }
    }
  }
}
