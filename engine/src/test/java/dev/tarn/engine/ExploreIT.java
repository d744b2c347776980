package dev.tarn.engine;

import java.nio.file.*;
import java.util.*;
import org.junit.jupiter.api.Test;

class ExploreIT {
  @Test
  void explore() throws Exception {
    EngineUnderTest tarn = EngineUnderTest.get();
    try (var session = tarn.session(EngineUnderTest.ADMIN)) {
      for (String sql : Files.readString(Path.of("/tmp/types-x/explore.sql")).split("\n;;\n")) {
        if (sql.isBlank()) continue;
        System.out.println("SQL> " + sql);
        try {
          var r = session.execute(UUID.randomUUID().toString(), sql, List.of());
          System.out.println(
              "COLS " + r.columns().stream().map(c -> c.name() + " " + c.typeText()).toList());
          var rows = EngineUnderTest.rows(r);
          for (String row : rows.subList(0, Math.min(rows.size(), 6)))
            System.out.println("ROW " + (row.length() > 300 ? row.substring(0, 300) : row));
          System.out.println("OK " + rows.size());
        } catch (Throwable e) {
          System.out.println("ERR " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
      }
    }
  }
}
