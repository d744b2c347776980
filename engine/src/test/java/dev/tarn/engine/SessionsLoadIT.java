package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Sixty-four sessions at once, each with a state of its own that none of the others may see. */
class SessionsLoadIT {
  private static final int SESSIONS = 64;
  private static final int STEPS = 4;
  private static final List<String> ZONES =
      List.of("UTC", "Asia/Tokyo", "America/New_York", "Europe/Berlin");

  private final EngineUnderTest tarn = EngineUnderTest.get();

  @Test
  void nothingLeaksBetweenSessions() throws Exception {
    long seed = Long.getLong("tarn.seed", 1);
    Random random = new Random(seed);
    for (int c = 0; c < 4; c++) {
      tarn.sql("CREATE CATALOG IF NOT EXISTS load" + c);
      for (int s = 0; s < 2; s++) {
        tarn.sql("CREATE SCHEMA IF NOT EXISTS load" + c + ".s" + s);
      }
    }
    ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
    try {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        all.add(threads.submit(new Client(i, new Random(random.nextLong()))));
      }
      for (int i = 0; i < SESSIONS; i++) {
        try {
          all.get(i).get();
        } catch (Exception e) {
          throw new AssertionError("session " + i + ", seed " + seed, e);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private final class Client implements Callable<Void> {
    private final int me;
    private final Random random;
    private String catalog;
    private String schema;
    private String zone;
    private int value;

    Client(int me, Random random) {
      this.me = me;
      this.random = random;
      this.catalog = "load" + random.nextInt(4);
      this.schema = "s" + random.nextInt(2);
      this.zone = ZONES.get(random.nextInt(ZONES.size()));
    }

    @Override
    public Void call() {
      SessionDefaults defaults =
          new SessionDefaults(
              Optional.of(catalog),
              Optional.of(schema),
              Map.of("spark.sql.session.timeZone", zone));
      try (SqlSession session = tarn.engine.openSession(EngineUnderTest.ADMIN, defaults)) {
        value = me;
        run(session, "CREATE TEMP VIEW mine AS SELECT " + me + " AS v");
        run(session, "DECLARE VARIABLE who INT DEFAULT " + me);
        for (int step = 0; step < STEPS; step++) {
          change(session);
          assertThat(
                  run(
                      session,
                      "SELECT current_catalog(), current_schema(), current_timezone(), who, v"
                          + " FROM mine"))
              .containsExactly(
                  String.join("|", catalog, schema, zone, "" + me, Integer.toString(value)));
          assertThat(run(session, "SHOW VIEWS")).hasSize(1);
        }
      }
      return null;
    }

    private void change(SqlSession session) {
      switch (random.nextInt(4)) {
        case 0 -> {
          catalog = "load" + random.nextInt(4);
          schema = "s" + random.nextInt(2);
          run(session, "USE " + catalog + "." + schema);
        }
        case 1 -> {
          zone = ZONES.get(random.nextInt(ZONES.size()));
          run(session, "SET spark.sql.session.timeZone = " + zone);
        }
        case 2 -> {
          value = me + 1000 * random.nextInt(9);
          run(session, "CREATE OR REPLACE TEMP VIEW mine AS SELECT " + value + " AS v");
        }
        default -> run(session, "SELECT count(*) FROM range(1000)");
      }
    }

    private List<String> run(SqlSession session, String sql) {
      return EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
    }
  }
}
