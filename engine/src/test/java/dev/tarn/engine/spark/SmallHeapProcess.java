package dev.tarn.engine.spark;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import java.io.PrintStream;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs each argument as a statement, one after another, while another session keeps working. */
public final class SmallHeapProcess {
  private SmallHeapProcess() {}

  public static void main(String[] statements) throws Exception {
    PrintStream out = System.out;
    EngineUnderTest tarn = EngineUnderTest.get();
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger worked = new AtomicInteger();
    Thread other =
        new Thread(
            () -> {
              try {
                while (!done.get()) {
                  List<String> rows =
                      tarn.sql("SELECT count(*), max(id % 7) FROM range(0, 10000, 1, 4)");
                  if (!rows.equals(List.of("10000|6"))) {
                    throw new IllegalStateException("wrong: " + rows);
                  }
                  worked.incrementAndGet();
                }
              } catch (Throwable e) {
                out.println("OTHER FAILED " + e);
              }
            });
    other.start();
    for (String sql : statements) {
      out.println(run(tarn, sql).replaceAll("\\s+", " "));
    }
    int before = worked.get();
    while (other.isAlive() && worked.get() < before + 3) {
      Thread.onSpinWait();
    }
    done.set(true);
    other.join();
    out.println("OTHER WORKED " + worked.get());
    Runtime.getRuntime().halt(0);
  }

  private static String run(EngineUnderTest tarn, String sql) {
    try (SqlSession session = tarn.session(EngineUnderTest.ADMIN);
        ResultStream rows = session.execute(UUID.randomUUID().toString(), sql, List.of())) {
      while (rows.next().isPresent()) {
        // Only whether it ends matters.
      }
      return "ENDED";
    } catch (TarnException e) {
      return e.code() + " " + e.sqlState().orElse("") + " " + e.getMessage();
    } catch (Throwable e) {
      return "UNEXPECTED " + e;
    }
  }
}
