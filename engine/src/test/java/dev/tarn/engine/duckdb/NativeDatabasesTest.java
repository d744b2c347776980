package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.snapshot.SnapshotTables;
import dev.tarn.engine.sql.ComputeShare;
import dev.tarn.store.delta.DeltaSnapshots;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What warehouses take of the machine, on one of four processors and 1 GiB. */
class NativeDatabasesTest {
  private static final ComputeShare SMALL = new ComputeShare("small", 4, 8);
  private static final ComputeShare OTHER = new ComputeShare("other", 4, 8);
  private static final ComputeShare LARGE = new ComputeShare("large", 4, 64);
  private static final ComputeShare TINY = new ComputeShare("tiny", 1, 2);

  @TempDir Path folder;
  private NativeDatabases databases;

  @BeforeEach
  void open() {
    databases =
        new NativeDatabases(4, folder, 1L << 30, new SnapshotTables(new DeltaSnapshots(Map.of())));
  }

  @AfterEach
  void close() {
    databases.close();
  }

  private static String ask(NativeDatabases.Stay stay, String sql) throws SQLException {
    try (LentConnection connection = stay.database().duck().connect("UTC");
        Statement statement = connection.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static String memory(NativeDatabases.Stay stay) throws SQLException {
    return ask(stay, "SELECT current_setting('memory_limit')");
  }

  private static String threads(NativeDatabases.Stay stay) throws SQLException {
    return ask(stay, "SELECT current_setting('threads')");
  }

  @Test
  void aSizeIsAShareOfMemoryAndProcessors() throws Exception {
    try (NativeDatabases.Stay tiny = databases.enter(TINY)) {
      assertThat(memory(tiny)).isEqualTo("256.0 MiB");
      assertThat(threads(tiny)).isEqualTo("1");
    }
    databases.release();
    try (NativeDatabases.Stay small = databases.enter(SMALL)) {
      assertThat(memory(small)).isEqualTo("1.0 GiB");
      assertThat(threads(small)).isEqualTo("4");
    }
  }

  @Test
  void thoseThatWorkDivideTheMemory() throws Exception {
    try (NativeDatabases.Stay small = databases.enter(SMALL)) {
      assertThat(memory(small)).isEqualTo("1.0 GiB");
      try (NativeDatabases.Stay large = databases.enter(LARGE);
          NativeDatabases.Stay more = databases.enter(LARGE)) {
        assertThat(more.database()).isSameAs(large.database());
        assertThat(memory(small)).isEqualTo("512.0 MiB");
        assertThat(memory(large)).isEqualTo("512.0 MiB");
      }
      databases.release("large");
      try (NativeDatabases.Stay again = databases.enter(SMALL)) {
        assertThat(memory(again)).isEqualTo("1.0 GiB");
      }
    }
  }

  @Test
  void whatIsHeldIsNotTakenAndNotGivenTwice() throws Exception {
    try (NativeDatabases.Stay small = databases.enter(SMALL);
        LentConnection holding = small.database().duck().connect("UTC");
        Statement hold = holding.connection().createStatement()) {
      // Neither can this be spilled while it is read.
      hold.execute("SET temp_directory = ''");
      hold.execute(
          "CREATE TABLE held AS SELECT hash(i) AS a, hash(i + 1) AS b FROM range(45000000) t(i)");
      try (NativeDatabases.Stay other = databases.enter(OTHER)) {
        assertThat(memory(small)).isEqualTo("1.0 GiB");
        assertThat(memory(other)).isEqualTo("64.0 MiB");
        hold.execute("DROP TABLE held");
        databases.enter(OTHER).close();
        assertThat(memory(small)).isEqualTo("512.0 MiB");
        assertThat(memory(other)).isEqualTo("512.0 MiB");
      }
    }
  }

  @Test
  void whatExhaustsItsMemoryFailsAlone() throws Exception {
    try (NativeDatabases.Stay tiny = databases.enter(TINY);
        NativeDatabases.Stay small = databases.enter(SMALL)) {
      assertThatThrownBy(
              () -> ask(tiny, "CREATE TABLE l AS SELECT list(hash(i)) FROM range(100000000) t(i)"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("Out of Memory");
      assertThat(ask(tiny, "SELECT count(*) FROM range(1000000)")).isEqualTo("1000000");
      assertThat(ask(small, "SELECT count(*) FROM range(1000000)")).isEqualTo("1000000");
    }
  }

  @Test
  void closesOnceItsStatementsHaveEnded() throws Exception {
    NativeDatabases.Stay begun = databases.enter(SMALL);
    ask(begun, "SELECT 1");
    databases.release("small");
    assertThat(ask(begun, "SELECT 2")).isEqualTo("2");
    try (NativeDatabases.Stay next = databases.enter(SMALL)) {
      assertThat(next.database()).isNotSameAs(begun.database());
      assertThat(databases.count()).isEqualTo(2);
      begun.close();
      begun.close();
      assertThat(databases.count()).isEqualTo(1);
      assertThatThrownBy(() -> ask(begun, "SELECT 3")).isInstanceOf(SQLException.class);
    }
    databases.release();
    assertThat(databases.count()).isZero();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void sendsNobodyToOneThatWasGivenUp() {
    try (NativeDatabases.Stay stubborn = databases.enter(SMALL)) {
      stubborn.giveUp();
      stubborn.giveUp();
      try (NativeDatabases.Stay next = databases.enter(SMALL)) {
        assertThat(next.database()).isNotSameAs(stubborn.database());
      }
    }
    assertThat(databases.count()).isEqualTo(1);
  }

  @Test
  void emptiesItsFolderFirst() throws Exception {
    Files.createDirectories(folder.resolve("7"));
    Files.writeString(folder.resolve("7").resolve("block.tmp"), "left");
    try (NativeDatabases.Stay stay = databases.enter(SMALL)) {
      assertThat(stay.database().spillFolder().getParent()).isEqualTo(folder);
      assertThat(folder.resolve("7")).doesNotExist();
    }
  }
}
