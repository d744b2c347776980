package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.ComputeShare;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.spark.sql.util.ArrowUtils;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever becomes of a native statement, it leaves nothing behind in its database. */
class NothingLeftIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static final ComputeShare SHARE = new ComputeShare("left", 2, 2);

  /** More than its database may hold in memory. */
  private static final String SPILLS =
      "SELECT max(r) FROM (SELECT row_number() OVER (ORDER BY id * 7919 % 200000033, id) AS r FROM"
          + " range(200000000))";

  private NativeDatabases.Stay looking;
  private long arrowBytes;

  @BeforeEach
  void look() {
    looking = TARN.engine.natively().opened().enter(SHARE);
    arrowBytes = ArrowUtils.rootAllocator().getAllocatedMemory();
  }

  @AfterEach
  void nothingIsLeft() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(TARN.runningNatively()).isZero();
              assertThat(TARN.engine.natively().openLeases()).isZero();
              assertThat(ArrowUtils.rootAllocator().getAllocatedMemory()).isEqualTo(arrowBytes);
              assertThat(spilled()).isEmpty();
              // The one that the database is held by, and the one that asks.
              assertThat(ask("SELECT count FROM duckdb_connection_count()")).isEqualTo(2);
              assertThat(ask("SELECT count(*) FROM duckdb_tables()")).isZero();
              assertThat(ask("SELECT count(*) FROM duckdb_views() WHERE NOT internal")).isZero();
            });
    looking.close();
    TARN.engine.rest(SHARE.pool());
    assertThat(looking.database().spillFolder()).doesNotExist();
  }

  private long ask(String sql) throws SQLException {
    try (DuckDBConnection connection = looking.database().duck().connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }

  private List<Path> spilled() {
    try (Stream<Path> all = Files.walk(looking.database().spillFolder())) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith("_owner"))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static SqlSession session() {
    return TARN.engine.openSession(
        EngineUnderTest.ADMIN,
        new SessionDefaults(Optional.empty(), Optional.empty(), Map.of("tarn.executor", "native")),
        SHARE);
  }

  private static ResultStream execute(SqlSession session, String sql) {
    return session.execute(UUID.randomUUID().toString(), sql, List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT CAST(concat('x', id) AS INT) FROM range(10)",
        "SELECT 1 / (id - 5) FROM range(10)",
        "SELECT CAST(id + 2147483640 AS INT) FROM range(10)",
        "SELECT rand() FROM range(10)",
        "SELECT * FROM main.left.nowhere",
        "SELECT no_such_function(id) FROM range(10)",
        "SELECT (SELECT id FROM range(2))",
        "SELEKT 1",
        // More than its warehouse has, and nothing that could be spilled.
        "SELECT size(collect_list(id)) FROM range(300000000)"
      })
  void ofWhatFails(String sql) {
    try (SqlSession session = session()) {
      assertThatThrownBy(() -> execute(session, sql)).isInstanceOf(TarnException.class);
    }
  }

  @Test
  void ofWhatFailsAfterItsFirstRows() {
    try (SqlSession session = session();
        ResultStream rows =
            execute(session, "SELECT id / (199999 - id), repeat('x', 1000) FROM range(200000)")) {
      assertThatThrownBy(
              () -> {
                while (rows.next().isPresent()) {}
              })
          .isInstanceOf(TarnException.class);
    }
  }

  @Test
  void ofWhatNobodyReadsToTheEnd() {
    try (SqlSession session = session();
        ResultStream rows = execute(session, "SELECT id FROM range(1000000000000)")) {
      assertThat(rows.next()).isPresent();
    }
  }

  @Test
  void ofWhatIsStoppedWhileItSpills() {
    try (SqlSession session = session()) {
      CompletableFuture<Void> running =
          CompletableFuture.runAsync(() -> session.execute("spills", SPILLS, List.of()).close());
      await().atMost(Duration.ofMinutes(2)).until(() -> !spilled().isEmpty() || running.isDone());
      assertThat(running).isNotDone();
      session.cancel("spills");
      assertThatThrownBy(running::join)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    }
  }

  @Test
  void ofWhatIsStoppedBetweenItsRows() {
    try (SqlSession session = session();
        ResultStream rows =
            session.execute("between", "SELECT id FROM range(1000000000000)", List.of())) {
      assertThat(rows.next()).isPresent();
      session.cancel("between");
      assertThatThrownBy(
              () -> {
                while (rows.next().isPresent()) {}
              })
          .isInstanceOfSatisfying(
              TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    }
  }

  @Test
  void ofWhatIsExplained() {
    try (SqlSession session = session()) {
      EngineUnderTest.rows(execute(session, "EXPLAIN SELECT id FROM range(10)"));
    }
  }
}
